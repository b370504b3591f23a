"""A person leaves every room: each offers its `erasure.forget`, found by listing the rooms."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Protocol

from django.apps import apps

from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.tombstones import Tombstones, words
from openxmo.office.govern.erasure import forget_person, names_of, people_ever_named
from openxmo.office.lib.database import directed_to, has_database, scrub
from openxmo.office.lib.rooms import modules_of_rooms


class Forget(Protocol):
    def __call__(self, names: Collection[str], *, by: str, at: datetime) -> int: ...


def rooms_that_forget() -> Iterator[tuple[str, Forget]]:
    for room, module in modules_of_rooms("erasure"):
        forget = getattr(module, "forget", None)
        if forget is not None:
            yield room, forget


def forget_everywhere(home: Home, subject: str, *, by: str, at: datetime) -> int:
    """Erase a person from the rows of all rooms; returns how many named them."""
    names = names_of(home, subject)
    touched = 0
    if has_database(home.path):
        with directed_to(home.path):
            touched = sum(forget(names, by=by, at=at) for _, forget in rooms_that_forget())
    touched += forget_person(home, subject, by=by, at=at)
    if touched:
        scrub(home.path)
    return touched


def forget_again(home: Home, erased: Tombstones, *, by: str, at: datetime) -> int:
    """Erase whoever has a tombstone and is in the rows all the same, after an older backup was restored."""
    if not erased:
        return 0
    found = {name for name in people_ever_named(home) if erased.match_key(name)}
    with directed_to(home.path):
        found |= {word for word in named_in_rows() if erased.match_key(word)}
    return sum(forget_everywhere(home, name, by=by, at=at) for name in sorted(found))


def named_in_rows() -> Iterator[str]:
    """Every word of every field that may name somebody, as the rooms class their fields."""
    for model in apps.get_models():
        privacy: Any = getattr(model, "Privacy", None)
        held = {field.attname for field in model._meta.concrete_fields}
        naming = [name for name in (privacy.personal | privacy.sensitive if privacy else held) if name in held]
        if not naming:
            continue
        for row in model._base_manager.values_list(*naming).iterator():
            for value in row:
                yield from words(value)
                if isinstance(value, str):
                    yield from value.split(":")
