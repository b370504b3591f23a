"""Parquet files for the lake's tables, on the disk before anything refers to them.

delta-rs writes without fsync, so a committed row could vanish when the power goes. We write
and sync the files ourselves, and only then let Delta's log name them.
"""

import contextlib
import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
from deltalake.transaction import AddAction

from openxmo.core.signals.store.places import Place
from openxmo.core.signals.store.tables import Table

ROW_GROUP = 122_880
ROWS_PER_FILE = 16 * ROW_GROUP
MAX_OPEN = 128  # files at a time

# Nearly unique values: a dictionary of them is larger than they are.
OWN_ENCODING = {
    **dict.fromkeys(("happened_at", "ended_at", "heard_at", "row"), "DELTA_BINARY_PACKED"),
    **dict.fromkeys(
        ("id", "subject", "account", "contact", "issue", "response", "content", "text"), "DELTA_LENGTH_BYTE_ARRAY"
    ),
}
# Texts that all rows of a group may share, so that a reader passes it over; of others no statistics are kept.
SHARED = frozenset(("kind", "name", "source", "receipt", "unit", "excluded"))


def stored_schema(table: Table) -> pa.Schema:
    """The columns that lie in the files: a partition's value is in the folder's name only."""
    fields = [field for field in table.schema if field.name not in table.partition_by]
    return pa.schema([(field.name, stored_type(field.type)) for field in fields])


def stored_type(type_: pa.DataType) -> pa.DataType:
    """Delta knows no binary of fixed size."""
    return pa.binary() if pa.types.is_fixed_size_binary(type_) else type_


class TableWriter:
    """Writes one table's rows into new files at `place`, a set of files for each partition."""

    def __init__(self, table: Table, place: Place) -> None:
        self.table = table
        self.place = place
        self.schema = stored_schema(table)
        self.finished: list[AddAction] = []
        self._open: dict[str | None, _OpenFile] = {}

    def write(self, data: pa.Table | pa.RecordBatch) -> None:
        """Rows that name their partition in a column."""
        for partition, rows in split_partitions(pa.table(data), self.table.partition_by):
            self.write_partition(partition, rows)

    def write_partition(self, partition: str | None, data: pa.Table) -> None:
        """Rows of one partition, as a row group of their own (or several)."""
        rows = data.select(self.schema.names).cast(self.schema)
        while rows.num_rows:
            file = self._open.get(partition) or self._start(partition, rows)
            part = rows.slice(0, ROWS_PER_FILE - file.rows)
            file.write(part)
            if file.rows >= ROWS_PER_FILE:
                self._close(partition)
            rows = rows.slice(part.num_rows)

    def _start(self, partition: str | None, rows: pa.Table) -> "_OpenFile":
        if len(self._open) >= MAX_OPEN:
            self._close(next(iter(self._open)))
        file = self._open[partition] = _OpenFile(self.table, self.place, partition, rows)
        return file

    def _close(self, partition: str | None) -> None:
        self.finished.append(self._open.pop(partition).close())

    def finish(self) -> list[AddAction]:
        """The files, synced with the folders that hold them, as Delta's log will name them."""
        for partition in list(self._open):
            self._close(partition)
        self.place.settle([action.path for action in self.finished])
        return self.finished

    def abandon(self) -> None:
        """Takes back what was written: nothing refers to it."""
        for file in self._open.values():
            file.abandon()
        self._open = {}
        take_back(self.place, self.finished)
        self.finished = []


def take_back(place: Place, actions: Iterable[AddAction]) -> None:
    for action in actions:
        place.give_up(action.path)


class _OpenFile:
    """A file of one partition, whose columns are encoded as suits its first rows."""

    def __init__(self, table: Table, place: Place, partition: str | None, rows: pa.Table) -> None:
        self.table = table
        self.partition = dict.fromkeys(table.partition_by, partition)
        self.rows = 0
        folders = [f"{key}={value}" for key, value in self.partition.items()]
        self.name = "/".join([*folders, f"part-{uuid.uuid4()}.parquet"])
        self.place = place
        self.lowest: dict[str, Any] = {}
        self.highest: dict[str, Any] = {}
        self.sink = place.create(self.name)
        from pyarrow.parquet import ParquetWriter  # here and not above: a process that only reads never needs it

        self.writer = ParquetWriter(self.sink, rows.schema, **encodings(rows))

    def write(self, rows: pa.Table) -> None:
        import pyarrow.compute as pc

        self.writer.write_table(rows, row_group_size=ROW_GROUP)
        self.rows += rows.num_rows
        for name in self.table.stats_on:
            low, high = pc.min_max(rows[name]).as_py().values()
            if low is not None:
                self.lowest[name] = min(low, self.lowest.get(name, low))
                self.highest[name] = max(high, self.highest.get(name, high))

    def close(self) -> AddAction:
        self.writer.close()
        size, modified = self.place.finish(self.name, self.sink)
        return AddAction(
            path=self.name,
            size=size,
            partition_values=self.partition,
            modification_time=modified,
            data_change=True,
            stats=describe(self.rows, self.lowest, self.highest),
        )

    def abandon(self) -> None:
        with contextlib.suppress(OSError):  # the disk that failed the write fails its end too; the file goes anyway
            self.writer.close()
        self.place.give_up(self.name, self.sink)


def encodings(rows: pa.Table) -> dict[str, Any]:
    """How each column is encoded: 24 % smaller and faster to read than dictionaries everywhere.

    Statistics are kept of what a reader can pass rows over by, and of what is not there at all.
    """
    schema = rows.schema
    own = {name: encoding for name, encoding in OWN_ENCODING.items() if name in schema.names}
    leaves = [
        leaf
        for field in schema
        if field.name not in own
        for leaf in (field.name, f"{field.name}.list.element", f"{field.name}.key_value.key")
    ]
    leaves += [f"{field.name}.key_value.value" for field in schema if pa.types.is_map(field.type)]
    skipping = [
        field.name
        for field in schema
        if field.name in SHARED or pa.types.is_primitive(field.type) or rows[field.name].null_count == rows.num_rows
    ]
    return {"compression": "zstd", "use_dictionary": leaves, "column_encoding": own, "write_statistics": skipping}


def describe(rows: int, lowest: dict[str, Any], highest: dict[str, Any]) -> str:
    """A file's statistics as Delta's log writes them."""
    return json.dumps(
        {
            "numRecords": rows,
            "minValues": {name: as_statistic(value) for name, value in lowest.items()},
            "maxValues": {name: as_statistic(value) for name, value in highest.items()},
            "nullCount": {},
        }
    )


def as_statistic(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


def split_partitions(data: pa.Table, keys: tuple[str, ...]) -> Iterator[tuple[str | None, pa.Table]]:
    """The rows of each partition, in their order; at most one key is ever used."""
    if not keys:
        yield None, data
        return
    import pyarrow.compute as pc

    (key,) = keys
    for value in pc.unique(data[key]).to_pylist():
        yield value, data.filter(pc.equal(data[key], value))


def write_files(table: Table, place: Place, data: Iterable[pa.Table | pa.RecordBatch]) -> list[AddAction]:
    """Writes all of `data` into new, synced files; on any failure none of them is left."""
    writer = TableWriter(table, place)
    try:
        for part in data:
            writer.write(part)
        return writer.finish()
    except BaseException:
        writer.abandon()
        raise
