"""What may no longer be kept, and by when an erasure is due: pure rules, no lake."""

import calendar
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Kept:
    """A record as retention sees it: what type it is, whose, and of which day."""

    id: str
    type: str
    subject: str | None
    date: date


@dataclass(frozen=True)
class Due:
    """Record ids in the order given. What an erasure takes is not counted as retention's."""

    by_erasure: tuple[str, ...]
    by_retention: tuple[str, ...]
    keep: tuple[str, ...]


def due_for_deletion(
    records: Iterable[Kept],
    *,
    today: date,
    retention_days: Mapping[str, int],
    erasure_requests: Collection[str] = (),
) -> Due:
    """Which records must go today.

    A record is kept for the days of its type and goes on the day after them; a type without days
    has no limit. Source: GDPR articles 5(1)(e) and 17.
    """
    erased: list[str] = []
    expired: list[str] = []
    keep: list[str] = []
    for record in records:
        days = retention_days.get(record.type)
        if record.subject is not None and record.subject in erasure_requests:
            erased.append(record.id)
        elif days is not None and (today - record.date).days > days:
            expired.append(record.id)
        else:
            keep.append(record.id)
    return Due(tuple(erased), tuple(expired), tuple(keep))


def days_kept(today: date, months: int) -> int:
    """How many days this many months are, counted back from today."""
    place = today.year * 12 + today.month - 1 - months
    first = date(place // 12, place % 12 + 1, 1)
    following = date((place + 1) // 12, (place + 1) % 12 + 1, 1)
    return (today - min(first + timedelta(days=today.day - 1), following - timedelta(days=1))).days


def erasure_due_by(received: date) -> date:
    """One month after the request was received: the same day of the next month, else that month's last day.

    Source: GDPR article 12(3); Regulation (EEC, Euratom) 1182/71 article 3 on periods in months.
    """
    year, month = (received.year + 1, 1) if received.month == 12 else (received.year, received.month + 1)
    return date(year, month, min(received.day, calendar.monthrange(year, month)[1]))
