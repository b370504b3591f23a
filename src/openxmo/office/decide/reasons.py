"""Why an item stands where it stands: each framework's sum with its numbers, and who estimated what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from openxmo.core.decide.appraisal import FRAMEWORKS
from openxmo.core.decide.items import to_range
from openxmo.core.decide.money import Range
from openxmo.core.decide.quantities import NEEDED, missing
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.decide import asking, board
from openxmo.office.decide.answers import how_sure, listed
from openxmo.office.decide.models import Actual, Estimate, Evidence
from openxmo.office.decide.queries import Entry, newest_estimates
from openxmo.office.lib.things import Thing, find_thing
from openxmo.office.ui.components.words import day, number, percent, signed
from openxmo.questions.feelings import Feeling

NEEDS = {"signal": Right.READ_ANSWERS, "response": Right.READ_ANSWERS, "case": Right.READ_CASES}
KINDS = {"signal": "Signal", "case": "Case", "finding": "Finding", "noticed": "Noticed", "note": "Note", "item": "Idea"}


@dataclass(frozen=True)
class Spoken:
    """One piece of evidence as its page shows it; without the right to open it, only what kind of thing it is."""

    row: Evidence
    what: str
    label: str
    address: str
    state: str


def evidence_of(entry: Entry, access: Access) -> list[Spoken]:
    return [_spoken(row, access) for row in entry.evidence]


def _spoken(row: Evidence, access: Access) -> Spoken:
    kind, _, key = row.thing.partition(":")
    needed = NEEDS.get(kind)
    thing: Thing | None = None
    if needed is None or access.has(needed):
        thing = find_thing(row.thing, access)
    if thing is None or thing.hidden:
        known = KINDS.get(kind)
        plain = "" if known and needed else key if known else row.thing
        return Spoken(row, str(known or ""), plain, "", "")
    return Spoken(row, thing.what, thing.label, thing.address, thing.state)


@dataclass(frozen=True)
class Reason:
    """One framework's place of an item among `total`, the `sum` it comes from, what it `lacks` if it has none."""

    framework: str
    name: Any
    asks: Any
    place: board.Place
    total: int
    sum: str
    sure: str
    lacks: tuple[str, ...]


def reasons_of(entry: Entry, row: board.Row, document: Mapping[str, Any]) -> list[Reason]:
    found = next((each for each in document["items"] if each["key"] == entry.item.key), None)
    totals: dict[str, int] = {name: sum(1 for each in document["items"] if each[name]) for name in FRAMEWORKS}
    return [
        Reason(
            framework=place.framework,
            name=board.NAMES[place.framework],
            asks=board.ASKS[place.framework],
            place=place,
            total=totals[place.framework],
            sum=sum_of(place.framework, entry, found),
            sure=how_sure(place.leads),
            lacks=lacking(place.framework, entry),
        )
        for place in row.places
    ]


def lacking(framework: str, entry: Entry) -> tuple[str, ...]:
    """What nobody has estimated yet and this framework needs."""
    if framework == "kano":
        return () if entry.kano else (gettext("answers to Kano's two questions"),)
    asker = next(name for name in NEEDED if name == framework)
    return tuple(asking.label_of(key) for key in missing(asker, entry.ranges))


def sum_of(framework: str, entry: Entry, found: Mapping[str, Any] | None) -> str:
    item = entry.core()
    if found is None or not found[framework]:
        return ""
    if framework == "wsjf" and item.wsjf:
        value, time, risk, size = (
            _n(to_range(amount).likely) for amount in (item.wsjf.value, item.wsjf.time, item.wsjf.risk, item.wsjf.size)
        )
        return f"({value} + {time} + {risk}) / {size} = {number(found['wsjf']['score'], 1)}"
    if framework == "rice" and item.rice:
        held = (item.rice.reach, item.rice.impact, item.rice.confidence, item.rice.effort)
        reach, impact, sure, effort = (_n(to_range(amount).likely) for amount in held)
        return f"{reach} × {impact} × {sure} / {effort} = {number(found['rice']['score'], 0)}"
    return kano_sum(found["kano"], entry.felt) if framework == "kano" else money_sum(found["money"])


