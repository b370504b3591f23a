"""What is declared of the office, in the database: every change with its versions, from which any moment is read.

Nothing outside this module knows the rows. What was read is kept in memory by the newest change, so
that asking again costs one row.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

import msgspec

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.ledger import history_file
from openxmo.office.govern.office import KINDS, SETTINGS, Office, build_office, struct_of
from openxmo.office.govern.organisation import Declared
from openxmo.office.lib.database import database_of, has_database, make_database

if TYPE_CHECKING:
    from openxmo.office.govern.models import OfficeChange

HISTORY_FORMAT = 1
MOST_KEPT = 8  # histories in memory
LOCK = 742_002  # of PostgreSQL: one change of the office at a time
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
    reason: str = ""
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
    return _newest(home) is not None


@contextmanager
def writing(home: Home) -> Iterator[None]:
    """One transaction around reading the office and changing it: one writer at a time, all of it or nothing."""
    refuse_old(home)
    make_database(home.path)
    alias = database_of(home.path)
    from django.db import OperationalError, connections, transaction

    try:
        with transaction.atomic(using=alias):
            if connections[alias].vendor == "postgresql":
                with connections[alias].cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            yield
    except OperationalError as error:
        raise cannot_change(home, error) from None


def cannot_change(home: Home, error: Exception) -> UnreadableInput:
    """The sentence for a database that did not take a change."""
    if "locked" in str(error):
        what = "Somebody else is changing the office."
        mend = "Nothing was changed; try again in a moment."
    else:
        what, mend = (
            f"The office's database cannot be written: {error}.",
            "Nothing was changed; make room and try again.",
        )
    return UnreadableInput(what, where=str(home.office), mend=mend)


def refuse_old(home: Home) -> None:
    """An office whose changes still lie in a file, as older versions kept them, is moved by an upgrade first."""
    if history_file(home).exists():
        raise UnreadableInput(
            "This office was made by an older OpenXMO.", where=str(home.path), mend="Run `xmo upgrade` first."
        )


def read_history(home: Home) -> list[ChangeSet]:
    """Every change there was, in order."""
    return list(_read(home).changes)


def add_change(home: Home, change: ChangeSet) -> None:
    """Store one change; it stands once the transaction of `writing` ends."""
    _insert(database_of(home.path), [change])


def replace_history(home: Home, history: Iterable[ChangeSet]) -> None:
    """Only erasure does this."""
    alias = database_of(home.path)
    from openxmo.office.govern.models import OfficeChange

    OfficeChange.objects.using(alias).all().delete()
    _insert(alias, history)
    with _LOCK:
        _KEPT.clear()


@dataclass(frozen=True)
class _Read:
    """All changes, and the objects that they leave."""

    changes: tuple[ChangeSet, ...]
    standings: "Standings"


_KEPT: OrderedDict[str, _Read] = OrderedDict()  # by the stamp of the newest change
_LOCK = Lock()


def newest_stamp(home: Home) -> str:
    """Names the office as it stands: the same stamp, the same office. Empty where none was written."""
    return _newest(home) or ""


def _newest(home: Home) -> str | None:
    refuse_old(home)
    if not has_database(home.path):
        return None
    alias = database_of(home.path)
    from openxmo.office.govern.models import OfficeChange

    return OfficeChange.objects.using(alias).order_by("-number").values_list("stamp", flat=True).first()


def _read(home: Home) -> _Read:
    stamp = _newest(home)
    if stamp is None:
        return _Read((), {})
    with _LOCK:
        if stamp in _KEPT:
            _KEPT.move_to_end(stamp)
            return _KEPT[stamp]
    alias = database_of(home.path)
    from openxmo.office.govern.models import OfficeChange

    rows = OfficeChange.objects.using(alias).prefetch_related("versions").order_by("number")
    changes = tuple(_change(row) for row in rows)
    found = _Read(changes, _stand(changes))
    if rows and rows[len(rows) - 1].stamp == stamp:  # nobody changed it in between
        with _LOCK:
            _KEPT[stamp] = found
            while len(_KEPT) > MOST_KEPT:
                _KEPT.popitem(last=False)
    return found


def _change(row: "OfficeChange") -> ChangeSet:
    versions = (
        Version(
            kind=one.kind,
            key=one.key,
            version=one.version,
            what=one.what,  # type: ignore[arg-type]  # a constraint of the table
            object=msgspec.json.decode(one.object),
            broke=one.broke,
        )
        for one in sorted(row.versions.all(), key=lambda one: one.pk)
    )
    return ChangeSet(
        number=row.number, at=row.at.astimezone(UTC), by=row.by, versions=tuple(versions), reason=row.reason
    )


def _insert(alias: str, history: Iterable[ChangeSet]) -> None:
    from openxmo.office.govern.models import OfficeChange, OfficeVersion

    for change in history:
        row = OfficeChange.objects.using(alias).create(
            number=change.number, at=change.at, by=change.by, stamp=uuid4().hex, reason=change.reason
        )
        OfficeVersion.objects.using(alias).bulk_create(
            OfficeVersion(
                change=row,
                kind=one.kind,
                key=one.key,
                version=one.version,
                what=one.what,
                object=msgspec.json.encode(one.object).decode(),
                broke=one.broke,
            )
            for one in change.versions
        )


def read_standings(home: Home, *, known_at: datetime | None = None) -> Standings:
    """Each object's newest version, of those that were known at `known_at`."""
    read = _read(home)
    return read.standings if known_at is None else _stand(read.changes, known_at=known_at)


def _stand(changes: Iterable[ChangeSet], *, known_at: datetime | None = None) -> Standings:
    standings: dict[tuple[str, str], Standing] = {}
    for change in changes:
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
