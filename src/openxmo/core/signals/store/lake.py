"""The lake: Delta tables in the home's folder or at an object store, read through their file lists, with one writer.

A commit is durable when it returns: the Parquet files and their folders are synced before the log
names them, the log entry and its folder after. The caller of a writing function holds the lock.
"""

import hashlib
import json
import re
import secrets
import uuid
from collections.abc import Iterable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from openxmo.core.errors import UnreadableInput, UserError
from openxmo.core.signals.store.durable import cannot_write, make_folder, replace_file
from openxmo.core.signals.store.home import LAKE_FORMAT, Home, make_home, read_settings
from openxmo.core.signals.store.object_store import OPTIONS, refuse_unfit, remote_place
from openxmo.core.signals.store.parquet import stored_type, take_back, write_files
from openxmo.core.signals.store.places import LOG, LocalPlace, Place, entry_name
from openxmo.core.signals.store.tables import (
    ENRICHMENTS,
    IDENTITIES,
    MARKS,
    SIGNALS,
    SUPERSEDED,
    TABLES,
    Table,
)
from openxmo.core.signals.store.turns import Leasing, Turn, overtaken, without_lease

ANSWERING = (SIGNALS, SUPERSEDED, MARKS, ENRICHMENTS, IDENTITIES)  # the tables that an answer is computed from
CHECKPOINT_EVERY = 50  # commits; a log without checkpoints is read from its beginning
LOG_KEPT = "interval 7 days"
LOG_ENTRY = re.compile(r"^(\d{20})\.(json|checkpoint.*\.parquet)$")
NO_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


