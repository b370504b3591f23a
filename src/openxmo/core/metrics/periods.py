"""Calendar periods in the office's zone: their names, their ends, and which period a signal falls in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ibis

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.instants import DAY, SECOND, micros, micros_of

Every = Literal["day", "week", "month", "quarter", "year"]
Moment = date | datetime
ONE_DAY = timedelta(days=1)
# Of ranges: a day's reckoning further the calendar itself ends.
EARLIEST, LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1000, 9000  # of moments to judge from
EPOCH_DAY = date(1970, 1, 1)
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, order=True)
class Period:
    """A half-open stretch of time; `start` and `end` in UTC. Labels: 2026-01-31, 2026-W05, 2026-01, 2026-Q1, 2026."""

    start: datetime
    end: datetime
    label: str


def open_zone(name: str) -> ZoneInfo:
    """The time zone of that name, as in the IANA database."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongUsage(
            f"There is no time zone {name!r}.", mend="Zones are named as Europe/Amsterdam or UTC."
        ) from error


def check_every(every: str | None) -> None:
    """Raise unless periods of that name are known."""
    if every is not None and every not in get_args(Every):
        raise WrongUsage(f"There are no periods of a {every!r}.", mend="Periods are day, week, month, quarter or year.")


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins in the zone, in UTC; where the clocks skip midnight, when they go on."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def to_instant(moment: Moment | None, zone: ZoneInfo) -> datetime | None:
    """An end of a range in UTC: a date is the start of that day in the zone, a time without a zone is in the zone.

    Ends beyond EARLIEST and LATEST are those: they stand for the beginning and the end of time.
    """
    if moment is None:
        return None
    if moment.year <= EARLIEST.year or moment.year >= LATEST.year:
        return EARLIEST if moment.year <= EARLIEST.year else LATEST
    if not isinstance(moment, datetime):
        return day_start(moment, zone)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def check_moments(*moments: datetime | None) -> None:
    """Raise unless these moments to judge from carry a zone and lie where windows before them can be reckoned."""
    for moment in moments:
        if moment is not None and moment.tzinfo is None:
            raise WrongUsage("The moment to judge from needs a zone.", mend="Write it as 2026-01-31T12:00:00Z.")
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise WrongUsage(
                f"Nothing can be judged from the year {moment.year}.",
                mend=f"Name a moment between the years {FIRST_YEAR} and {LAST_YEAR}.",
            )


def check_range(since: datetime | None, until: datetime | None) -> None:
    if since is not None and until is not None and since >= until:
        raise WrongUsage(
            "The range ends before it starts.",
            where=f"since {since:%Y-%m-%d %H:%M}, until {until:%Y-%m-%d %H:%M} UTC",
            mend="The end is not part of the range: one day is --since 2026-01-31 --until 2026-02-01.",
        )


@lru_cache(maxsize=64)
def offset_segments(zone: ZoneInfo, first: date, last: date) -> tuple[tuple[int, int], ...]:
    """(from, offset) in microseconds, in order: the zone's offsets to UTC from `first` to `last`."""
    segments = [(micros_of(_utc(first)), _offset(zone, _utc(first)))]
    day = first
    while day <= last:
        low, high = _utc(day), _utc(day + ONE_DAY)
        if _offset(zone, high) != _offset(zone, low):
            segments.append(_change(zone, low, high))
        day += ONE_DAY
    return tuple(segments)


