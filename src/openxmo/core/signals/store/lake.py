"""The lake: Delta tables in the home's folder, read through their file lists, written by one writer.

A commit is durable when it returns: the Parquet files and their folders are synced before the log
names them, the log entry and its folder after. The caller of a writing function holds the lock.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.durable import cannot_write, make_folder, replace_file, sync_file, sync_folder
from openxmo.core.signals.store.home import LAKE_FORMAT, Home, make_home, read_settings
from openxmo.core.signals.store.parquet import stored_type, take_back, write_files
from openxmo.core.signals.store.tables import (
    ENRICHMENTS,
    IDENTITIES,
    MARKS,
    SIGNALS,
    SUPERSEDED,
    TABLES,
    Table,
)

ANSWERING = (SIGNALS, SUPERSEDED, MARKS, ENRICHMENTS, IDENTITIES)  # the tables that an answer is computed from
CHECKPOINT_EVERY = 50  # commits; a log without checkpoints is read from its beginning
LOG_KEPT = "interval 7 days"
LOG_ENTRY = re.compile(r"^(\d{20})\.(json|checkpoint.*\.parquet)$")
NO_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


@dataclass(frozen=True)
class Lake:
    """The tables of one home. Opening it reads nothing but the home's settings."""

    home: Home

    @classmethod
    def create(cls, home: Home, *, at: datetime) -> "Lake":
        """Makes folders, keys and empty tables; an office that is already there is opened as it is."""
        if home.exists():
            return cls.open(home)
        try:
            make_folder(home.keys)
            make_secret(home.keys / "secret")
            for table in TABLES:
                create_table(home, table)
            make_home(home, office_id=secrets.token_hex(8), at=at)
        except OSError as error:
            raise cannot_write(home.path, error) from error
        return cls(home)

    @classmethod
    def open(cls, home: Home) -> "Lake":
        """Refuses, with a sentence, a folder without an office and one of a newer or an older format."""
        settings = read_settings(home)
        if settings["lake_format"] < LAKE_FORMAT:
            raise UnreadableInput(
                f"This office's lake is of format {settings['lake_format']}, this OpenXMO's of {LAKE_FORMAT}.",
                where=str(home.settings_file),
                mend="Run `xmo upgrade`; it makes a backup first.",
            )
        return cls(home)

    @property
    def version(self) -> int:
        """Grows with every commit that can change an answer."""
        return sum(newest_version(self.folder(table)) for table in ANSWERING)

    def folder(self, table: Table) -> Path:
        return self.home.lake / table.name

    def delta(self, table: Table) -> DeltaTable | None:
        """The table as Delta sees it now, or None where the office has none yet."""
        try:
            return DeltaTable(str(self.folder(table)))
        except TableNotFoundError:
            return None
        except DeltaError as error:
            raise UnreadableInput(
                f"The lake's table `{table.name}` cannot be read: {error}.",
                where=str(self.folder(table)),
                mend="Run `xmo doctor`; if it cannot mend it, restore a backup.",
            ) from error

    def files(self, table: Table) -> list[str]:
        """The Parquet files that make up the table now. Other files in the folder do not count."""
        found = self.delta(table)
        return sorted(found.file_uris()) if found is not None else []

    def read(self, table: Table) -> pa.Table:
        """The whole table in its declared schema: for the small tables only."""
        parts = [read_file(table, Path(path)) for path in self.files(table)]
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
        try:
            return write_files(table, self.folder(table), data)
        except OSError as error:
            raise cannot_write(self.folder(table), error) from error

    def commit(
        self,
        table: Table,
        actions: list[AddAction | RemoveAction] | list[AddAction],
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> int:
        """Makes files part of the table, or no part of it any more, all at once; returns the new version."""
        before = newest_version(self.folder(table))
        try:
            delta = DeltaTable(str(self.folder(table)))
            delta.create_write_transaction(
                [*actions],
                "append",
                delta_schema(table),
                list(table.partition_by),
                commit_properties=CommitProperties(custom_metadata=dict(metadata or {})),
                post_commithook_properties=NO_HOOKS,
            )
            version = newest_version(self.folder(table))
            sync_log(self.folder(table), version)
        except (OSError, DeltaError) as error:
            if newest_version(self.folder(table)) == before:
                take_back(self.folder(table), [action for action in actions if isinstance(action, AddAction)])
            raise failed_commit(self.folder(table), error) from error
        if version % CHECKPOINT_EVERY == 0:
            checkpoint(self.folder(table))
        return version

    def key(self, purpose: str) -> bytes:
        """A key of this office for one purpose, 32 bytes; hashes made with it say nothing elsewhere."""
        secret = (self.home.keys / "secret").read_bytes()
        return hashlib.blake2b(purpose.encode(), key=secret, digest_size=32).digest()


def read_file(table: Table, path: Path) -> pa.Table:
    """One file's rows in the table's schema; the value of the partition is in the folder's name."""
    from pyarrow.parquet import ParquetFile  # here and not above: no question needs it

    rows = ParquetFile(path).read()
    for key in table.partition_by:
        value = pa.scalar(path.parent.name.removeprefix(f"{key}="))
        rows = rows.append_column(key, pa.repeat(value, rows.num_rows))
    missing = [name for name in table.schema.names if name not in rows.column_names]  # of a file from before it
    for name in missing:
        rows = rows.append_column(name, pa.nulls(rows.num_rows, table.schema.field(name).type))
    return rows.select(table.schema.names).cast(table.schema)


def make_secret(path: Path) -> None:
    if not path.exists():
        replace_file(path, secrets.token_bytes(32), mode=0o600)


def create_table(home: Home, table: Table) -> None:
    folder = home.lake / table.name
    make_folder(folder)
    DeltaTable.create(
        str(folder),
        schema=delta_schema(table),
        mode="ignore",
        partition_by=list(table.partition_by),
        configuration={
            "delta.dataSkippingStatsColumns": ",".join(table.stats_on),
            "delta.logRetentionDuration": LOG_KEPT,
            "delta.deletedFileRetentionDuration": LOG_KEPT,
        },
    )
    sync_log(folder, 0)
    sync_folder(folder)


def delta_schema(table: Table) -> pa.Schema:
    return pa.schema([(field.name, stored_type(field.type)) for field in table.schema])


def newest_version(folder: Path) -> int:
    """The table's version by the names in its log, -1 without one: 50 times quicker than opening it."""
    try:
        with os.scandir(folder / "_delta_log") as entries:
            return max((int(found[1]) for entry in entries if (found := LOG_ENTRY.match(entry.name))), default=-1)
    except FileNotFoundError:
        return -1


def sync_log(folder: Path, version: int) -> None:
    log = folder / "_delta_log"
    sync_file(log / f"{version:020}.json")
    sync_folder(log)


def checkpoint(folder: Path) -> None:
    """Sums the log up, durably, and only then lets go of entries that are past their time."""
    delta = DeltaTable(str(folder))
    delta.create_checkpoint()
    log = folder / "_delta_log"
    for path in [*log.glob(f"{delta.version():020}.checkpoint*.parquet"), log / "_last_checkpoint"]:
        sync_file(path)
    sync_folder(log)
    delta.cleanup_metadata()


def failed_commit(folder: Path, error: Exception) -> UnreadableInput:
    if isinstance(error, OSError):
        return cannot_write(folder, error)
    return UnreadableInput(
        f"The lake could not be written: {error}.",
        where=str(folder),
        mend="Nothing was half done; make room or give write access, then do the same again.",
    )
