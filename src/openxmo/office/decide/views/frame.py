"""What every page of the backlog begins with: what the person sees of it, who asks, and the idea that is asked for."""

from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from openxmo.office.decide.models import Item
from openxmo.office.decide.permissions import check_see
from openxmo.office.decide.seen import Backlog
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now


class Frame(Backlog):
    """One request's view of the backlog."""

    def __init__(self, request: OfficeRequest) -> None:
        super().__init__(request.office, request.access, now())
        self.request = request

    @property
    def by(self) -> str:
        return self.access.name

    def find(self, item_id: int) -> Item:
        """The item, if the person sees it."""
        item = Item.objects.select_related("merged_into").filter(pk=item_id).first()
        if item is None:
            raise Http404(gettext("There is no such idea."))
        check_see(self.access, item)
        return item

    def unit_label(self, key: str) -> str:
        return next((unit.label or unit.key for unit in self.office.units if unit.key == key), key)


def address_of(route: str, query: str = "", **parts: Any) -> str:
    """The address of another room's page, empty where there is no such page."""
    try:
        return reverse(route, kwargs=parts or None) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""
