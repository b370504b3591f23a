"""Where a thing came from and what came out of it. The room that keeps the links says how they are found."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from openxmo.office.lib.things import Thing

Walk = Callable[[str, Any], Sequence[Thing]]  # of a name, for a person with this access


@dataclass
class Walks:
    """Set once, when Django starts: this room may not import the one that keeps the trail."""

    earlier: Walk = lambda _name, _access: ()
    later: Walk = lambda _name, _access: ()


WALKS = Walks()


def found_by(earlier: Walk, later: Walk) -> None:
    WALKS.earlier, WALKS.later = earlier, later


def hidden_once(things: Sequence[Thing]) -> list[Thing]:
    """What the reader may not see stands once for each kind, where the first of it stood, with how many there are."""
    count = Counter(thing.what for thing in things if thing.hidden)
    shown: list[Thing] = []
    told: set[str] = set()
    for thing in things:
        if not thing.hidden:
            shown.append(thing)
        elif thing.what not in told:
            told.add(thing.what)
            many = gettext("that you do not see, %s of them") % count[thing.what]
            shown.append(replace(thing, label=many) if count[thing.what] > 1 else thing)
    return shown
