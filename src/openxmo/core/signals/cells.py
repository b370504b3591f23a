"""CSV and Parquet rows as dictionaries in the contract's names."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from openxmo.core.signals.contract import MAX_ROW_BYTES
from openxmo.core.signals.judging import CUT_OFF, NUMBERS, TOO_LONG
from openxmo.core.signals.lines import BrokenFile, Position, read_chunks
from openxmo.core.signals.mapping.rows import RowError

DELIMITERS = ",;\t"
ATTRIBUTE = "attrs."
BATCH = 8192


@dataclass(frozen=True)
class CellRow:
    """A row between two lines of its file (Parquet: its number), as fields to judge or with what was wrong already."""

    first: int
    last: int
    fields: dict[str, Any]
    fault: RowError | None = None


def read_csv(file: BinaryIO, position: Position) -> Iterator[CellRow]:
    """The rows below the header. An empty cell is an absent value, `attrs.x` an attribute, `|` parts a list."""
    csv.field_size_limit(MAX_ROW_BYTES)
    lines = _Lines(file, position)
    reader = csv.reader(lines, delimiter=lines.sniff_delimiter(), strict=True)
    header: list[str] | None = None
    while True:
        first = lines.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            fault = CUT_OFF if "end of data" in str(error) else RowError(None, "not_csv", f"No CSV row: {error}.")
            yield CellRow(first, lines.line, {}, fault)
            continue
        except _TooLong as found:
            yield CellRow(found.line, found.line, {}, TOO_LONG)
            continue
        if header is None:
            header = check_header(cells, position)
        elif cells:
            yield read_cells(header, cells, first, lines.line)
    if header is None:
        raise position.broken("The file is empty.", "A CSV file begins with the names of its columns.")


class _TooLong(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, line: int) -> None:
        self.line = line


class _Lines:
    """The file's lines as text for the CSV reader, which may ask for several for one row."""

    def __init__(self, file: BinaryIO, position: Position) -> None:
        self._chunks = read_chunks(file, position)
        self._waiting: list[str] = []
        self.line = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if not self._fill():
            raise StopIteration
        self.line += 1
        return self._waiting.pop()

    def _fill(self) -> bool:
        while not self._waiting:
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            if chunk.too_long:
                self.line += 1
                raise _TooLong(chunk.first)
            text = chunk.data.decode()
            self._waiting = [line + "\n" for line in text.removesuffix("\n").split("\n")][::-1]
            if chunk.last:
                self._waiting[0] = self._waiting[0][:-1]
        return True

    def sniff_delimiter(self) -> str:
        """The candidate that the first line has most of; a comma if it has none."""
        try:
            first = self._waiting[-1] if self._fill() else ""
        except _TooLong:
            return ","
        return max(DELIMITERS, key=lambda candidate: (first.count(candidate), candidate == ","))


def check_header(cells: list[str], position: Position) -> list[str]:
    doubles = sorted({name for name in cells if cells.count(name) > 1})
    if doubles:
        position.line = 1
        raise position.broken(f"The column `{doubles[0]}` is there twice.", "Name each column once.")
    return cells


def read_cells(header: list[str], cells: list[str], first: int, last: int) -> CellRow:
    named = dict(zip(header, cells, strict=False))
    if len(cells) != len(header):
        said = f"The row has {len(cells)} cells, the header {len(header)}."
        return CellRow(first, last, named, RowError(None, "wrong_cells", said))
    try:
        return CellRow(first, last, type_cells(named))
    except ValueError as error:
        return CellRow(first, last, named, RowError(str(error), "bad_value", f"`{error}` is no number."))


def type_cells(named: dict[str, str]) -> dict[str, Any]:
    """Text cells as the contract's types; raises ValueError with the name of a field that is no number."""
    fields: dict[str, Any] = {}
    attributes = {}
    for name, cell in named.items():
        if cell == "":
            continue
        if name.startswith(ATTRIBUTE):
            attributes[name.removeprefix(ATTRIBUTE)] = cell
        elif name == "objects":
            fields[name] = cell.split("|")
        elif name in NUMBERS:
            fields[name] = read_number(name, cell)
        elif name == "revision":
            fields[name] = cell if ":" in cell else read_number(name, cell)
        else:
            fields[name] = cell
    return {"attrs": attributes} | fields if attributes else fields


def read_number(name: str, cell: str) -> float:
    try:
        if "_" in cell:  # Python's own way of writing numbers, nobody else's
            raise ValueError
        return float(cell)
    except ValueError:
        raise ValueError(name) from None


def read_parquet(path: Path, shown: Path) -> Iterator[CellRow]:
    """The rows of a Parquet file in the contract's names, numbered from 1."""
    row = 0
    try:
        file = pq.ParquetFile(path)
        for batch in file.iter_batches(batch_size=BATCH):
            for fields in without_nanoseconds(batch).to_pylist():
                row += 1
                yield CellRow(row, row, type_values(fields))
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise BrokenFile(
            f"The Parquet file is broken ({str(error).splitlines()[0]}).",
            where=f"{shown}, after row {row}",
            mend="Write it again. Nothing was imported.",
        ) from error


def without_nanoseconds(batch: pa.RecordBatch) -> pa.Table:
    """The lake keeps microseconds, as datetimes do."""
    table = pa.table(batch)
    for place, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            type_ = pa.timestamp("us", tz=column.type.tz)
            table = table.set_column(place, column.name, table[column.name].cast(type_, safe=False))
    return table


def type_values(fields: dict[str, Any]) -> dict[str, Any]:
    """The values that are there; a map or a struct is read as attributes, and a decimal as a number."""
    typed: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    for name, value in fields.items():
        if value is None:
            continue
        if name.startswith(ATTRIBUTE):
            attributes[name.removeprefix(ATTRIBUTE)] = value
        elif name == "attrs" and (isinstance(value, dict) or is_map(value)):
            attributes |= {key: of for key, of in dict(value).items() if of is not None}
        else:
            typed[name] = float(value) if isinstance(value, Decimal) else value
    return {"attrs": attributes} | typed if attributes else typed


def is_map(value: object) -> bool:
    """True for a Parquet map, which comes as pairs of a key and a value."""
    return isinstance(value, list) and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value)
