"""The versions of one object: what each changed, when, by whom, why, and whether its series breaks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openxmo.core.signals.store.home import Home
from openxmo.office.govern import store


@dataclass(frozen=True)
class Difference:
    """One field before and after, in words; empty is absent."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Edition:
    """One version of an object. `change` is the number of the change of the office that made it."""

    version: int
    change: int
    what: str
    at: datetime
    by: str
    reason: str
    broke: str | None
    differences: tuple[Difference, ...]


def editions_of(home: Home, kind: str, key: str) -> list[Edition]:
    """The versions of this object, the newest first."""
    found: list[Edition] = []
    before: Mapping[str, Any] = {}
    for change in store.read_history(home):
        for version in change.versions:
            if (version.kind, version.key) == (kind, key):
                differences = tuple(differing(before, version.object))
                found.append(
                    Edition(
                        version.version,
                        change.number,
                        version.what,
                        change.at,
                        change.by,
                        change.reason,
                        version.broke,
                        differences,
                    )
                )
                before = version.object
    return found[::-1]


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """The fields that two forms of an object do not share."""
    old, new = dict(flat(before)), dict(flat(after))
    for field in {**old, **new}:
        if old.get(field) != new.get(field):
            yield Difference(field.replace("_", " "), old.get(field, ""), new.get(field, ""))


def flat(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every field with its value in words; what stands in tables by its path."""
    for key, item in value.items():
        if isinstance(item, Mapping):
            yield from flat(item, f"{path}{key} · ")
        elif isinstance(item, (list, tuple)) and any(isinstance(one, Mapping) for one in item):
            for place, one in enumerate(item, start=1):
                yield from flat(one, f"{path}{key} {place} · ")
        else:
            yield f"{path}{key}", say(item)


def say(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(say(one) for one in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
