"""The periods a page can be asked for: whole months, quarters and years of the office's calendar."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext

from openxmo.core.errors import WrongUsage

DEFAULT = "last-3-months"
MONTH = re.compile(r"(\d{4})-(\d{2})")
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
YEAR = re.compile(r"(\d{4})")
DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
QUARTERS_OFFERED = 4


@dataclass(frozen=True)
class Period:
    """From `since` to before `until`, both days of the office; None is open."""

    key: str
    label: str
    since: date | None
    until: date | None

    def before(self) -> "Period | None":
        """The period of the same length that ends where this one begins; None for an open one."""
        if self.since is None or self.until is None:
            return None
        months = _months_between(self.since, self.until)
        since = add_months(self.since, -months) if months else self.since - (self.until - self.since)
        return days(since, self.since)


def offered(today: date) -> list[Period]:
    """What the picker shows: the running month, whole months back, the last quarters, all."""
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    starts = [add_months(quarter, -3 * back) for back in range(QUARTERS_OFFERED)]
    keys = ["this-month", "last-month", DEFAULT, "last-12-months"]
    keys += [f"{start.year}-Q{(start.month - 1) // 3 + 1}" for start in starts]
    return [read_period(key, today=today) for key in [*keys, "all"]]


def read_period(key: str, *, today: date) -> Period:
    """A period by its key; `WrongUsage` says how one is written."""
    first = today.replace(day=1)
    named = {
        "this-month": (gettext("This month so far"), first, add_months(first, 1)),
        "last-month": (gettext("Last month"), add_months(first, -1), first),
        "last-3-months": (gettext("Last 3 whole months"), add_months(first, -3), first),
        "last-12-months": (gettext("Last 12 whole months"), add_months(first, -12), first),
        "all": (gettext("All time"), None, None),
    }
    if key in named:
        return Period(key, *named[key])
    try:
        return _read_written(key)
    except ValueError:
        raise WrongUsage(
            gettext("%(key)s is no period.") % {"key": repr(key)},
            mend=gettext(
                "Write a month (2026-03), a quarter (2026-Q1), a year (2026) or days (2026-03-01..2026-03-14)."
            ),
        ) from None


def _read_written(key: str) -> Period:
    if found := MONTH.fullmatch(key):
        since = date(int(found[1]), int(found[2]), 1)
        return Period(key, formats.date_format(since, "F Y"), since, add_months(since, 1))
    if found := QUARTER.fullmatch(key):
        since = date(int(found[1]), int(found[2]) * 3 - 2, 1)
        label = gettext("Quarter %(quarter)s of %(year)s") % {"quarter": found[2], "year": found[1]}
        return Period(key, label, since, add_months(since, 3))
    if found := YEAR.fullmatch(key):
        since = date(int(found[1]), 1, 1)
        return Period(key, found[1], since, add_months(since, 12))
    if found := DAYS.fullmatch(key):
        since, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
        if last >= since:
            return days(since, last + timedelta(days=1))
    raise ValueError(key)


def days(since: date, until: date) -> Period:
    """From one day to before another."""
    last = until - timedelta(days=1)
    label = f"{formats.date_format(since, 'j M Y')} – {formats.date_format(last, 'j M Y')}"
    return Period(f"{since}..{last}", label, since, until)


def add_months(first: date, months: int) -> date:
    """From the first of a month."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _months_between(since: date, until: date) -> int:
    """How many whole months, 0 where the ends are not firsts of months."""
    if since.day != 1 or until.day != 1:
        return 0
    return (until.year - since.year) * 12 + until.month - since.month
