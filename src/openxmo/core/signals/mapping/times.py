"""Dates as files write them, read into moments."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from openxmo.core.signals.mapping.rows import UnmappableError

EPOCHS = {"epoch_s": 1, "epoch_ms": 1000}
ReadTime = Callable[[object], datetime]


def read_zone(name: str) -> tzinfo:
    """The zone of that name; ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"no time zone is called `{name}`") from error


def check_date_format(form: str) -> None:
    """ValueError where a format cannot read back what it writes."""
    if form in EPOCHS or form == "iso":
        return
    if "%" not in form:
        raise ValueError(f"`{form}` is no date format; write `iso`, `epoch_s`, `epoch_ms` or one like `%d/%m/%Y %H:%M`")
    moment = datetime(2017, 11, 23, 14, 5, 6, tzinfo=UTC)
    try:
        datetime.strptime(moment.strftime(form), form)  # noqa: DTZ007 - only whether it can be read
    except (ValueError, re.error) as error:  # a directive that stands twice is an error of the pattern
        raise ValueError(f"`{form}` is no date format that can be read: {error}") from error


def parse_by(form: str, text: str) -> datetime:
    if form == "iso":
        return datetime.fromisoformat(text)
    if form in EPOCHS:
        return datetime.fromtimestamp(float(text) / EPOCHS[form], tz=UTC)
    return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is set by the caller


def time_reader(formats: Sequence[str], zone: str | None) -> ReadTime:
    """Reads a cell by the first format that fits.

    A moment without a zone gets `zone`; without one it stays as written, and the declared zone of
    its source decides. A local time that the clock skipped is read by the offset before the change,
    one that it showed twice is the earlier.
    """
    tz = read_zone(zone) if zone else None
    shown = ", ".join(formats)

    @lru_cache(maxsize=8192)  # dates repeat: parsing one is the slowest step of a row
    def parse(text: str) -> datetime | None:
        for form in formats:
            try:
                moment = parse_by(form, text)
            except (ValueError, OverflowError, OSError):
                continue
            return moment.replace(tzinfo=tz) if moment.tzinfo is None else moment
        return None

    def read(cell: object) -> datetime:
        if isinstance(cell, datetime):
            return cell if cell.tzinfo else cell.replace(tzinfo=tz)
        if isinstance(cell, date):
            return datetime(cell.year, cell.month, cell.day, tzinfo=tz)
        text = cell if isinstance(cell, str) else str(cell)
        moment = parse(text)
        if moment is None:
            raise UnmappableError("no_date", f"`{text[:80]}` is no date of the form {shown}.")
        return moment

    return read
