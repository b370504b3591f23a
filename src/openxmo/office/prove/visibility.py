"""Which initiatives a person sees: those of their units."""

from django.db.models import QuerySet

from openxmo.office.accounts.access import Access
from openxmo.office.prove.models import Initiative


def visible_to(access: Access) -> "QuerySet[Initiative]":
    found = Initiative.objects.all()
    return found if access.units is None else found.filter(unit__in=access.units)
