"""What the frame of every page needs: the menu, by the rights of who looks."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest

from openxmo.office.lib.navigation import Place

ROOMS = ("home", "listen", "understand", "decide", "act", "prove", "govern")


@cache
def places() -> tuple[Place, ...]:
    """The pages of all rooms, in the order of the stages."""
    modules = [f"openxmo.office.{room}.navigation" for room in ROOMS]
    return tuple(place for name in modules if find_spec(name) for place in import_module(name).PLACES)


def frame(request: HttpRequest) -> dict[str, Any]:
    access = getattr(request, "access", None)
    if not access:
        return {"places": ()}
    seen = [place for place in places() if not place.rights or access.has(*place.rights)]
    return {"places": seen, "access": access}