def kano_sum(found: Mapping[str, Any], felt: Feeling | None) -> str:
    """Of how many, how clearly, what it changes, and whether they were asked here or somebody entered the counts."""
    asked = sum(found["counts"].values())
    if not asked:
        return gettext("said to be %s, without answers counted") % board.CATEGORIES[found["category"]]
    first = ngettext(
        "%(count)s of %(asked)s call it %(what)s",
        "%(count)s of %(asked)s call it %(what)s",
        found["counts"][found["category"]],
    ) % {
        "count": number(found["counts"][found["category"]]),
        "asked": number(asked),
        "what": board.CATEGORIES[found["category"]],
    }
    clear = gettext("clearly") if found["clear"] else gettext("within chance of the next")
    moved = gettext("having it %(better)s, lacking it %(worse)s") % {
        "better": signed(found["better"], 2),
        "worse": signed(found["worse"], 2),
    }
    whence = (
        gettext("counted from answers heard here, the newest of %s") % day(felt.newest_at)
        if felt
        else gettext("counts that somebody entered")
    )
    return f"{first} ({clear}); {moved}; {whence}"


def money_sum(found: Mapping[str, Any]) -> str:
    """What stands beside the net present value, which is the score itself."""
    said = [gettext("%s chance that it pays") % percent(found["p_positive"])]
    if found["payback"] is not None:
        said.append(gettext("paid back in %s years") % number(found["payback"], 1))
    return "; ".join(said)


def _n(value: float) -> str:
    return number(int(value)) if float(value).is_integer() else number(value, 2)


# WHO ESTIMATED WHAT


@dataclass(frozen=True)
class Line:
    """One quantity: what each author thinks now, all of them as one range, and what it turned out to be."""

    key: str
    label: str
    unit: str
    pooled: str
    said: tuple[tuple[str, str, datetime, str], ...]  # author, range, when, note
    actual: str = ""


@dataclass(frozen=True)
class Part:
    framework: str
    name: Any
    lines: tuple[Line, ...]


def estimates_of(entry: Entry, rows: Iterable[Estimate], actuals: Iterable[Actual], currency: str) -> list[Part]:
    """The newest estimate of each author, quantity by quantity."""
    by_quantity: dict[str, list[Estimate]] = defaultdict(list)
    for row in newest_estimates(rows):
        by_quantity[row.quantity].append(row)
    turned_out = {actual.quantity: actual for actual in actuals}  # the newest comes last
    parts = []
    for framework in ("wsjf", "rice", "money"):
        keys = [key for key in _in_order(framework, by_quantity) if key in by_quantity]
        lines = tuple(_line(key, entry.ranges[key], by_quantity[key], turned_out.get(key), currency) for key in keys)
        if lines:
            parts.append(Part(framework, board.NAMES[framework], lines))
    return parts


def _in_order(framework: str, held: Iterable[str]) -> list[str]:
    years = max([asking.YEARS, *(int(key.rpartition(".")[2]) for key in held if key.rpartition(".")[2].isdigit())])
    return [question.key for question in asking.questions(framework, "", years)]


def _line(key: str, pooled: Range, rows: list[Estimate], actual: Actual | None, currency: str) -> Line:
    return Line(
        key=key,
        label=asking.label_of(key),
        unit=asking.unit_words(key, currency),
        pooled=range_words(pooled.low, pooled.likely, pooled.high),
        said=tuple(
            (row.made_by, range_words(row.low, row.likely, row.high), row.made_at, row.note)
            for row in sorted(rows, key=lambda row: row.made_by)
        ),
        actual=_n(actual.value) if actual else "",
    )


def range_words(low: float, likely: float, high: float) -> str:
    """`30,000 – 40,000 – 55,000`, or the one number where the author is sure."""
    return _n(likely) if low == high else " – ".join(_n(value) for value in (low, likely, high))


def standing_words(reasons: Iterable[Reason]) -> str:
    """`1st by WSJF, 4th by RICE`: where the item stands, as one sentence."""
    said = [
        gettext("number %(rank)s of %(total)s by %(who)s")
        % {"rank": reason.place.rank, "total": reason.total, "who": reason.name}
        for reason in reasons
        if reason.place.rank is not None
    ]
    return gettext("It is %s.") % listed(said) if said else ""