@dataclass(frozen=True)
class Lake:
    """The tables of one home. Opening it reads nothing but the home's settings.

    `address` is where they lie if not in the home; such a lake is written in turn, by whoever has its lease.
    """

    home: Home
    address: str | None = None
    turn: Turn | None = field(default=None, compare=False, repr=False)

    @classmethod
    def create(cls, home: Home, *, at: datetime, address: str | None = None, leasing: Leasing | None = None) -> "Lake":
        """Makes folders, keys and empty tables; an office that is already there is opened as it is."""
        if home.exists():
            return cls.open(home, leasing=leasing)
        if address is not None:
            refuse_unfit(address)
        lake = cls(home, address)
        try:
            make_folder(home.keys)
            make_secret(home.keys / "secret")
            for table in TABLES:
                create_table(lake.place(table), table)
            make_home(home, office_id=secrets.token_hex(8), at=at, lake=address)
        except OSError as error:
            raise cannot_write(home.path, error) from error
        return cls.of(home, leasing=leasing)

    @classmethod
    def open(cls, home: Home, *, leasing: Leasing | None = None) -> "Lake":
        """Refuses, with a sentence, a folder without an office and one of a newer or an older format.

        Without `leasing` a lake at an object store can only be read.
        """
        settings = read_settings(home)
        if settings["lake_format"] < LAKE_FORMAT:
            raise UnreadableInput(
                f"This office's lake is of format {settings['lake_format']}, this OpenXMO's of {LAKE_FORMAT}.",
                where=str(home.settings_file),
                mend="Run `xmo upgrade`; it makes a backup first.",
            )
        return cls._of(home, settings, leasing)

    @classmethod
    def of(cls, home: Home, *, leasing: Leasing | None = None) -> "Lake":
        """The lake of a home, of whatever format."""
        return cls._of(home, read_settings(home), leasing)

    @classmethod
    def _of(cls, home: Home, settings: Mapping[str, Any], leasing: Leasing | None) -> "Lake":
        address = settings.get("lake")
        turn = None if address is None or leasing is None else Turn(leasing(address), address)
        return cls(home, address, turn)

    def __str__(self) -> str:
        """Where it lies, as people are told."""
        return str(self.home.lake) if self.address is None else self.address

    @property
    def version(self) -> int:
        """Grows with every commit that can change an answer."""
        return sum(newest_version(self.place(table)) for table in ANSWERING)

    def place(self, table: Table) -> Place:
        if self.address is None:
            return LocalPlace(self.folder(table))
        return remote_place(f"{self.address}/{table.name}")

    def folder(self, table: Table) -> Path:
        """Of a lake in the home."""
        return self.home.lake / table.name

    def delta(self, table: Table) -> DeltaTable | None:
        """The table as Delta sees it now, or None where the office has none yet."""
        place = self.place(table)
        try:
            return place.delta()
        except TableNotFoundError:
            return None
        except DeltaError as error:
            raise UnreadableInput(
                f"The lake's table `{table.name}` cannot be read: {error}.",
                where=str(place),
                mend="Run `xmo doctor`; if it cannot mend it, restore a backup.",
            ) from error

    def names(self, table: Table) -> list[str]:
        """The Parquet files that make up the table now, as its place knows them."""
        found = self.delta(table)
        if found is None:
            return []
        actions: Any = found.get_add_actions(flatten=True)
        return sorted(actions.column("path").to_pylist())

    def files(self, table: Table) -> list[str]:
        """The same, whole: with the folder or the address."""
        place = self.place(table)
        return [str(place.name(name)) for name in self.names(table)]

    def read(self, table: Table) -> pa.Table:
        """The whole table in its declared schema: for the small tables only."""
        place = self.place(table)
        parts = [read_file(table, place, name) for name in self.names(table)]
        return pa.concat_tables([table.schema.empty_table(), *parts])

    def append(
        self,
        table: Table,
        data: pa.Table | pa.RecordBatchReader,
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> int:
        """Adds the rows in one durable commit and returns the table's new version.

        Rows of one partition should lie together. `metadata` goes into the commit itself.
        """
        batches: Iterable[Any] = [data] if isinstance(data, pa.Table) else data
        return self.commit(table, self.write(table, batches), metadata=metadata)

    def write(self, table: Table, data: Iterable[pa.Table | pa.RecordBatch]) -> list[AddAction]:
        """Durable files that no reader sees until they are committed."""
        place = self.place(table)
        try:
            return write_files(table, place, data)
        except OSError as error:
            raise place.refused(error) from error

    def commit(
        self,
        table: Table,
        actions: list[AddAction | RemoveAction] | list[AddAction],
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> int:
        """Makes files part of the table, or no part of it any more, all at once; returns the new version."""
        place = self.place(table)
        if self.address is None:
            version = commit_here(table, place, actions, dict(metadata or {}))
        else:
            version = self._commit_in_turn(table, place, actions, dict(metadata or {}))
        if version % CHECKPOINT_EVERY == 0:
            with suppress(UserError) if self.address is not None else nullcontext():
                checkpoint(place)  # what is committed is so without it too
        return version

    def _commit_in_turn(
        self, table: Table, place: Place, actions: Iterable[AddAction | RemoveAction], metadata: dict[str, str]
    ) -> int:
        if self.turn is None:
            raise without_lease(str(self))
        try:
            self.turn.check()
        except UserError:
            take_back(place, added(actions))
            raise
        before = self.turn.versions[table.name]
        self.turn.in_doubt = True
        self.turn.versions[table.name] = commit_over(table, place, actions, metadata, before=before)
        self.turn.in_doubt = False
        return before + 1

    def still_in_turn(self) -> None:
        """Refuses to go on where another writer may have begun; a lake in the home has the lock of its home."""
        if self.turn is not None:
            self.turn.check()

    def key(self, purpose: str) -> bytes:
        """A key of this office for one purpose, 32 bytes; hashes made with it say nothing elsewhere."""
        secret = (self.home.keys / "secret").read_bytes()
        return hashlib.blake2b(purpose.encode(), key=secret, digest_size=32).digest()


def read_file(table: Table, place: Place, name: str) -> pa.Table:
    """One file's rows in the table's schema; the value of the partition is in the folder's name."""
    from pyarrow.parquet import ParquetFile  # here and not above: no question needs it

    rows = ParquetFile(place.open(name)).read()
    for key in table.partition_by:
        value = pa.scalar(Path(name).parent.name.removeprefix(f"{key}="))
        rows = rows.append_column(key, pa.repeat(value, rows.num_rows))
    missing = [name for name in table.schema.names if name not in rows.column_names]  # of a file from before it
    for name in missing:
        rows = rows.append_column(name, pa.nulls(rows.num_rows, table.schema.field(name).type))
    return rows.select(table.schema.names).cast(table.schema)


def make_secret(path: Path) -> None:
    if not path.exists():
        replace_file(path, secrets.token_bytes(32), mode=0o600)


def create_table(place: Place, table: Table) -> None:
    if isinstance(place, LocalPlace):
        make_folder(place.folder)
    options = None if isinstance(place, LocalPlace) else OPTIONS
    try:
        DeltaTable.create(
            str(place),
            schema=delta_schema(table),
            mode="ignore",
            partition_by=list(table.partition_by),
            configuration={
                "delta.dataSkippingStatsColumns": ",".join(table.stats_on),
                "delta.logRetentionDuration": LOG_KEPT,
                "delta.deletedFileRetentionDuration": LOG_KEPT,
            },
            storage_options=options,
        )
    except OSError as error:
        raise place.refused(error) from error
    place.sync_log([entry_name(0)])
    place.settle([LOG])


def delta_schema(table: Table) -> pa.Schema:
    return pa.schema([(field.name, stored_type(field.type)) for field in table.schema])


def newest_version(place: Place) -> int:
    """The table's version by the names in its log, -1 without one: 50 times quicker than opening it."""
    return max((int(found[1]) for name in place.log_names() if (found := LOG_ENTRY.match(name))), default=-1)


def commit_here(
    table: Table, place: Place, actions: Iterable[AddAction | RemoveAction], metadata: dict[str, str]
) -> int:
    """A commit to a lake in the home, whose lock keeps others out."""
    before = newest_version(place)
    try:
        put_entry(table, place.delta(), actions, metadata)
        version = newest_version(place)
        place.sync_log([entry_name(version)])
    except (OSError, DeltaError) as error:
        if newest_version(place) == before:
            take_back(place, added(actions))
        raise failed_commit(place, error) from error
    return version


def commit_over(
    table: Table, place: Place, actions: Iterable[AddAction | RemoveAction], metadata: dict[str, str], *, before: int
) -> int:
    """A commit right after the version `before`, or none at all where another writer has made one since.

    A store may carry out what its answer is lost of: whether the entry that is there is ours, it says itself.
    """
    ours = uuid.uuid4().hex
    try:
        put_entry(table, place.delta(before), actions, metadata | {"commit": ours}, retries=0)
    except (OSError, DeltaError) as error:
        if commit_info(place, before + 1).get("commit") == ours:
            return before + 1
        if newest_version(place) == before:  # it may arrive yet: its files stay, and a vacuum takes them if it does not
            raise failed_commit(place, error) from error
        take_back(place, added(actions))
        raise overtaken(str(place)) from error
    return before + 1


def added(actions: Iterable[AddAction | RemoveAction]) -> list[AddAction]:
    return [action for action in actions if isinstance(action, AddAction)]


def put_entry(
    table: Table,
    delta: DeltaTable,
    actions: Iterable[AddAction | RemoveAction],
    metadata: Mapping[str, str],
    *,
    retries: int | None = None,
) -> None:
    delta.create_write_transaction(
        [*actions],
        "append",
        delta_schema(table),
        list(table.partition_by),
        commit_properties=CommitProperties(custom_metadata=dict(metadata), max_commit_retries=retries),
        post_commithook_properties=NO_HOOKS,
    )


def commit_info(place: Place, version: int) -> dict[str, Any]:
    """What the commit says about itself; empty where its log entry is summed up and gone."""
    for line in (place.read_entry(version) or "").splitlines():
        if '"commitInfo"' in line:
            info: dict[str, Any] = json.loads(line).get("commitInfo", {})
            return info
    return {}


def checkpoint(place: Place) -> None:
    """Sums the log up, durably, and only then lets go of entries that are past their time."""
    delta = place.delta()
    try:
        delta.create_checkpoint()
        begin = f"{delta.version():020}.checkpoint"
        place.sync_log([name for name in place.log_names() if name.startswith(begin) or name == "_last_checkpoint"])
        delta.cleanup_metadata()
    except OSError as error:
        raise place.refused(error) from error


def failed_commit(place: Place, error: Exception) -> UserError:
    if isinstance(error, OSError):
        return place.refused(error)
    return UnreadableInput(
        f"The lake could not be written: {error}.",
        where=str(place),
        mend="Nothing was half done; make room or give write access, then do the same again.",
    )
