"""The decide room, as Django knows it."""

from django.apps import AppConfig

from openxmo.office.lib import things


class DecideConfig(AppConfig):
    name = "openxmo.office.decide"
    label = "decide"

    def ready(self) -> None:
        things.register("item", describe_item)


def describe_item(key: str) -> things.Thing | None:
    """The item with this number, as trails and other rooms' pages name it."""
    from openxmo.office.decide.models import Item

    item = Item.objects.filter(pk=key).first() if key.isdigit() else None
    if item is None:
        return None
    return things.Thing(f"item:{item.pk}", "Idea", item.title, f"/decide/items/{item.pk}/", item.get_state_display())
