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
from openxmo.core.signals.contract import COLUMNS
from openxmo.core.signals.door.columns import open_reader, read_attributes, read_part
from openxmo.core.signals.door.staging import Staging
from openxmo.core.signals.door.verdicts import NEW, Verdicts
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.parquet import TableWriter
from openxmo.core.signals.store.tables import ARROW_TYPES, SIGNALS, TIMESTAMP


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
    place = lake.place(SIGNALS)
    writer = TableWriter(SIGNALS, place)
    months = np.zeros(staging.rows, np.int32)
    contents = staging.contents()
    done = 0
    try:
        connection = open_reader(lake.home.staging)
        for part in staging.parts:
            span = slice(part.start, part.start + part.rows)
            places = np.flatnonzero(verdicts.of[span] == NEW)
            if places.size:
                rows = read_part(connection, part)
                rows = rows if places.size == part.rows else rows.take(pa.array(places))
                places = places + part.start
                months[places] = month_numbers(rows)
                rows = derive(rows).combine_chunks()
                order = sort_rows(rows, months[places])
                rows, places = rows.take(pa.array(order)), places[order]
                rows = complete(rows, contents.take(places, axis=0), base + places, receipt=receipt, heard_at=heard_at)
                write_by_month(writer, rows, months[places])
            done += part.rows
            progress("storing", done, staging.rows)
        return Stored(writer.finish(), months)
    except OSError as error:
        writer.abandon()
        raise place.refused(error) from error
    except duckdb.Error as error:  # its own files did not fit, or not its memory
        open_reader.cache_clear()
        writer.abandon()
        raise UnreadableInput(
            f"The rows could not be sorted into the lake ({str(error).splitlines()[0]}).",
            where=str(lake.home.staging),
            mend="Nothing was half done; make room, then do the same again.",
        ) from error
    except BaseException:
        writer.abandon()
        raise


def derive(rows: pa.Table) -> pa.Table:
    """The rows with what follows from what they say: the basis, redacted words, who is protected."""
    absent = pa.chunked_array([pa.nulls(rows.num_rows, pa.string())])
    said = {name: rows[name] for name in rows.column_names}
    derived = {}
    if "basis" not in said or said["basis"].null_count:
        asked = pc.if_else(pc.equal(said["kind"], "X"), "asked", "recorded")
        derived["basis"] = pc.coalesce(said.get("basis", absent), asked)
    if "text" in said:
        derived["text"] = redact_column(said["text"])
    derived["protected"] = is_protected(*(said.get(name, absent) for name in ("subject", "response", "subject_kind")))
    return pa.table(said | derived)


def is_protected(subject: pa.ChunkedArray, response: pa.ChunkedArray, subject_kind: pa.ChunkedArray) -> pa.ChunkedArray:
    """An employee's, or of someone (or an answer of someone) whose kind is not known."""
    somebody = pc.or_(pc.is_valid(subject), pc.is_valid(response))
    unknown = pc.and_(pc.is_null(subject_kind), somebody)
    return pc.or_(pc.fill_null(pc.equal(subject_kind, "employee"), False), unknown)


def complete(
    rows: pa.Table, contents: npt.NDArray[np.uint64], keys: npt.NDArray[np.int64], *, receipt: str, heard_at: datetime
) -> pa.Table:
    """All columns of the contract, and those set by us."""
    count = rows.num_rows
    columns = {column.name: pa.nulls(count, ARROW_TYPES[column.type]) for column in COLUMNS}
    columns |= {name: rows[name] for name in rows.column_names}
    if "attrs" in rows.column_names:
        columns["attrs"] = read_attributes(rows["attrs"])
    own = {
        "heard_at": pa.repeat(pa.scalar(heard_at, TIMESTAMP), count),
        "receipt": pa.repeat(pa.scalar(receipt), count),
        "content": pa.Array.from_buffers(pa.binary(16), count, [None, pa.py_buffer(contents)]),
        "row": pa.array(keys),
    }
    return pa.table(columns | own)


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
    """The order by month, name and time: by time, in which files mostly come, then by the small numbers before it."""
    names = rows["name"].combine_chunks().dictionary_encode()
    rank = np.argsort(np.argsort(names.dictionary.to_numpy(zero_copy_only=False)))
    group = (months.astype(np.int64) - months.min()) * len(rank) + rank[names.indices.to_numpy()]
    group = group.astype(np.min_scalar_type(int(group.max())))  # of two bytes or one it is sorted by counting
    by_time = np.argsort(rows["happened_at"].cast(pa.int64()).to_numpy(), kind="stable")
    order: npt.NDArray[np.int64] = by_time[np.argsort(group[by_time], kind="stable")]
    return order
