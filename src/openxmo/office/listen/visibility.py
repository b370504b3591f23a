"""Which openings of surveys a person sees: those of their units, and without a unit only who sees them all."""

from django.db.models import QuerySet

from openxmo.office.accounts.access import Access
from openxmo.office.listen.models import Opening


def openings_for(access: Access) -> QuerySet[Opening]:
    openings = Opening.objects.all()
    return openings if access.units is None else openings.filter(unit__in=access.units)
