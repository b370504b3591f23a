"""Taking a person out of the office: out of what stands, and out of every version and audit line there was."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.govern import store
from openxmo.office.lib.database import scrub

ERASED = "(erased)"
# Fields that hold keys of other things; a person's key is never one of them, though it may be spelled the same.
_OF_THINGS = """
key version kind signal over column link take metric xla parent questions surveys journeys objective calendar roles then
zone currency scale unit voice family better every language within first_reply resolve
"""
OF_THINGS = frozenset(_OF_THINGS.split())


def forget_person(home: Home, subject: str, *, by: str, at: datetime) -> int:
    """Erase a person from the office, its history and its audit; returns how many lines named them.

    `subject` is their name or their agent key. What they owned or did says `(erased)` from then on.
    """
    with store.writing(home):
        history = store.read_history(home)
        names = {subject} | _names_of(history, subject)
        without = [_without(change, names) for change in history]
        touched = sum(before != after for before, after in zip(history, without, strict=True))
        if touched:
            store.replace_history(home, without)
        touched += audit.forget(names, as_=ERASED, home=home.path)
        if touched:
            named = ERASED if by in names else by
            audit.record("person erased from the office", by=named, at=at, home=home.path)
    if touched:
        scrub(home.path)
    return touched


def names_of(home: Home, subject: str) -> set[str]:
    """All that the office calls this person: what is given, and where it is one of its people, name and agent key."""
    return {subject} | _names_of(store.read_history(home), subject)


def forget(names: Collection[str], *, by: str, at: datetime) -> int:  # noqa: ARG001
    """Take these people out of what the trail says about who linked what; the office itself is `forget_person`'s."""
    from openxmo.office.govern.models import TrailLink

    return TrailLink.objects.filter(made_by__in=names).update(made_by=ERASED)


def people_ever_named(home: Home) -> set[str]:
    """Names and agent keys of all who are or were in this office."""
    versions = (version for change in store.read_history(home) for version in change.versions)
    return {name for version in versions if version.kind == "person" for name in _called(version)}


def _names_of(history: Iterable[store.ChangeSet], subject: str) -> set[str]:
    """Name and agent key of whoever is or was called so."""
    found: set[str] = set()
    for change in history:
        for version in change.versions:
            if version.kind == "person" and subject in _called(version):
                found |= _called(version)
    return found


def _called(version: store.Version) -> set[str]:
    return {str(version.object[field]) for field in ("name", "agent") if field in version.object}


def _without(change: store.ChangeSet, names: set[str]) -> store.ChangeSet:
    kept = tuple(
        msgspec.structs.replace(version, object=_clean(version.object, names))
        for version in change.versions
        if not (version.kind == "person" and _called(version) & names)
    )
    named = ERASED if change.by in names else change.by
    return msgspec.structs.replace(change, versions=kept, by=named, reason=_blank(change.reason, names))


def _clean(item: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """An object that names these people nowhere. Nobody can read along in an erased person's place."""
    kept = {key: value for key, value in item.items() if key != "second_reader" or value not in names}
    return {key: value if key in OF_THINGS else _blank(value, names) for key, value in kept.items()}


def _blank(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: item if key in OF_THINGS else _blank(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_blank(item, names) for item in value]
    if not isinstance(value, str):
        return value
    for name in names:
        value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ERASED, value)
    return value
