"""Which openings, notices, files and rejected rows a person sees: those of their units; without one, who sees all."""

from typing import Any

from django.db.models import QuerySet

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.listen.models import FileImport, Notice, Opening


def openings_for(access: Access) -> QuerySet[Opening]:
    openings = Opening.objects.all()
    return openings if access.units is None else openings.filter(unit__in=access.units)


def notices_for(access: Access) -> QuerySet[Notice]:
    """For whoever keeps the backlog: who noticed something allowed them to read it, and nobody else."""
    if not access.has(Right.KEEP_BACKLOG):
        return Notice.objects.none()
    return Notice.objects.all() if access.units is None else Notice.objects.filter(unit__in=access.units)


def files_for(access: Access) -> QuerySet[FileImport]:
    """A file names no unit before it is read: who is limited to some sees what they sent themselves."""
    return FileImport.objects.all() if access.units is None else FileImport.objects.filter(made_by=access.name)


def sees_row(access: Access, row: Any, *, sent_by: str) -> bool:
    """Whether a row that was not taken is shown: it is of a unit in sight, or they sent it themselves."""
    if access.units is None or sent_by == access.name:
        return True
    unit = row.get("unit") if isinstance(row, dict) else None
    return isinstance(unit, str) and access.sees_unit(unit)
