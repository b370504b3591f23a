"""CSV and Parquet rows as dictionaries in the contract's names."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from openxmo.core.signals.contract import MAX_ROW_BYTES
from openxmo.core.signals.door.judging import CUT_OFF, NUMBERS, TOO_LONG
from openxmo.core.signals.door.lines import BLOCK, BrokenFile, Position, read_chunks
from openxmo.core.signals.mapping.reading.csv import broken
from openxmo.core.signals.mapping.rows import RowError

DELIMITERS = ",;\t"
ATTRIBUTE = "attrs."
BATCH = 8192


@dataclass(frozen=True)
class CellRow:
    """A row between two lines of its file (Parquet: its number), as fields to judge or with what was wrong already."""

    first: int
    last: int
    fields: dict[str, Any] | str  # the line itself where it is no row
    fault: RowError | None = None


def read_csv(file: BinaryIO, position: Position) -> Iterator[CellRow]:
    """The rows below the header. An empty cell is an absent value, `attrs.x` an attribute, `|` parts a list.

    A row that cannot be read, as one with a quote that is never closed, costs its first line only.
    """
    csv.field_size_limit(MAX_ROW_BYTES)
    lines = _Lines(with_line_feeds(file), position)
    reader = csv.reader(lines, delimiter=lines.sniff_delimiter(), strict=True)
    header: list[str] | None = None
    while True:
        lines.begin()
        first = lines.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except (csv.Error, _TooLong) as error:
            fault = lines.fault(error)
            lines.give_back()
            if header is None:
                position.line = first
                raise position.broken(f"The header cannot be read. {fault.reason}", "Write it as CSV.") from None
            yield CellRow(first, first, lines.taken[0] if isinstance(lines.taken[0], str) else {}, fault)
            continue
        if header is None:
            header = check_header(cells, position)
        elif cells:
            yield read_cells(header, cells, first, lines.line)
    if header is None:
        raise position.broken("The file is empty.", "A CSV file begins with the names of its columns.")


class _LineFeeds(io.RawIOBase):
    """The bytes of a file whose lines may end with a carriage return alone, with line feeds instead of these."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._replaces: bool | None = None  # not known before the first bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(len(buffer))
        if self._replaces is None:
            self._replaces = b"\r" in piece[:-1] and b"\n" not in piece
        buffer[: len(piece)] = piece.replace(b"\r", b"\n") if self._replaces else piece
        return len(piece)


def with_line_feeds(file: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_LineFeeds(file), BLOCK))


class _TooLong(Exception):
    """Stands for a line that is longer than any row may be."""


class _Lines:
    """The file's lines as text for the CSV reader, which may ask for several for one row.

    `taken` are those given since `begin`; `give_back` returns all but the first of them.
    """

    def __init__(self, file: BinaryIO, position: Position) -> None:
        self._chunks = read_chunks(file, position)
        self._waiting: list[str | _TooLong] = []  # the next one last
        self.taken: list[str | _TooLong] = []
        self.line = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if not self._fill():
            raise StopIteration
        self.line += 1
        found = self._waiting.pop()
        self.taken.append(found)
        if isinstance(found, _TooLong):
            raise found
        return found

    def begin(self) -> None:
        self.taken = []

    def give_back(self) -> None:
        self._waiting += reversed(self.taken[1:])
        self.line -= len(self.taken) - 1

    def fault(self, error: Exception) -> RowError:
        """What is wrong with the row that the lines taken began."""
        if isinstance(self.taken[0], _TooLong):
            return TOO_LONG
        if len(self.taken) == 1 and "end of data" in str(error):
            return CUT_OFF
        return RowError(None, "not_csv", broken(str(error) or "unexpected end of data"))

    def _fill(self) -> bool:
        while not self._waiting:
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            if chunk.too_long:
                self._waiting = [_TooLong()]
                continue
            lines = chunk.data.decode().removesuffix("\n").split("\n")
            self._waiting = [line + "\n" for line in reversed(lines)]
            if chunk.last:
                self._waiting[0] = lines[-1]
        return True

    def sniff_delimiter(self) -> str:
        """The candidate that the first line has most of; a comma if it has none."""
        first = self._waiting[-1] if self._fill() else ""
        shown = first if isinstance(first, str) else ""
        return max(DELIMITERS, key=lambda candidate: (shown.count(candidate), candidate == ","))


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
        check_names(file.schema_arrow.names, shown)
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


def check_names(names: list[str], shown: Path) -> None:
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        said = f"The column `{double}` is there twice."
        raise BrokenFile(said, where=str(shown), mend="Name each column once. Nothing was imported.")


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
