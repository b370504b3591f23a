"""Fewer, larger, sorted files: what many small imports leave behind is merged, month by month.

Merging grows like the digits of a counter: a file is written again only when the files newer
than it hold at least half as many rows, so a row is rewritten a few times in its life and a
month stays at a handful of files. The caller of `compact` and `vacuum` holds the writer's lock;
readers go on with the files they know until `vacuum` takes them away, and then reload the list.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.transaction import AddAction, RemoveAction

from openxmo.core.progress import Progress, silent
from openxmo.core.signals.engines.connection import connect
from openxmo.core.signals.store.lake import LOG_ENTRY, Lake, checkpoint
from openxmo.core.signals.store.object_store import RemotePlace
from openxmo.core.signals.store.parquet import ROW_GROUP, ROWS_PER_FILE, stored_schema
from openxmo.core.signals.store.places import LOG, LocalPlace, Place
from openxmo.core.signals.store.tables import RECEIPTS, SIGNALS, TABLES, Table

SMALL_FILES = 16  # of one partition, before its files are worth merging
FILES_KEPT = 3  # of one partition, after
KEPT_COMMITS = 1000  # entries of a table's log: a longer one makes each further commit slower
KEPT = timedelta(days=7)  # how long a file that is no part of the lake any more stays, for readers under way
MEMORY = "1GB"
SORTED_BY = {SIGNALS.name: ("name", "happened_at", "row"), RECEIPTS.name: ("number",), "identities": ("from_at",)}


@dataclass(frozen=True)
class File:
    """A Parquet file of the lake: `path` as Delta's log names it."""

    path: str
    rows: int
    size: int
    month: str | None


@dataclass(frozen=True)
class Compacted:
    partitions: int
    files_before: int
    files_after: int
    rows: int


def list_files(lake: Lake, table: Table) -> list[File]:
    """The table's files as they are now."""
    delta = lake.delta(table)
    if delta is None:
        return []
    actions = pa.table(delta.get_add_actions(flatten=True)).to_pylist()
    return [
        File(action["path"], action["num_records"], action["size_bytes"], action.get("partition.month"))
        for action in actions
    ]


def by_month(files: list[File]) -> dict[str | None, list[File]]:
    months: dict[str | None, list[File]] = {}
    for file in files:
        months.setdefault(file.month, []).append(file)
    return months


def is_full(file: File) -> bool:
    """As large as the writer makes them: merging it again would bring nothing."""
    return file.rows >= ROWS_PER_FILE


def is_due(files: list[File], limit: int = SMALL_FILES) -> bool:
    return sum(not is_full(file) for file in files) > limit


def choose(files: list[File]) -> list[File]:
    """The files of one partition to merge into one: the small ones, and each larger one that they have grown up to."""
    ordered = sorted((file for file in files if not is_full(file)), key=lambda file: (file.rows, file.path))
    chosen: list[File] = []
    rows = 0
    for place, file in enumerate(ordered):
        left = len(ordered) - place
        if left < FILES_KEPT and file.rows > 2 * rows:
            break
        chosen.append(file)
        rows += file.rows
    return chosen if len(chosen) > 1 else []


def should_compact(lake: Lake, *, most: int = SMALL_FILES) -> bool:
    """Whether any partition has more small files than a reader should have to open."""
    return any(is_due(files, most) for table in TABLES for files in by_month(list_files(lake, table)).values())


def keep_tidy(lake: Lake, *, at: datetime, most: int = SMALL_FILES, progress: Progress = silent) -> Compacted | None:
    """Compacts if it is due and takes old files away: what a writer does after its work, still under the lock.

    Whoever has the time, as at night, lets fewer small files of a partition stand (`most`): each of them costs
    every question something.
    """
    if not should_compact(lake, most=most):
        return None
    done = compact(lake, at=at, most=most, progress=progress)
    vacuum(lake)
    return done


def compact(
    lake: Lake, *, at: datetime, everything: bool = False, most: int = SMALL_FILES, progress: Progress = silent
) -> Compacted:
    """Merges the small files of each partition that has more than `most` (`everything`: of each that has two).

    Each partition is one durable commit, so a kill in between loses nothing and leaves no half.
    """
    limit = 1 if everything else most
    due = [
        (table, chosen, len(files))
        for table in TABLES
        for files in by_month(list_files(lake, table)).values()
        if is_due(files, limit) and (chosen := files if everything else choose(files))
    ]
    before = after = rows = 0
    for place, (table, chosen, count) in enumerate(due):
        progress("compact", place, len(due))
        merged = merge(lake, table, chosen, at=at)
        before, after, rows = before + count, after + count - len(chosen) + merged, rows + sum(f.rows for f in chosen)
    for table in {table.name: table for table, _, _ in due}.values():
        shorten_log(lake, table, keep=KEPT_COMMITS)
    progress("compact", len(due), len(due))
    return Compacted(partitions=len(due), files_before=before, files_after=after, rows=rows)


