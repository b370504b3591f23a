"""What an initiative comes out of: an item of the backlog, a recommendation; only what the planner may see."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.access import Access
from openxmo.office.act.models import Recommendation
from openxmo.office.act.visibility import visible_to as visible_asked
from openxmo.office.decide.visibility import visible_to as visible_items
from openxmo.office.lib.things import Thing, find_thing


def sees(access: Access, name: str) -> bool:
    kind, _colon, key = name.partition(":")
    if not key.isdecimal():
        return False
    if kind == "item":
        return visible_items(access).filter(pk=key).exists()
    if kind == "recommendation":
        return visible_asked(access, Recommendation.objects.all()).filter(pk=key).exists()
    return False


def check_sources(access: Access, names: Iterable[str]) -> None:
    for name in names:
        if name and not sees(access, name):
            raise NotAllowed(_("There is no %s that you see.") % name)


def find_sources(access: Access, names: Iterable[str]) -> list[Thing]:
    """Those that are there and that the person sees."""
    return [thing for name in names if name and sees(access, name) and (thing := find_thing(name, access))]
