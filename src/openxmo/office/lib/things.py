"""Naming what the rooms keep, so that a page of one room can point at what stands in another.

A thing is named `kind:key`: `case:7`, `item:3`, `signal:web/a17`. Each room registers its kinds when
Django starts (`AppConfig.ready`); whoever has a name gets its label and address without importing the room,
as far as the reader may see the thing itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True)
class Thing:
    """`what` is the kind in words ("Case"), `label` what it is about, `state` how it stands in one word.

    A `hidden` one is there, but its reader may not see it: it has no address, and nothing of it is told.
    """

    name: str
    what: str
    label: str
    address: str
    state: str = ""
    hidden: bool = False


Describe = Callable[[str, Any], Thing | None]
KINDS: dict[str, Describe] = {}


def register(kind: str, describe: Describe) -> None:
    """`describe(key, access)` gives the thing with that key as this person may see it, or None where it is gone."""
    KINDS[kind] = describe


def find_thing(name: str, access: Any) -> Thing | None:
    """The thing of this name for a person with this access; None for one that is gone, or that nobody keeps."""
    kind, _, key = name.partition(":")
    describe = KINDS.get(kind)
    return describe(key, access) if describe else None


def shown_if(seen: bool, thing: Thing) -> Thing:
    """The thing, or only that there is one."""
    return thing if seen else replace(thing, label=gettext("that you do not see"), address="", state="", hidden=True)
