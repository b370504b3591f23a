"""Naming what the rooms keep, so that a page of one room can point at what stands in another.

A thing is named `kind:key`: `case:7`, `item:3`, `signal:web/a17`. Each room registers its kinds when
Django starts (`AppConfig.ready`); whoever has a name gets its label and address without importing the room.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Thing:
    """`what` is the kind in words ("Case"), `label` what it is about, `state` how it stands in one word."""

    name: str
    what: str
    label: str
    address: str
    state: str = ""


Describe = Callable[[str], Thing | None]
KINDS: dict[str, Describe] = {}


def register(kind: str, describe: Describe) -> None:
    """`describe(key)` gives the thing with that key, or None where it is gone."""
    KINDS[kind] = describe


def find_thing(name: str) -> Thing | None:
    """The thing of this name; None for one that is gone, or of a kind that nobody keeps."""
    kind, _, key = name.partition(":")
    describe = KINDS.get(kind)
    return describe(key) if describe else None
