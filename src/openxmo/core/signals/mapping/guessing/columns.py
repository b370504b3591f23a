"""What the values of one column are: numbers and their range, dates and their form, few categories, words."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from openxmo.core.signals.mapping.guessing.looking import Look
from openxmo.core.signals.mapping.numbers import read_number
from openxmo.core.signals.mapping.rows import UnmappableError, as_text
from openxmo.core.signals.mapping.times import parse_by

MOST = 0.98  # of the values that are there must be of a kind
FEW = 40  # distinct values, up to which they are categories
ALWAYS_MISSING = frozenset({"", "na", "n/a", "n.a.", "null", "#null!", "none", "-", "nan", "#n/a", "blank"}) | {
    *("not applicable", "not answered", "no answer", "no response", "don't know", "dont know", "skipped", "missing")
}
DAYS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y")
NAMED_DAYS = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y")
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
FORMATS = ("iso", *(day + time for day in (*DAYS, *NAMED_DAYS) for time in TIMES))
LOOKED_AT = 400  # distinct values, when dates are tried
EARLIEST, LATEST = 1970, 2100
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
EPOCHS = {"epoch_s": (6e8, 4.2e9), "epoch_ms": (6e11, 4.2e12)}


@dataclass(frozen=True)
class ColumnLook:
    """`filled` and `unique` are shares; `formats` the date forms that read nearly all; `values` only where few."""

    name: str
    filled: float
    distinct: int
    unique: float
    low: float | None = None
    high: float | None = None
    whole: bool = False
    decimal: str = "."
    formats: tuple[str, ...] = ()
    zoned: bool = False
    words: float = 0.0
    addresses: bool = False
    values: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return self.low is not None

    @property
    def is_time(self) -> bool:
        return bool(self.formats)

    @property
    def is_category(self) -> bool:
        return not self.is_time and 0 < self.distinct <= FEW and self.unique < 0.9

    @property
    def is_words(self) -> bool:
        return not self.is_number and not self.is_time and self.words >= 3 and self.distinct > FEW / 4


def describe_columns(seen: Look) -> tuple[ColumnLook, ...]:
    return tuple(describe(name, [row.get(name) for row in seen.rows]) for name in seen.columns)


def describe(name: str, cells: list[object]) -> ColumnLook:
    given = [cell for cell in cells if cell is not None and str(cell).strip().lower() not in ALWAYS_MISSING]
    missing = {str(c).strip() for c in cells if c is not None and str(c).strip().lower() in ALWAYS_MISSING} - {""}
    texts = [as_text(cell).strip() for cell in given]
    distinct = dict.fromkeys(texts)
    formats, zoned = find_formats(given, name)
    low, high, whole, decimal = (None, None, False, ".") if formats else find_range(given)
    return ColumnLook(
        name=name,
        filled=len(given) / len(cells) if cells else 0.0,
        distinct=len(distinct),
        unique=len(distinct) / len(texts) if texts else 0.0,
        low=low,
        high=high,
        whole=whole,
        decimal=decimal,
        formats=formats,
        zoned=zoned,
        words=sum(len(text.split()) for text in texts) / len(texts) if texts else 0.0,
        addresses=bool(texts) and sum(ADDRESS.fullmatch(text) is not None for text in texts) >= 0.5 * len(texts),
        values=tuple(sorted(distinct)) if len(distinct) <= FEW else (),
        missing=tuple(sorted(missing)),
    )


def find_range(cells: list[object]) -> tuple[float | None, float | None, bool, str]:
    """Lowest and highest number, where nearly all are numbers; a decimal comma is tried second."""
    for decimal in (".", ","):
        numbers = [number for cell in cells if (number := number_in(cell, decimal)) is not None]
        if numbers and len(numbers) >= MOST * len(cells):
            return min(numbers), max(numbers), all(number.is_integer() for number in numbers), decimal
    return None, None, False, "."


def number_in(cell: object, decimal: str) -> float | None:
    if isinstance(cell, bool):
        return None
    try:
        return read_number(cell.strip() if isinstance(cell, str) else cell, decimal)
    except UnmappableError:
        return None


def find_formats(cells: list[object], name: str) -> tuple[tuple[str, ...], bool]:
    """The forms that read the most values, and nearly all, as dates of our times; and whether they carry their zone."""
    if not cells:
        return (), False
    if all(isinstance(cell, date) for cell in cells):
        return ("iso",), all(isinstance(cell, datetime) and cell.tzinfo is not None for cell in cells)
    counts = dict(islice(Counter(as_text(cell).strip() for cell in cells).items(), LOOKED_AT))
    numbers = [number_in(text, ".") for text in counts]
    if all(number is not None for number in numbers):
        return find_epoch([number for number in numbers if number is not None], name)
    read = {form: moments for form in FORMATS if (moments := read_most(counts, form))}
    most = max((sum(counts[text] for text in moments) for moments in read.values()), default=0)
    best = [form for form, moments in read.items() if sum(counts[text] for text in moments) == most]
    zoned = any(all(moment.tzinfo is not None for moment in read[form].values()) for form in best)
    return tuple(best), zoned


def find_epoch(numbers: list[float], name: str) -> tuple[tuple[str, ...], bool]:
    """Seconds or thousandths since 1970; plain numbers are such only where the column's name says time."""
    if not any(word in name.lower() for word in ("time", "date", "stamp", "epoch", "_at")):
        return (), False
    for form, (least, most) in EPOCHS.items():
        if all(least <= number <= most for number in numbers):
            return (form,), True
    return (), False


def read_most(counts: Mapping[str, int], form: str) -> dict[str, datetime]:
    """What the texts say in this form: a few may be wrong, and are rejected with their line once the file is stored."""
    moments: dict[str, datetime] = {}
    spare = (1 - MOST) * sum(counts.values())
    for text, count in counts.items():
        moment = read_moment(text, form)
        if moment is not None:
            moments[text] = moment
            continue
        spare -= count
        if spare < 0:
            return {}
    return moments


def read_moment(text: str, form: str) -> datetime | None:
    try:
        moment = parse_by(form, text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if EARLIEST <= moment.replace(tzinfo=moment.tzinfo or UTC).year <= LATEST else None
