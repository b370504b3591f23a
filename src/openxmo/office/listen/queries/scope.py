"""Signals that a person may see, of the unit and the period that a page is asked for."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from openxmo.core.signals.reading import read_signals
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.queries import read_office, units_within
from openxmo.office.govern.session import Session

Day = date | None


def signals_asked(session: Session, *, unit: str | None = None, since: Day = None, until: Day = None) -> Any:
    """The signals of the viewer's units, or of one of them with all below it; `until` is left out."""
    session.require(Right.READ_SCORES)
    session.engine.refresh()
    zone = ZoneInfo(session.definitions.zone)
    found = read_signals(session.engine, since=start(since, zone), until=start(until, zone), as_of=session.clock())
    if session.viewer.units is not None:
        found = found.filter(found.unit.isin(sorted(session.viewer.units)))
    if unit is not None:
        today = session.clock().astimezone(zone).date()
        below = units_within(read_office(session.home).units, [unit], day=today)
        found = found.filter(found.unit.isin(sorted(below)))
    return found


def start(day: Day, zone: ZoneInfo) -> datetime | None:
    """When a day begins where the office is."""
    return None if day is None else datetime.combine(day, time(), zone)
