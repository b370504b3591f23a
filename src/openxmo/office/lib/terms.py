"""How long rows are kept: a model states its term, and the deed reads the very statement, so that they cannot differ.

A `Term` stands in a model's `Privacy.kept` (the row goes) and `Privacy.words_kept` (its sensitive fields are
emptied before). Each room's `expiry.expire` hands its models to `take_away` and `empty`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import JSONField, Model, Q, QuerySet

from openxmo.core.signals.keeping.retention import days_kept

OFFICE = "as long as the office"
GONE = "(kept no longer)"  # stands where words were
LENGTH = re.compile(r"^(\d+) (hour|day|month|year)s?$")
SETTING = re.compile(r"^[a-z_]+_(day|month)s$")


@dataclass(frozen=True)
class Term:
    """A row's time is over when `length` has passed since each of its moments in `since`; an empty one does not count.

    `length` is a time (`30 days`), or one that the office sets in `[office.retention]` (`answers_months`).
    `only` leaves out what is still open. `told` says both in words: "after it was settled".
    """

    length: str
    since: tuple[str, ...]
    told: str
    only: Q = field(default_factory=Q)

    def __post_init__(self) -> None:
        if not (LENGTH.match(self.length) or SETTING.match(self.length)):
            raise ValueError(f"{self.length!r} is no length of time, and no setting of [office.retention]")
        if not self.since:
            raise ValueError("a term counts from some moment")


@dataclass(frozen=True)
class Terms:
    """What the office has set: the days are those of its zone, `lengths` its `[office.retention]`."""

    zone: str
    lengths: Mapping[str, int]

    def length_of(self, term: Term) -> tuple[int, str]:
        """How many of what: `(36, "month")`."""
        found = LENGTH.match(term.length)
        if found:
            return int(found[1]), found[2]
        return self.lengths[term.length], term.length.rpartition("_")[2].rstrip("s")

    def in_words(self, term: Term) -> str:
        count, what = self.length_of(term)
        return f"{count} {what}{'' if count == 1 else 's'} {term.told}"

    def oldest(self, term: Term, *, at: datetime) -> datetime:
        """The first moment that is still kept: days begin in the office's zone, hours are counted to the minute."""
        count, what = self.length_of(term)
        if what == "hour":
            return at - timedelta(hours=count)
        today = at.astimezone(ZoneInfo(self.zone)).date()
        days = count if what == "day" else days_kept(today, count * (12 if what == "year" else 1))
        return self.day_starts(today - timedelta(days=days))

    def day_starts(self, day: date) -> datetime:
        return datetime.combine(day, datetime.min.time(), ZoneInfo(self.zone))


def past(model: type[Model], term: Term, terms: Terms, *, at: datetime) -> QuerySet[Any]:
    """The rows whose time is over. A row without any of its moments has not begun to age, and stays."""
    oldest = terms.oldest(term, at=at)
    rows = model._base_manager.filter(term.only)
    dated = Q()
    for moment in term.since:
        rows = rows.filter(Q(**{f"{moment}__lt": oldest}) | Q(**{f"{moment}__isnull": True}))
        dated |= Q(**{f"{moment}__isnull": False})
    return rows.filter(dated)


def take_away(model: type[Model], terms: Terms, *, at: datetime) -> int:
    """Delete the rows whose time is over; returns how many, those that went with them not counted."""
    rows = past(model, model.Privacy.kept, terms, at=at)  # type: ignore[attr-defined]
    return int(rows.delete()[1].get(model._meta.label, 0))


def empty(model: type[Model], terms: Terms, *, at: datetime) -> int:
    """Take the sensitive words out of rows that may be kept longer than they; returns out of how many."""
    privacy: Any = model.Privacy  # type: ignore[attr-defined]
    texts, others = [], {}
    for name in sorted(privacy.sensitive):
        found: Any = model._meta.get_field(name)
        if isinstance(found, JSONField):
            others[name] = found.get_default()
        else:
            texts.append(name)
    worded = Q()
    for name in texts:
        worded |= ~Q(**{f"{name}__in": ["", GONE]})
    rows = past(model, privacy.words_kept, terms, at=at).filter(worded)
    touched = 0
    for row in rows.iterator():
        values = others | {name: getattr(row, name) and GONE for name in texts}
        touched += model._base_manager.filter(pk=row.pk).update(**values)
    return touched