def _utc(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return round(offset.total_seconds()) * SECOND


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> tuple[int, int]:
    """The second in (low, high] at which the offset changes."""
    new = _offset(zone, high)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if _offset(zone, middle) == new else (middle, high)
    return micros_of(high), new


def keeps_utc(zone: ZoneInfo, first: date, last: date) -> bool:
    """Whether the zone's clocks show UTC all the time between."""
    return all(offset == 0 for _, offset in offset_segments(zone, first, last))


def bucket(
    signals: Any, every: Every, *, zone: ZoneInfo, first: date, last: date, engine_name: str, at: str = "happened_at"
) -> Any:
    """The period of each signal, as `period_of` reads it: a number, or the `month` column itself where that will do.

    The office's months are the lake's own where its clocks show UTC; then `happened_at` need not be read.
    """
    last = max(first, last)  # of a range still to come
    if every in MONTHS_IN and at == "happened_at" and keeps_utc(zone, first, last):
        return _of_month(signals.month, every)
    moment = micros(signals[at], engine_name=engine_name)
    if every in MONTHS_IN:
        return _by_search(moment, _starts(every, zone, first, last))
    segments = offset_segments(zone, first, last)
    offset: Any = ibis.literal(segments[-1][1], type="int64")
    if len(segments) > 1:
        branches = [(moment >= start, shift) for start, shift in reversed(segments[1:])]
        offset = ibis.cases(*branches, else_=segments[0][1])
    days = (moment + offset) // DAY
    return days if every == "day" else (days + 3) // 7  # 1970-01-01 was a Thursday


def _of_month(month: Any, every: Every) -> Any:
    if every == "month":
        return month
    number = month.substr(0, 4).cast("int64") * 12 + month.substr(5, 2).cast("int64") - 1
    return number // MONTHS_IN[every]


def _starts(every: Every, zone: ZoneInfo, first: date, last: date) -> list[tuple[int, int]]:
    """(number, start in microseconds) of the periods that touch the days between, give or take a month."""
    length = MONTHS_IN[every]
    numbers = range((first.year * 12 + first.month - 2) // length, (last.year * 12 + last.month) // length + 1)
    return [(number, micros_of(_of_months(number * length, every, zone).start)) for number in numbers]


def _by_search(moment: Any, starts: list[tuple[int, int]]) -> Any:
    """The number of the last period begun by `moment`, found by halving: a few comparisons for many periods."""
    if len(starts) == 1:
        return ibis.literal(starts[0][0], type="int64")
    middle = len(starts) // 2
    later, earlier = _by_search(moment, starts[middle:]), _by_search(moment, starts[:middle])
    return ibis.ifelse(moment >= starts[middle][1], later, earlier)


def period_of(bucket: int | str, every: Every, zone: ZoneInfo) -> Period:
    """The period that `bucket` means."""
    if isinstance(bucket, str):
        return _of_months(int(bucket[:4]) * 12 + int(bucket[5:7]) - 1, "month", zone)
    if every in MONTHS_IN:
        return _of_months(bucket * MONTHS_IN[every], every, zone)
    if every == "day":
        day = EPOCH_DAY + timedelta(days=bucket)
        return Period(day_start(day, zone), day_start(day + ONE_DAY, zone), day.isoformat())
    monday = EPOCH_DAY + timedelta(days=bucket * 7 - 3)
    year, week, _ = monday.isocalendar()
    return Period(day_start(monday, zone), day_start(monday + 7 * ONE_DAY, zone), f"{year}-W{week:02d}")


def periods_between(first: date, end: date, every: Every, zone: ZoneInfo) -> list[Period]:
    """The periods that touch the days from `first` until before `end`, in order."""
    found: list[Period] = []
    day = first
    while day < end:
        period = period_on(day, every, zone)
        found.append(period)
        day = period.end.astimezone(zone).date()
    return found


def period_on(day: date, every: Every, zone: ZoneInfo) -> Period:
    """The period that the day lies in."""
    if every in MONTHS_IN:
        return period_of((day.year * 12 + day.month - 1) // MONTHS_IN[every], every, zone)
    number = (day - EPOCH_DAY).days
    return period_of(number if every == "day" else (number + 3) // 7, every, zone)


def _of_months(number: int, every: Every, zone: ZoneInfo) -> Period:
    length = MONTHS_IN[every]
    year, month = divmod(number, 12)
    after_year, after_month = divmod(number + length, 12)
    label = {"month": f"{year}-{month + 1:02d}", "quarter": f"{year}-Q{month // 3 + 1}", "year": f"{year}"}[every]
    return Period(
        day_start(date(year, month + 1, 1), zone), day_start(date(after_year, after_month + 1, 1), zone), label
    )
