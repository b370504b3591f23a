"""The one way in which a number is shown: with its interval, what it rests on, and how it stands to the ambition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from openxmo.office.ui.components.words import NARROW, number, signed

TOO_FEW, PRIVACY = "too_few", "privacy"
BOUNDS = {"points": (-100.0, 100.0), "%": (0.0, 100.0), "of 5": (1.0, 5.0), "of 7": (1.0, 7.0), "of 10": (0.0, 10.0)}
MOST_DIGITS = {"points": 1, "%": 1}
MARGIN = 0.18  # of what is shown on a scale, on either side
WIDE, LARGE = 0.5, 150.0  # half an interval, and a value, that need no decimals
ODDS = ((50.0, 0), (0.2, 1), (0.02, 2))  # half the interval, and the digits that it leaves meaning to


@dataclass(frozen=True)
class Judgement:
    """`tone` is better, worse or close; `sign` and `words` say it without colour."""

    tone: str
    sign: str
    words: str


@dataclass(frozen=True)
class Scale:
    """Places from 0 to 100 along the scale, and the numbers at its two ends."""

    start: str
    end: str
    value: float
    low: float | None
    width: float | None
    ambition: float | None


@dataclass(frozen=True)
class Change:
    """How far it moved, and whether that is more than chance."""

    words: str
    real: bool | None
    tone: str
    sign: str
    since: str


def read_cell(cell: Any) -> dict[str, Any]:
    """A row of a score's document, or of a gap's (`delivered` stands for `value`)."""
    if not isinstance(cell, Mapping):
        return {}
    return {**cell, "value": cell["value"] if "value" in cell else cell.get("delivered")}


def digits_of(cell: Mapping[str, Any], unit: str) -> int:
    """As many as the interval leaves meaning to: 39.8 of 36 to 43, never 39.8412."""
    low, high = cell.get("low"), cell.get("high")
    if low is None or high is None:
        return 1
    half = abs(high - low) / 2
    if half >= WIDE and max(abs(low), abs(high)) >= LARGE:
        return 0
    digits = next((digits for least, digits in ODDS if half >= least), 3)
    return min(digits, MOST_DIGITS.get(unit, 3))


def why_not(cell: Mapping[str, Any]) -> tuple[str, str] | None:
    """The headline and the reason where no value is shown."""
    reason, n = cell.get("suppressed"), cell.get("n")
    if reason == TOO_FEW:
        least = cell.get("min_n")
        rest = gettext("%(n)s heard") % {"n": number(n or 0, 0)}
        if least:
            rest = gettext("%(n)s heard, %(least)s needed") % {"n": number(n or 0, 0), "least": number(least, 0)}
        return gettext("Too few to say"), rest
    if reason == PRIVACY:
        return gettext("Not shown"), gettext("to protect the people in this group")
    if reason:
        return gettext("Not shown"), str(reason).replace("_", " ")
    if cell.get("value") is None:
        return gettext("Nothing heard"), gettext("no signals for this cut and period")
    return None


def judge(cell: Mapping[str, Any], ambition: float | None, better: str) -> Judgement | None:
    """Only an interval clear of the ambition is better or worse; all else is too close to call."""
    if ambition is None or cell.get("value") is None:
        return None
    low, high = cell.get("low"), cell.get("high")
    if better == "lower":
        low, high, ambition = _negative(high), _negative(low), -ambition
    if low is not None and low >= ambition:
        return Judgement("better", "▲", gettext("meets the ambition"))
    if high is not None and high < ambition:
        return Judgement("worse", "▼", gettext("below the ambition"))
    return Judgement("close", "≈", gettext("too close to call"))


def reach_of(cells: Iterable[Any]) -> tuple[float, float] | None:
    """From the lowest to the highest that several cells tell: on one scale they can be compared by eye."""
    shown = [known for cell in cells if why_not(known := read_cell(cell)) is None]
    ends = [float(cell[name]) for cell in shown for name in ("value", "low", "high") if cell.get(name) is not None]
    return (min(ends), max(ends)) if ends else None


def lay_out(
    cell: Mapping[str, Any], ambition: float | None, unit: str, digits: int, within: tuple[float, float] | None = None
) -> Scale | None:
    """A scale that holds the value, its interval, the ambition and what it is compared with, as the unit allows."""
    value = cell.get("value")
    if value is None:
        return None
    held = (value, cell.get("low"), cell.get("high"), ambition, *(within or ()))
    known = [float(each) for each in held if each is not None]
    least, most = min(known), max(known)
    reach = (most - least) or abs(least) or 1.0
    floor, ceiling = BOUNDS.get(unit, (0.0 if least >= 0 else float("-inf"), float("inf")))
    start, end = max(least - reach * MARGIN, min(floor, least)), min(most + reach * MARGIN, max(ceiling, most))
    if end <= start:
        end = start + 1.0

    def place(at: Any) -> float | None:
        return None if at is None else round((float(at) - start) / (end - start) * 100, 2)

    low, high = place(cell.get("low")), place(cell.get("high"))
    return Scale(
        start=number(start, digits),
        end=number(end, digits),
        value=place(value) or 0.0,
        low=low,
        width=None if low is None or high is None else round(max(high - low, 0.6), 2),
        ambition=place(ambition),
    )


def read_change(change: Any, better: str, digits: int) -> Change | None:
    """`change` is a number, or the change of an explanation (`value low high`); `real` settles what is left open."""
    if change is None:
        return None
    known = change if isinstance(change, Mapping) else {"value": None if change == "" else change}
    value, low, high = (known.get(name) for name in ("value", "low", "high"))
    if value is None:
        return None
    real = known.get("real")
    if real is None and low is not None and high is not None:
        real = low > 0 or high < 0
    good = (value > 0) == (better != "lower")
    tone = ("better" if good else "worse") if real and value else "quiet"
    sign = "" if not value else "↑" if value > 0 else "↓"
    return Change(signed(value, digits), real, tone, sign, str(known.get("since") or ""))


def notes_of(cell: Mapping[str, Any], weighting: str, digits: int) -> list[str]:
    """What stands behind the number: method, weighting, what was left out, the smallest change it could show."""
    said = []
    if cell.get("method"):
        said.append(gettext("95%% interval: %s") % cell["method"])
    n, effective = cell.get("n"), cell.get("effective_n")
    if weighting:
        said.append(gettext("Weighted: %s") % weighting)
    elif n and effective is not None and effective < 0.995 * n:
        said.append(gettext("Weighted: counts as %s") % number(effective, 0))
    else:
        said.append(gettext("Not weighted"))
    said.append(_excluded(cell.get("excluded")))
    if cell.get("detectable") is not None:
        said.append(gettext("Smallest change it could show: %s") % number(cell["detectable"], digits))
    return said


def build(
    cell: Any,
    *,
    unit: str = "",
    label: str = "",
    ambition: Any = None,
    better: str = "higher",
    change: Any = None,
    behind: str | None = None,
    weighting: str = "",
    compact: bool = False,
    within: Any = None,
) -> dict[str, Any]:
    """What the template shows. An empty word, which is what a template has for nothing, is nothing."""
    known = read_cell(cell)
    ambition = None if ambition in (None, "") else float(ambition)
    digits = digits_of(known, unit)
    hidden = why_not(known)
    low, high = known.get("low"), known.get("high")
    return {
        "label": label,
        "unit": unit,
        "compact": compact,
        "behind": behind,
        "hidden": hidden,
        "value": None if hidden else number(known["value"], digits),
        "interval": None
        if low is None or high is None
        else gettext("%(low)s to %(high)s") % {"low": number(low, digits), "high": number(high, digits)},
        "n": None if known.get("n") is None else number(known["n"], 0),
        "ambition": None if ambition is None else number(ambition, 0 if ambition.is_integer() else digits),
        "judgement": None if hidden else judge(known, ambition, better),
        "scale": None if hidden else lay_out(known, ambition, unit, digits, within or None),
        "change": None if hidden else read_change(change, better, digits),
        "notes": [] if hidden else notes_of(known, weighting, digits),
        "glue": NARROW if unit == "%" else " ",
    }


def _excluded(excluded: Any) -> str:
    if isinstance(excluded, Mapping):
        parts = [f"{number(each, 0)} {str(why).replace('_', ' ')}" for why, each in excluded.items() if each]
        if not parts:
            return gettext("Nothing left out")
        return gettext("Left out: %s") % ", ".join(parts)
    if not excluded:
        return gettext("Nothing left out")
    return ngettext("%s left out", "%s left out", int(excluded)) % number(int(excluded), 0)


def _negative(value: float | None) -> float | None:
    return None if value is None else -value
