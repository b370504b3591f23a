"""Which items somebody sees."""

from django.db.models import Q, QuerySet

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.decide.models import Item


def visible_to(access: Access) -> QuerySet[Item]:
    """Items of the units that a person sees, and those of the whole office, for whoever may read scores."""
    if not access.has(Right.READ_SCORES):
        return Item.objects.none()
    if access.units is None:
        return Item.objects.all()
    return Item.objects.filter(Q(unit="") | Q(unit__in=access.units))
