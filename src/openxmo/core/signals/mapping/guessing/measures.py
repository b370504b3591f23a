"""What a column measures: NPS, CSAT, effort, another rating, a yes or no, a number, words."""

import re
from dataclasses import dataclass
from typing import Literal

from openxmo.core.signals.mapping.guessing.columns import ColumnLook

Sort = Literal["rating", "yes_no", "number", "words"]
NPS = re.compile(r"\bnps\b|recommend|promoter|likelihood")
EMPLOYEE_NPS = re.compile(r"\be ?nps\b")
CSAT = re.compile(r"csat|satisf|happy|stars?\b|\brating\b|\bscore\b")
EFFORT = re.compile(r"\bces\b|effort|\beas[ey]")
RESOLVED = re.compile(r"resolved|solved|\bfcr\b|first contact")
WORDS = re.compile(r"comment|reason|feedback|verbatim|\bwhy\b|remark|review|text|suggestion|note")
SECONDS = re.compile(r"handle|\baht\b|talk time|duration|\bwait|seconds|\bsecs?\b|minutes|\bmins?\b|hours|\btime\b")
MONEY = re.compile(r"revenue|amount|price|spend|\bmrr\b|\barr\b|\bcost|payment|\bfee")
IDENTITY = re.compile(r"\bids?\b|\bno\b|\bnr\b|number$|\bkey\b|\bcode\b|zip|postcode|phone|year$|\bage\b")
YES = ("yes", "y", "true", "1", "ja", "oui", "si", "sí", "resolved", "solved")
NO = ("no", "n", "false", "0", "nein", "non", "unresolved", "not resolved", "unsolved")
SCALES = ((0, 10), (1, 5), (1, 7), (1, 10), (1, 3), (1, 4), (1, 6), (0, 5), (0, 100))
WIDEST = 10.0  # of a rating whose name does not say that it is one


@dataclass(frozen=True)
class Measure:
    """One column as what it measures. `scale` None where the numbers alone do not tell it; `sure` of what it is."""

    column: str
    name: str
    sort: Sort
    scale: str | None = None
    lower_is_better: bool | None = None
    unit: str | None = None
    sure: bool = False


def plain(name: str) -> str:
    """A column's name in small words: `NPS_Score` and `npsScore` are both `nps score`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.sub(r"[^a-z0-9]+", " ", parted.lower()).strip()


def slug(name: str) -> str:
    """A column's name as the key of a measure."""
    found = re.sub(r"[^a-z0-9]+", "_", plain(name)).strip("_")[:40]
    return found if found[:1].isalpha() else f"measure_{found}".rstrip("_")


def scales_for(low: float, high: float) -> tuple[str, ...]:
    """The usual scales that hold these values, the tightest first."""
    fit = [scale for scale in SCALES if scale[0] <= low and high <= scale[1]]
    return tuple(f"{a}..{b}" for a, b in sorted(fit, key=lambda scale: (scale[1] - scale[0], -scale[0])))


def measure_of(column: ColumnLook) -> Measure | None:
    """What this column measures; None where it measures nothing."""
    name = plain(column.name)
    if column.is_time or not column.distinct or column.addresses:
        return None
    if is_yes_no(column):
        known = RESOLVED.search(name) is not None
        return Measure(column.name, "resolved" if known else slug(column.name), "yes_no", sure=known) if known else None
    if column.is_number:
        return number_of(column, name)
    if column.is_words or (WORDS.search(name) and column.words >= 2):
        return Measure(column.name, "comment", "words", sure=True)
    return None


def is_yes_no(column: ColumnLook) -> bool:
    said = {value.lower() for value in column.values}
    return bool(said) and said <= {*YES, *NO} and len(said) <= 4


def number_of(column: ColumnLook, name: str) -> Measure | None:
    low, high = column.low or 0.0, column.high or 0.0
    if column.whole:
        if NPS.search(name) and low >= 0 and high <= 10:
            key = "enps" if EMPLOYEE_NPS.search(name) or "place to work" in name else "nps"
            return Measure(column.name, key, "rating", "0..10", lower_is_better=False, sure=True)
        if EFFORT.search(name) and low >= 1 and high <= 7:
            return effort_of(column, high)
        if CSAT.search(name) and low >= 0 and high <= WIDEST:
            fits_five = low >= 1 and high == 5
            better = False if re.search(r"satisf|csat|happy|star", name) else None
            return Measure(
                column.name,
                "csat" if fits_five else slug(column.name),
                "rating",
                "1..5" if fits_five else None,
                lower_is_better=better,
                sure=True,
            )
    if IDENTITY.search(name) or (column.whole and column.unique > 0.95 and column.distinct > 50):
        return None
    if MONEY.search(name):
        return Measure(column.name, slug(column.name), "number", unit=None, sure=True)
    if SECONDS.search(name):
        return Measure(column.name, slug(column.name), "number", lower_is_better=True, unit=None, sure=True)
    if column.whole and low >= 0 and high <= WIDEST and 3 <= column.distinct <= 11:
        return Measure(column.name, slug(column.name), "rating")
    return Measure(column.name, slug(column.name), "number")


def effort_of(column: ColumnLook, high: float) -> Measure:
    """CES 2.0 runs from 1 to 7, higher is easier; up to 5 it may be CES 1.0, which runs the other way."""
    if high > 5:
        return Measure(column.name, "ces", "rating", "1..7", lower_is_better=False, sure=True)
    return Measure(column.name, "effort", "rating", sure=True)
