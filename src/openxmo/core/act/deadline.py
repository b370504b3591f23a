"""When something is due, by a length of time as rules write it: business or clock hours or days."""

from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from openxmo.core.act.calendar import ALWAYS, LONGEST_CLOSED, BusinessHours, due, instant, open_spans
from openxmo.core.errors import WrongUsage

Unit = Literal["hour", "day"]


def deadline(hours: BusinessHours, start: datetime, *, amount: float, unit: Unit, business: bool) -> datetime:
    """The instant, in UTC, by which it is due.

    Business hours count open time. So many business days end with the last open minute of that many
    open days after the day of `start`. Clock days end at the same time on the wall clock.
    """
    if unit == "hour":
        return due(hours if business else ALWAYS, start, timedelta(hours=amount))
    zone = ZoneInfo(hours.zone)
    local = start.astimezone(zone)
    if not business:
        whole, part = divmod(amount, 1)
        day = local.date() + timedelta(days=whole)
        minutes = local.hour * 60 + local.minute
        return instant(day, minutes, zone) + timedelta(days=part, seconds=local.second)
    return close_of_open_day(hours, local.date(), after=-int(-amount // 1))


def close_of_open_day(hours: BusinessHours, day: date, *, after: int) -> datetime:
    """The end of the last open span of the so-manieth open day after `day`."""
    begun, left = day, after
    while left > 0:
        day += timedelta(days=1)
        left -= bool(open_spans(hours, day))
        if day - begun > LONGEST_CLOSED + timedelta(days=after * 2):
            raise WrongUsage(
                "The calendar is closed for more than a year.", where=hours.zone, mend="Shorten its list of holidays."
            )
    spans = open_spans(hours, day)
    return spans[-1][1] if spans else instant(day + timedelta(days=1), 0, ZoneInfo(hours.zone))
