"""The unit of the frame's picker as conditions of a question."""

from openxmo.office.govern.queries import read_office, units_within
from openxmo.office.govern.session import Session
from openxmo.office.ui.asked import Asked


def conditions_of(asked: Asked, office: Session) -> tuple[tuple[str, str], ...]:
    """That unit and all below it; nothing where none is chosen."""
    if asked.unit is None:
        return ()
    below = units_within(read_office(office.home).units, [asked.unit], day=office.today())
    return tuple(("unit", unit) for unit in sorted(below))
