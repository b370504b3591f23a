"""Business hours: how much open time lies between two instants, and when an amount of it is used up.

Hours are kept as the clock on the wall shows them. Each day is turned into instants in the
calendar's zone first and counted in UTC afterwards, so the days on which clocks change are as
long or short as they really are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from openxmo.core.errors import WrongUsage

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = re.compile(r"^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")
DAY = 24 * 60
LONGEST_CLOSED = timedelta(days=366)  # a calendar shut for longer has no next opening


class Calendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A business calendar in the office file's form: `hours = { mon = ["09:00-17:00"] }`, holidays as dates."""

    key: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]*$")]
    zone: str = "UTC"
    hours: dict[str, tuple[str, ...]] = {}
    holidays: tuple[date, ...] = ()
    label: str = ""


Span = tuple[int, int]  # minutes after midnight on the wall clock: opens, closes
Instants = tuple[datetime, datetime]


@dataclass(frozen=True)
class BusinessHours:
    """A calendar made ready for counting: per weekday from Monday its open spans, in order and apart."""

    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date] = frozenset()


ALWAYS = BusinessHours("UTC", (((0, DAY),),) * 7)  # clock time, day and night


def business_hours(calendar: Calendar) -> BusinessHours:
    """Check a calendar and make it ready. Raises WrongUsage where it names no zone, weekday or hours that exist."""
    try:
        ZoneInfo(calendar.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise refusal(
            calendar, f"There is no time zone “{calendar.zone}”.", "Use a name such as Europe/Berlin."
        ) from error
    unknown = sorted(calendar.hours.keys() - set(WEEKDAYS))
    if unknown:
        raise refusal(calendar, f"There is no weekday “{unknown[0]}”.", f"Use {', '.join(WEEKDAYS)}.")
    week = tuple(
        tuple(sorted(read_span(calendar, text) for text in calendar.hours.get(weekday, ()))) for weekday in WEEKDAYS
    )
    if not any(week):
        raise refusal(calendar, "The calendar is never open.", "Give it hours on at least one weekday.")
    for spans in week:
        if any(before[1] > after[0] for before, after in pairwise(spans)):
            raise refusal(calendar, "Two spans of one weekday overlap.", "Join them or set them apart.")
    return BusinessHours(calendar.zone, week, frozenset(calendar.holidays))


def read_span(calendar: Calendar, text: str) -> Span:
    match = HOURS.match(text)
    opens, closes = span_of(match) if match else (0, 0)
    if not opens < closes <= DAY:
        raise refusal(calendar, f"“{text}” is no span of hours.", "Write 09:00-17:00; a night shift is two spans.")
    return opens, closes


def span_of(match: re.Match[str]) -> Span:
    hour, minute, end_hour, end_minute = (int(part) for part in match.groups())
    return hour * 60 + minute, end_hour * 60 + end_minute


def refusal(calendar: Calendar, what: str, mend: str) -> WrongUsage:
    return WrongUsage(what, where=f"calendar {calendar.key}", mend=mend)


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the clock in the zone shows this time or, if it skips it, a later one."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    return end_of_gap(wall, zone)


def end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the clock jumped over a wall time: between its readings by the offsets after and before the jump."""
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


@lru_cache(maxsize=16_384)
def open_spans(hours: BusinessHours, day: date) -> tuple[Instants, ...]:
    """The day's open spans as instants in UTC; none on a holiday."""
    if day in hours.holidays:
        return ()
    zone = ZoneInfo(hours.zone)
    spans = ((instant(day, opens, zone), instant(day, closes, zone)) for opens, closes in hours.week[day.weekday()])
    return tuple((start, end) for start, end in spans if start < end)


def days_from(moment: datetime, zone: str) -> Iterator[date]:
    """The day before the moment's day in the zone (a skipped midnight may reach over), that day, and all after it."""
    day = moment.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while True:
        yield day
        day += timedelta(days=1)


def elapsed(hours: BusinessHours, start: datetime, end: datetime) -> timedelta:
    """Open time between two instants with zones; negative where `end` lies before `start`."""
    if end < start:
        return -elapsed(hours, end, start)
    total = timedelta()
    for day in days_from(start, hours.zone):
        if instant(day, 0, ZoneInfo(hours.zone)) >= end:
            return total
        for opens, closes in open_spans(hours, day):
            total += max(min(closes, end) - max(opens, start), timedelta())
    raise AssertionError("days never end")


def due(hours: BusinessHours, start: datetime, amount: timedelta) -> datetime:
    """The earliest instant, in UTC, by which `amount` of open time has passed since `start`.

    Started outside business hours, the clock begins at the next opening; an amount of 0 is due at
    once. Raises WrongUsage where holidays close the calendar for over a year.
    """
    left, last_open = amount, start
    if left <= timedelta():
        return start.astimezone(UTC)
    for day in days_from(start, hours.zone):
        for opens, closes in open_spans(hours, day):
            opens = max(opens, start)
            if closes <= opens:
                continue
            if opens + left <= closes:
                return opens.astimezone(UTC) + left
            left, last_open = left - (closes - opens), closes
        if instant(day, 0, ZoneInfo(hours.zone)) - last_open > LONGEST_CLOSED:
            break
    raise WrongUsage(
        "The calendar is closed for more than a year.", where=hours.zone, mend="Shorten its list of holidays."
    )
