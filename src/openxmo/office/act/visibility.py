"""What of this room a person may see: by unit. What has no unit is seen by office-wide roles alone."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from openxmo.office.accounts.access import Access

M = TypeVar("M", bound=Model)


def visible_to(access: Access, rows: QuerySet[M]) -> QuerySet[M]:
    """The rows of the units of this person."""
    return rows if access.units is None else rows.filter(unit__in=sorted(access.units))
