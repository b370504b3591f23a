"""From staged lines to the lake's files: typed by DuckDB, redacted, sorted, written a month at a time."""

from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from deltalake.transaction import AddAction

from openxmo.core.errors import UnreadableInput
from openxmo.core.privacy.redaction import redact_column
from openxmo.core.progress import Progress
from openxmo.core.signals.contract import COLUMNS, Column
from openxmo.core.signals.door.staging import Part, Staging
from openxmo.core.signals.door.verdicts import NEW, Verdicts
from openxmo.core.signals.store.durable import cannot_write
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.parquet import TableWriter
from openxmo.core.signals.store.tables import ARROW_TYPES, SIGNALS, TIMESTAMP

MEMORY = "1GB"
DUCKDB_TYPES = {
    "number": "DOUBLE",
    "number or timestamp": "DOUBLE",
    "timestamp": "TIMESTAMPTZ",
    "list of strings": "VARCHAR[]",
    "map of strings": "MAP(VARCHAR, VARCHAR)",
}
# Only our own column names are in the text; the file and the largest line are parameters.
READ_LINES = (
    "SELECT {chosen} FROM "
    "read_json(?, format = 'newline_delimited', maximum_object_size = {longest}, columns = {types})"
)
SMALLEST_OBJECT = 1 << 20


@dataclass(frozen=True)
class Stored:
    """Durable files that wait for the commit, and the month of each place (months since year 0)."""

    files: list[AddAction]
    months: npt.NDArray[np.int32]


def store_rows(
    lake: Lake,
    staging: Staging,
    verdicts: Verdicts,
    *,
    receipt: str,
    base: int,
    heard_at: datetime,
    progress: Progress,
) -> Stored:
    """Writes the new rows into files of the lake that no reader sees before they are committed."""
    writer = TableWriter(SIGNALS, lake.folder(SIGNALS))
    months = np.zeros(staging.rows, np.int32)
    contents = staging.contents()
    done = 0
    try:
        with open_reader(lake) as connection:
            for part in staging.parts:
                span = slice(part.start, part.start + part.rows)
                places = np.flatnonzero(verdicts.of[span] == NEW)
                if places.size:
                    rows = read_part(connection, part)
                    rows = rows if places.size == part.rows else rows.take(pa.array(places))
                    places = places + part.start
                    months[places] = month_numbers(rows)
                    order = sort_rows(rows, months[places])
                    rows, places = rows.combine_chunks().take(pa.array(order)), places[order]
                    rows = complete(rows, contents[places], base + places, receipt=receipt, heard_at=heard_at)
                    write_by_month(writer, rows, months[places])
                done += part.rows
                progress("storing", done, staging.rows)
        return Stored(writer.finish(), months)
    except OSError as error:
        writer.abandon()
        raise cannot_write(lake.home.lake, error) from error
    except duckdb.Error as error:  # its own files did not fit, or not its memory
        writer.abandon()
        raise UnreadableInput(
            f"The rows could not be sorted into the lake ({str(error).splitlines()[0]}).",
            where=str(lake.home.staging),
            mend="Nothing was half done; make room, then do the same again.",
        ) from error
    except BaseException:
        writer.abandon()
        raise


def open_reader(lake: Lake) -> duckdb.DuckDBPyConnection:
    """An engine that sees the staging folder and nothing else."""
    connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(lake.home.staging / "spill")})
    connection.execute("SET allowed_directories = $1", [[str(lake.home.staging)]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def read_part(connection: duckdb.DuckDBPyConnection, part: Part) -> pa.Table:
    """The part's rows in their order (DuckDB keeps it), as columns."""
    longest = max(SMALLEST_OBJECT, part.longest + 1024)
    there = [column for column in COLUMNS if column.name in part.fields]
    types = ", ".join(f"{column.name}: '{DUCKDB_TYPES.get(column.type, 'VARCHAR')}'" for column in there)
    chosen = ", ".join(empty_as_absent(column) for column in there)
    query = READ_LINES.format(chosen=chosen, longest=longest, types=f"{{{types}}}")
    rows = connection.sql(query, params=[str(part.path)]).to_arrow_table()
    if rows.num_rows != part.rows:
        raise UnreadableInput(
            f"Staged rows were lost: {rows.num_rows} of {part.rows} came back.",
            where=str(part.path),
            mend="Check the disk, then import again; nothing was half done.",
        )
    return rows


def empty_as_absent(column: Column) -> str:
    """An empty text says nothing, in whatever format it came: an empty `issue` is none, `excluded` empty is counted."""
    optional = column.type == "string" and not column.required
    return f'NULLIF("{column.name}", \'\') AS "{column.name}"' if optional else f'"{column.name}"'


def complete(
    rows: pa.Table, contents: npt.NDArray[np.uint64], keys: npt.NDArray[np.int64], *, receipt: str, heard_at: datetime
) -> pa.Table:
    """The contract's columns with defaults and redacted words, and the columns set by us."""
    count = rows.num_rows
    there = set(rows.column_names)
    nothing = {column.name: pa.nulls(count, ARROW_TYPES[column.type]) for column in COLUMNS if column.name not in there}
    rows = pa.table({name: rows[name] for name in rows.column_names} | nothing)
    asked = pc.if_else(pc.equal(rows["kind"], "X"), "asked", "recorded")
    columns = {name: rows[name] for name in rows.column_names}
    columns |= {
        "happened_at": rows["happened_at"].cast(TIMESTAMP),
        "ended_at": rows["ended_at"].cast(TIMESTAMP),
        "basis": pc.coalesce(rows["basis"], asked),
        "text": redact_column(rows["text"]),
        "heard_at": pa.repeat(pa.scalar(heard_at, TIMESTAMP), count),
        "receipt": pa.repeat(pa.scalar(receipt), count),
        "content": pa.Array.from_buffers(
            pa.binary(16), count, [None, pa.py_buffer(np.ascontiguousarray(contents).tobytes())]
        ),
        "row": pa.array(keys),
        "protected": is_protected(rows),
    }
    return pa.table(columns)


def is_protected(rows: pa.Table) -> pa.ChunkedArray:
    """An employee's, or of someone (or an answer of someone) whose kind is not known."""
    somebody = pc.or_(pc.is_valid(rows["subject"]), pc.is_valid(rows["response"]))
    unknown = pc.and_(pc.is_null(rows["subject_kind"]), somebody)
    return pc.or_(pc.fill_null(pc.equal(rows["subject_kind"], "employee"), False), unknown)


def month_numbers(rows: pa.Table) -> npt.NDArray[np.int32]:
    """Months since year 0 of `happened_at` in UTC."""
    micros = rows["happened_at"].cast(TIMESTAMP).cast(pa.int64()).to_numpy()
    months: npt.NDArray[np.int64] = micros.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return (months + 1970 * 12).astype(np.int32)


def name_month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def write_by_month(writer: TableWriter, rows: pa.Table, months: npt.NDArray[np.int32]) -> None:
    """Each month's rows, which come sorted, as a row group of that month's file."""
    starts = np.flatnonzero(np.diff(months, prepend=-1))
    for start, end in zip(starts, [*starts[1:], months.size], strict=True):
        writer.write_partition(name_month(int(months[start])), rows.slice(start, end - start))


def sort_rows(rows: pa.Table, months: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """The order by month, name and time."""
    names = rows["name"].combine_chunks().dictionary_encode()
    rank = np.argsort(np.argsort(names.dictionary.to_numpy(zero_copy_only=False)))
    times = rows["happened_at"].cast(pa.int64()).to_numpy()
    return np.lexsort((times, rank[names.indices.to_numpy()], months))
