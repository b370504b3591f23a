"""The story's clock: months M1 to M24 before the as-of moment, and the running days after them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LAST = 24
RUNNING = LAST + 1  # the days of the month in which the as-of moment lies
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000  # in microseconds, the unit of all times here
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (moment - EPOCH) // MICROSECOND


@dataclass(frozen=True)
class Month:
    """One month of the story. `share` is how much of it has passed: below 1 only for the running days."""

    number: int
    start: datetime
    end: datetime
    share: float

    @property
    def days(self) -> int:
        """Whole days, of which the running month holds only those that are over."""
        return (self.end - self.start).days

    @property
    def first(self) -> int:
        return to_micros(self.start)

    @property
    def past(self) -> int:
        return to_micros(self.end)


def month_start(as_of: datetime, number: int) -> datetime:
    """The first moment of month `number` in UTC: M24 is the last calendar month that is over at `as_of`."""
    now = as_of.astimezone(UTC)
    months = now.year * 12 + (now.month - 1) - RUNNING + number
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def story_months(as_of: datetime) -> tuple[Month, ...]:
    """M1 to M24, then the whole days of the running month, if any."""
    full = [_month(n, month_start(as_of, n), month_start(as_of, n + 1), 1.0) for n in range(1, RUNNING)]
    start = month_start(as_of, RUNNING)
    days = (as_of - start).days
    if not days:
        return tuple(full)
    length = (month_start(as_of, RUNNING + 1) - start).days
    return (*full, _month(RUNNING, start, start + timedelta(days=days), days / length))


def _month(number: int, start: datetime, end: datetime, share: float) -> Month:
    return Month(number=number, start=start, end=end, share=share)
