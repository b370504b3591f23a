"""Days of the office, from moments."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import definitions


def day_of(at: datetime) -> date:
    """The office's day at this moment."""
    return at.astimezone(ZoneInfo(definitions(served_home()).zone)).date()
