"""From a calendar of the office file to the open hours that clocks count by."""

from openxmo.core.act.calendar import ALWAYS, BusinessHours, business_hours
from openxmo.core.act.calendar import Calendar as CoreCalendar
from openxmo.core.errors import WrongUsage
from openxmo.office.govern.naming import did_you_mean
from openxmo.office.govern.office import Office
from openxmo.office.govern.organisation import Calendar


def open_hours(calendar: Calendar, zone: str) -> BusinessHours:
    """The open hours of a calendar; `zone` is the office's, for a calendar that names none."""
    return business_hours(
        CoreCalendar(
            key=calendar.key,
            label=calendar.label,
            zone=calendar.zone or zone,
            hours={str(day): spans for day, spans in calendar.hours.items()},
            holidays=calendar.holidays,
        )
    )


def hours_of(office: Office, key: str | None) -> BusinessHours:
    """The open hours of the calendar with this key; day and night where a rule names none."""
    if key is None:
        return ALWAYS
    calendars = {calendar.key: calendar for calendar in office.calendars}
    if key not in calendars:
        raise WrongUsage(f'There is no calendar "{key}"{did_you_mean(key, calendars) or "."}')
    return open_hours(calendars[key], office.settings.zone)
