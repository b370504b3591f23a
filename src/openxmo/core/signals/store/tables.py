"""The lake's tables: their columns, their partitions, and which columns Delta may keep statistics on.

Statistics go into Delta's log, which erasure cannot rewrite row by row; so only columns
that name nobody are listed.
"""

from dataclasses import dataclass

import pyarrow as pa

from openxmo.core.signals.contract import COLUMNS

TIMESTAMP = pa.timestamp("us", tz="UTC")
ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "number": pa.float64(),
    "number or timestamp": pa.float64(),  # a timestamp is kept as seconds since 1970
    "timestamp": TIMESTAMP,
    "list of strings": pa.list_(pa.string()),
    "map of strings": pa.map_(pa.string(), pa.string()),
}

# `row` is the opaque key of a signal: the receipt's number in the upper 32 bits, the place in
# the import in the lower. Every table beside the signals refers to it, and to nothing personal.
SET_BY_US: dict[str, pa.DataType] = {
    "heard_at": TIMESTAMP,
    "receipt": pa.string(),
    "content": pa.binary(16),  # keyed hash of the row as received
    "row": pa.int64(),
    "protected": pa.bool_(),  # an employee's, or of someone whose kind is unknown
    "month": pa.string(),  # of happened_at in UTC, as YYYY-MM; the partition
}


@dataclass(frozen=True)
class Table:
    name: str
    schema: pa.Schema
    partition_by: tuple[str, ...] = ()
    stats_on: tuple[str, ...] = ("row",)


SIGNALS = Table(
    name="signals",
    schema=pa.schema(
        [(column.name, ARROW_TYPES[column.type]) for column in COLUMNS] + list(SET_BY_US.items()),
    ),
    partition_by=("month",),
    stats_on=("happened_at", "heard_at", "kind", "name", "row"),
)

# A signal that a later version replaced, or whose import was withdrawn, by row key. `month`
# lets a reader skip months that have none. A row that stands again, because the version that
# replaced it was withdrawn, gets another line that says so: lines are added, never changed.
SUPERSEDED = Table(
    name="superseded",
    schema=pa.schema(
        [
            ("row", pa.int64()),
            ("month", pa.string()),
            ("reason", pa.string()),  # amended | withdrawn | stands again
            ("superseded_at", TIMESTAMP),
            ("superseded_by", pa.string()),  # the receipt of the newer version, or of the withdrawal
        ]
    ),
)

# What is said about a signal afterwards: spam, a duplicate answer, an exclusion by two people.
# Lifting a mark adds a line with the same row, mark and marked_at.
MARKS = Table(
    name="marks",
    schema=pa.schema(
        [
            ("row", pa.int64()),
            ("month", pa.string()),
            ("mark", pa.string()),
            ("reason", pa.string()),
            ("marked_by", pa.string()),
            ("marked_at", TIMESTAMP),
            ("confirmed_by", pa.string()),  # the second person that an exclusion takes
            ("lifted_by", pa.string()),
            ("lifted_at", TIMESTAMP),
        ]
    ),
)

ENRICHMENTS = Table(
    name="enrichments",
    schema=pa.schema(
        [
            ("row", pa.int64()),
            ("month", pa.string()),
            ("what", pa.string()),  # language | sentiment | theme
            ("label", pa.string()),
            ("value", pa.float64()),
            ("span_start", pa.int32()),
            ("span_end", pa.int32()),
            ("model", pa.string()),
            ("enriched_at", TIMESTAMP),
        ]
    ),
)

IDENTITIES = Table(
    name="identities",
    schema=pa.schema(
        [
            ("subject", pa.string()),
            ("person", pa.string()),
            ("from_at", TIMESTAMP),
            ("to_at", TIMESTAMP),
            ("merged_by", pa.string()),
        ]
    ),
    stats_on=("from_at",),
)

RECEIPTS = Table(
    name="receipts",
    schema=pa.schema(
        [
            ("receipt", pa.string()),
            ("number", pa.int64()),
            ("source", pa.string()),
            ("heard_at", TIMESTAMP),
            ("by", pa.string()),
            ("what", pa.string()),  # import | withdrawal | erasure
            ("rows", pa.int64()),  # rows of the file; a row may make several signals
            ("received", pa.int64()),
            ("accepted", pa.int64()),
            ("duplicates", pa.int64()),
            ("conflicts", pa.int64()),
            ("rejected", pa.int64()),
            ("withdrawn", pa.int64()),
            ("note", pa.string()),  # of a withdrawal: which receipt, and why
            ("reasons", pa.map_(pa.string(), pa.int64())),  # of the rejected
            ("bytes", pa.int64()),
            ("content", pa.binary(32)),  # keyed hash of the batch as received
            ("previous", pa.binary(32)),  # hash of the receipt before
            ("hash", pa.binary(32)),  # of this receipt, previous included: the chain
        ]
    ),
    stats_on=("number",),
)

TABLES = (SIGNALS, SUPERSEDED, MARKS, ENRICHMENTS, IDENTITIES, RECEIPTS)
