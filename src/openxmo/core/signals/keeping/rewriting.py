"""Changing rows that lie in the lake: only for erasure and for a new format of the lake.

Each table is rewritten in one durable commit, and only its files that a change touches. The
caller holds the writer's lock.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openxmo.core.signals.keeping.compaction import File, list_files, replace_files, shorten_log, vacuum_table
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.parquet import ROW_GROUP
from openxmo.core.signals.store.tables import Table

Change = Callable[[pa.Table], pa.Table]


def rewrite(lake: Lake, table: Table, change: Change, *, files: Collection[File], at: datetime) -> int:
    """Writes the files anew with `change` applied to their rows, part by part; returns how many files."""
    added = [
        action
        for file in files
        for action in lake.write(table, (change(part) for part in read_parts(lake, table, file)))
    ]
    if files:
        replace_files(lake, table, files, added, at=at)
    return len(files)


def read_parts(lake: Lake, table: Table, file: File) -> Iterator[pa.Table]:
    """The file's rows in their order, with the partition as a column."""
    with pq.ParquetFile(lake.place(table).open(file.path)) as parquet:
        for batch in parquet.iter_batches(ROW_GROUP):
            rows = pa.Table.from_batches([batch])
            for key in table.partition_by:
                rows = rows.append_column(key, pa.repeat(pa.scalar(file.month), rows.num_rows))
            yield rows


def files_with(
    lake: Lake, table: Table, column: str, values: pa.Array, months: Collection[str] | None = None
) -> list[File]:
    """The table's files in which the column has one of the values."""
    place = lake.place(table)

    def holds(file: File) -> bool:
        found = pq.ParquetFile(place.open(file.path)).read(columns=[column])[column]
        return bool(pc.any(pc.is_in(found, value_set=values)).as_py())

    candidates = list_files(lake, table)
    return [file for file in candidates if (months is None or file.month in months) and holds(file)]


def without(column: str, values: pa.Array) -> Change:
    """Leaves out the rows that have one of the values."""
    return lambda rows: rows.filter(pc.invert(pc.is_in(rows[column], value_set=values)))


def editing(keys: pa.Array, edit: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Puts each row with one of these row keys through `edit`; the order of the rows stays."""

    def change(rows: pa.Table) -> pa.Table:
        places = np.flatnonzero(pc.is_in(rows["row"], value_set=keys).to_numpy())
        if not places.size:
            return rows
        edited = [edit(row) for row in rows.take(pa.array(places)).to_pylist()]
        order = np.arange(rows.num_rows)
        order[places] = rows.num_rows + np.arange(places.size)
        return pa.concat_tables([rows, pa.Table.from_pylist(edited, schema=rows.schema)]).take(pa.array(order))

    return change


def forget_history(lake: Lake, table: Table) -> None:
    """Leaves of the table only what it is now: no older log entry with its statistics, no removed file."""
    shorten_log(lake, table, keep=1)
    vacuum_table(lake, table, hours=0)
