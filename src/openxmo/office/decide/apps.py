"""The decide room, as Django knows it."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext

from openxmo.office.accounts.access import Access
from openxmo.office.lib import things


class DecideConfig(AppConfig):
    name = "openxmo.office.decide"
    label = "decide"

    def ready(self) -> None:
        from openxmo.office.decide.noticed import describe_notice

        things.register("item", describe_item)
        things.register("noticed", describe_notice)


def describe_item(key: str, access: Access) -> things.Thing | None:
    """The item with this number, as trails and other rooms' pages name it."""
    from openxmo.office.decide.models import Item
    from openxmo.office.decide.visibility import visible_to

    item = Item.objects.filter(pk=key).first() if key.isdigit() else None
    if item is None:
        return None
    address, state = reverse("decide-item", args=[item.pk]), str(item.get_state_display())
    thing = things.Thing(f"item:{item.pk}", gettext("Idea"), item.title, address, state)
    return things.shown_if(visible_to(access).filter(pk=item.pk).exists(), thing)
