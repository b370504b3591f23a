"""Who did what, and when. Lines are only ever added, and name things by their ids alone."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from openxmo.core.signals.store.home import Home
from openxmo.office.govern import ledger
from openxmo.office.govern.organisation import Declared


class Entry(Declared, frozen=True, kw_only=True):
    """`by` did `what` to the things named in `on`: `receipt:7`, `metric:nps`, `office:12`."""

    at: datetime
    by: str
    what: str
    on: tuple[str, ...] = ()


def record(home: Home, what: str, *, by: str, at: datetime, on: Iterable[str] = ()) -> Entry:
    """Add one line and return when it is on the disk. Never give it a name, a word or a value: ids only."""
    entry = Entry(at=at.astimezone(UTC), by=by, what=what, on=tuple(on))
    with ledger.locked(_folder(home)):
        ledger.append(_file(home), entry)
    return entry


def read_audit(home: Home, *, by: str | None = None, what: str | None = None) -> list[Entry]:
    """The lines in their order, of one person or one deed if named."""
    entries = ledger.read_events(_file(home), Entry)
    return [entry for entry in entries if by in (None, entry.by) and what in (None, entry.what)]


def forget(home: Home, names: Collection[str], *, as_: str) -> int:
    """Put `as_` in the place of these people, who are erased; returns how many lines named them."""
    if not _file(home).exists():
        return 0
    with ledger.locked(_folder(home)):
        entries = ledger.read_events(_file(home), Entry)
        without = [_without(entry, names, as_) for entry in entries]
        touched = sum(before != after for before, after in zip(entries, without, strict=True))
        if touched:
            ledger.rewrite(_file(home), without)
    return touched


def _without(entry: Entry, names: Collection[str], as_: str) -> Entry:
    on = tuple(thing for thing in entry.on if thing.partition(":")[2] not in names)
    return msgspec.structs.replace(entry, by=as_ if entry.by in names else entry.by, on=on)


def _folder(home: Home) -> Path:
    return home.office / "audit"


def _file(home: Home) -> Path:
    return _folder(home) / "audit.ndjson"
