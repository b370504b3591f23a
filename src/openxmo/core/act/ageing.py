"""How old open things are and how near their clocks: the same words on every page."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

Nearness = Literal["late", "soon", "today", "later", "none"]
NEARNESSES: tuple[Nearness, ...] = ("late", "soon", "today", "later", "none")
SOON = timedelta(hours=1)
TODAY = timedelta(hours=12)


def nearness(due_at: datetime | None, at: datetime) -> Nearness:
    """How near a clock is: past due, within the hour, within twelve hours, later, or without a clock."""
    if due_at is None:
        return "none"
    left = due_at - at
    if left < timedelta():
        return "late"
    return "soon" if left <= SOON else "today" if left <= TODAY else "later"


def count_by_nearness(dues: Iterable[datetime | None], at: datetime) -> dict[Nearness, int]:
    """How many are how near, all steps named."""
    found = Counter(nearness(due_at, at) for due_at in dues)
    return {name: found[name] for name in NEARNESSES}


def days_old(since: datetime, at: datetime) -> int:
    """Whole days from one moment to the other."""
    return max((at - since).days, 0)
