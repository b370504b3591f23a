"""Parquet and XLSX: typed cells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import fastexcel
import pyarrow as pa
import pyarrow.parquet as pq

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.mapping.form import FileForm
from openxmo.core.signals.mapping.nearest import suggest
from openxmo.core.signals.mapping.reading.opening import Opened, Raw, open_bytes
from openxmo.core.signals.mapping.rows import RowError

BATCH = 10_000
MAX_UNPACKED = 64 * 2**20
MAX_PACKING = 100  # sheets pack 5 to 30 times


def open_parquet(path: Path, form: FileForm) -> Opened:  # noqa: ARG001 - all openers take the same
    open_bytes(path).close()  # says in its own words that the file is missing or closed to us
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise broken(path, "Parquet") from error
    return Opened(tuple(file.schema_arrow.names), parquet_rows(path, file))


def parquet_rows(path: Path, file: pq.ParquetFile) -> Iterator[Raw]:
    try:
        yield from batch_rows(file.iter_batches(batch_size=BATCH))
    except (pa.ArrowException, OSError) as error:
        raise broken(path, "Parquet") from error


def batch_rows(batches: Iterator[pa.RecordBatch]) -> Iterator[Raw]:
    line = 0
    for batch in batches:
        for number, cells in enumerate(rows_of(batch), start=line + 1):
            yield number, cells, None if isinstance(cells, RowError) else cells
        line += batch.num_rows


def rows_of(batch: pa.RecordBatch) -> Iterator[Any]:
    try:
        yield from batch.to_pylist()
    except Exception:  # a cell that Python cannot hold (a zone it does not know, a year 0) costs its row only
        for place in range(batch.num_rows):
            try:
                yield batch.slice(place, 1).to_pylist()[0]
            except Exception as error:
                yield RowError(None, "broken_row", f"A cell cannot be read: {error}.")


def open_xlsx(path: Path, form: FileForm) -> Opened:
    open_bytes(path).close()
    check_unpacked_size(path)
    try:
        book = fastexcel.read_excel(path)
    except Exception as error:  # the reader's own errors have no common base
        raise broken(path, "XLSX") from error
    check_sheet(path, form.sheet, book.sheet_names)
    try:
        batch = book.load_sheet(form.sheet, schema_sample_rows=None).to_arrow()
    except Exception as error:
        raise broken(path, "XLSX") from error
    names = tuple(name.strip() for name in batch.schema.names)
    return Opened(names, without_blank(batch_rows(iter([batch.rename_columns(list(names))]))))


def without_blank(rows: Iterator[Raw]) -> Iterator[Raw]:
    """Rows in which no cell says anything are the sheet's blank lines; the others keep their number."""
    for raw in rows:
        cells = raw[1]
        if isinstance(cells, RowError) or any(cell is not None and cell != "" for cell in cells.values()):
            yield raw


def check_unpacked_size(path: Path) -> None:
    """A sheet is unpacked as a whole: one that would fill the memory is refused before it is read."""
    try:
        with ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (BadZipFile, OSError) as error:
        raise broken(path, "XLSX") from error
    if unpacked > MAX_UNPACKED and unpacked > MAX_PACKING * path.stat().st_size:
        raise UnreadableInput(
            f"{path.name} unpacks to {unpacked // 2**20:,} MB, over {MAX_PACKING} times its size.",
            where=str(path),
            mend="Sheets of answers do not pack that tightly. Save the sheet as CSV if it is what it should be.",
        )


def check_sheet(path: Path, sheet: str | int, names: list[str]) -> None:
    if sheet in names if isinstance(sheet, str) else 0 <= sheet < len(names):
        return
    mend = suggest(sheet, names) if isinstance(sheet, str) else f"It has {len(names)}, counted from 0."
    raise UnreadableInput(f"{path.name} has no sheet `{sheet}`.", where=str(path), mend=mend)


def broken(path: Path, kind: str) -> UnreadableInput:
    return UnreadableInput(
        f"{path.name} is no whole {kind} file.", where=str(path), mend="Fetch or write the file again."
    )