def merge(lake: Lake, table: Table, files: list[File], *, at: datetime) -> int:
    """Replaces the files by sorted ones with the same rows, in one commit; returns how many."""
    written = lake.write(table, sorted_rows(lake, table, files))
    added = [replace(action, data_change=False) for action in written]
    replace_files(lake, table, files, added, at=at)
    return len(added)


def replace_files(lake: Lake, table: Table, old: Collection[File], new: Collection[AddAction], *, at: datetime) -> None:
    """One commit: the new files are the table's, and the old ones no more."""
    data_change = any(action.data_change for action in new) or not new
    actions: list[AddAction | RemoveAction] = [*new]
    actions += [removal(file, at=at, data_change=data_change) for file in old]
    lake.commit(table, actions)


def removal(file: File, *, at: datetime, data_change: bool) -> RemoveAction:
    return RemoveAction(
        path=file.path,
        data_change=data_change,
        deletion_timestamp=int(at.timestamp() * 1000),
        size=file.size,
        partition_values={} if file.month is None else {"month": file.month},
    )


def sorted_rows(lake: Lake, table: Table, files: list[File]) -> Iterator[pa.Table]:
    """The rows of files of one partition, in the table's order, at most a row group at a time."""
    order = SORTED_BY.get(table.name, ("row",))
    few = sum(file.rows for file in files) <= ROW_GROUP
    parts = (sorted_in_memory if few else sorted_by_database)(lake, table, files, order)
    for rows in parts:
        for key in table.partition_by:
            rows = rows.append_column(key, pa.repeat(pa.scalar(files[0].month), rows.num_rows))
        yield rows


def sorted_in_memory(lake: Lake, table: Table, files: list[File], order: tuple[str, ...]) -> Iterator[pa.Table]:
    place = lake.place(table)
    rows = pa.concat_tables(pq.ParquetFile(place.open(file.path)).read() for file in files)
    yield rows.sort_by([(name, "ascending") for name in order])


def sorted_by_database(lake: Lake, table: Table, files: list[File], order: tuple[str, ...]) -> Iterator[pa.Table]:
    """Spills into staging what does not fit."""
    place = lake.place(table)
    folder = place.folder if isinstance(place, LocalPlace) else None
    connection = connect(folder, lake.home.staging, threads=None, memory_limit=MEMORY)
    try:
        columns = [duckdb.ColumnExpression(name) for name in stored_schema(table).names]
        found = read_with(connection, place, table, files).select(*columns)
        for batch in found.sort(*(duckdb.ColumnExpression(name) for name in order)).to_arrow_reader(ROW_GROUP):
            yield pa.Table.from_batches([batch])
    finally:
        connection.close()


def read_with(
    connection: duckdb.DuckDBPyConnection, place: Place, table: Table, files: list[File]
) -> duckdb.DuckDBPyRelation:
    """The files themselves, without the partition in their folders' names."""
    if isinstance(place, RemotePlace):
        names = [file.path for file in files]
        from pyarrow.dataset import dataset  # here and not above: no local lake needs it

        return connection.from_arrow(dataset(names, stored_schema(table), format="parquet", filesystem=place.files))
    return connection.read_parquet([str(place.open(file.path)) for file in files], hive_partitioning=False)


def shorten_log(lake: Lake, table: Table, *, keep: int) -> None:
    """Sums the log up, and keeps its last entries only."""
    lake.still_in_turn()
    checkpoint(lake.place(table))
    trim_log(lake.place(table), keep=keep)


def trim_log(place: Place, *, keep: int) -> None:
    """Lets go of all but the last `keep` entries of a log that was summed up a moment ago."""
    names = place.log_names()
    versions = {name: int(found[1]) for name in names if (found := LOG_ENTRY.match(name))}
    oldest = max(versions.values(), default=-1) - keep
    gone = [f"{LOG}/{name}" for name, version in versions.items() if version <= oldest]
    if gone:
        place.remove(gone)


def vacuum(lake: Lake, *, keep: timedelta = KEPT) -> int:
    """Takes away files that are no part of the lake for longer than `keep`, whole hours, and leftovers as old.

    Delta's own vacuum would write to its log without a sync; it is only asked which files may go.
    """
    hours = int(keep.total_seconds() // 3600)
    return sum(vacuum_table(lake, table, hours=hours) for table in TABLES)


def vacuum_table(lake: Lake, table: Table, *, hours: int) -> int:
    delta = lake.delta(table)
    if delta is None:
        return 0
    unused = delta.vacuum(retention_hours=hours, dry_run=True, enforce_retention_duration=False, full=True)
    lake.still_in_turn()  # so nobody else can have written any of them meanwhile
    lake.place(table).remove(unused)
    return len(unused)
