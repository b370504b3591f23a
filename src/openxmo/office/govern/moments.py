"""Days and moments as people write them, in the office's zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from openxmo.core.errors import WrongUsage

Day = date | str


def read_day(words: Day | None) -> date | None:
    """A day of the office: `2026-01-31`."""
    if words is None or isinstance(words, date):
        return words
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise WrongUsage(f"`{words}` is no day", mend="Write it as 2026-01-31.") from None


def read_moment(words: datetime | Day | None, zone: str) -> datetime | None:
    """A moment; without a zone it is the office's, and a bare day is its first moment."""
    if words is None:
        return None
    try:
        if isinstance(words, str):
            found = datetime.fromisoformat(words)
        else:
            found = words if isinstance(words, datetime) else datetime(words.year, words.month, words.day)  # noqa: DTZ001
    except ValueError:
        raise WrongUsage(f"`{words}` is no moment", mend="Write it as 2026-01-31T14:00 or 2026-01-31.") from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
