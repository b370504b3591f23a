"""Northlight's open minutes: Monday to Friday, 9 to 17 on the wall clock in London, without holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from openxmo.core.world.chance import Floats, Ints
from openxmo.core.world.months import HOUR, to_micros

ZONE = ZoneInfo("Europe/London")
OPENS, CLOSES = 9, 17
MINUTE = HOUR // 60


def open_minutes(first: date, last: date) -> Ints:
    """The start of each open minute of these days, in order."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    starts = [
        to_micros(datetime.combine(day, time(OPENS), tzinfo=ZONE).astimezone(UTC)) for day in days if day.weekday() < 5
    ]
    minutes = np.arange((CLOSES - OPENS) * 60) * MINUTE
    return (np.array(starts, dtype=np.int64)[:, None] + minutes).ravel()


def add_open_hours(minutes: Ints, moments: Ints, hours: Floats) -> Ints:
    """The moments so many open hours later; whatever comes while closed counts from the next opening."""
    return minutes[np.searchsorted(minutes, moments) + np.rint(hours * 60).astype(np.int64)]


def open_hours_before(moment: datetime, hours: Floats) -> Ints:
    """The moments from which so many open hours have passed by `moment`."""
    day = moment.astimezone(ZONE).date()
    minutes = open_minutes(day - timedelta(days=21), day)
    now = int(np.searchsorted(minutes, to_micros(moment), side="right"))
    return minutes[now - np.rint(hours * 60).astype(np.int64)]
