"""The pages that stand in the menu. Each room lists its own in `navigation.py`, as `PLACES`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.utils.functional import Promise

ROOMS = ("home", "listen", "understand", "decide", "act", "prove", "govern")
Stage = Literal["home", "listen", "understand", "decide", "act", "prove", "govern"]


@dataclass(frozen=True)
class Place:
    """`label` is the page's question, lazily translated; `route` its URL name; any of `rights` shows it (none: all)."""

    stage: Stage
    label: str | Promise
    route: str
    rights: frozenset[str] = frozenset()


@cache
def all_places() -> tuple[Place, ...]:
    """The pages of all rooms, in the order of the stages; a room is read by its name, never imported here."""
    modules = [f"openxmo.office.{room}.navigation" for room in ROOMS]
    return tuple(place for name in modules if find_spec(name) for place in import_module(name).PLACES)


def find_places(has: Callable[..., bool]) -> list[Place]:
    """The pages of somebody of whom `has(*rights)` says what they may do."""
    return [place for place in all_places() if not place.rights or has(*place.rights)]
