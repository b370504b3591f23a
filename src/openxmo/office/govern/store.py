"""The office's file in the home: every change as one line, from which the office of any moment is read.

The functions here are those that a database will serve; nothing outside this module knows the file.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.home import Home
from openxmo.office.govern import ledger
from openxmo.office.govern.office import KINDS, SETTINGS, Office, build_office, struct_of
from openxmo.office.govern.organisation import Declared

HISTORY_FORMAT = 1
What = Literal["added", "changed", "archived"]


class Version(Declared, frozen=True, kw_only=True):
    """One object as one change left it. `broke` is the date on which its series breaks, if it does."""

    kind: str
    key: str
    version: int
    what: What
    object: dict[str, Any]
    broke: str | None = None


class ChangeSet(Declared, frozen=True, kw_only=True):
    """All that one person changed at once: it happens whole or not at all."""

    number: int
    at: datetime
    by: str
    versions: tuple[Version, ...]
    format: int = HISTORY_FORMAT


@dataclass(frozen=True)
class Standing:
    """An object as it stands, or stood at a moment. Archived ones are kept, for they may come back."""

    kind: str
    key: str
    version: int
    object: Any
    archived: bool
    at: datetime
    by: str
    breaks: tuple[str, ...]


Standings = Mapping[tuple[str, str], Standing]


def has_office(home: Home) -> bool:
    return _file(home).exists()


def writing(home: Home) -> AbstractContextManager[None]:
    """Hold this around reading the office and changing it: one writer at a time."""
    return ledger.locked(home.office)


def read_history(home: Home) -> list[ChangeSet]:
    """Every change there was, in order."""
    return ledger.read_events(_file(home), ChangeSet)


def add_change(home: Home, change: ChangeSet) -> None:
    """Store one change; returns when it is on the disk."""
    ledger.append(_file(home), change)


def replace_history(home: Home, history: Iterable[ChangeSet]) -> None:
    """Only erasure does this."""
    ledger.rewrite(_file(home), history)


def read_standings(home: Home, *, known_at: datetime | None = None) -> Standings:
    """Each object's newest version, of those that were known at `known_at`."""
    standings: dict[tuple[str, str], Standing] = {}
    for change in read_history(home):
        if known_at is not None and change.at > known_at:
            continue
        for version in change.versions:
            place = (version.kind, version.key)
            standings[place] = _next(standings.get(place), version, change)
    return standings


def _next(before: Standing | None, version: Version, change: ChangeSet) -> Standing:
    breaks = before.breaks if before else ()
    return Standing(
        kind=version.kind,
        key=version.key,
        version=version.version,
        object=_decode(version),
        archived=version.what == "archived",
        at=change.at,
        by=change.by,
        breaks=(*breaks, version.broke) if version.broke else breaks,
    )


def office_of(standings: Standings) -> Office:
    """The office made of what is not archived."""
    return build_office((one.kind, one.object) for one in standings.values() if not one.archived)


def _decode(version: Version) -> Any:
    if version.kind != SETTINGS and version.kind not in KINDS:
        raise UnreadableInput(
            f"This office holds a kind of object that this OpenXMO does not know: {version.kind}.",
            mend="Install the newer version.",
        )
    try:
        return msgspec.convert(version.object, struct_of(version.kind))
    except msgspec.ValidationError as error:
        raise UnreadableInput(
            f'The {version.kind} "{version.key}" of this office cannot be read: {error}.',
            mend="It was written by a newer OpenXMO: install that, or put a backup back.",
        ) from None


def _file(home: Home) -> Path:
    return home.office / "history.ndjson"
