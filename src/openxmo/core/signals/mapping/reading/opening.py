"""Bytes and lines of a file that may be compressed, with faults as sentences."""

import codecs
import gzip
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import MAX_ROW_BYTES
from openxmo.core.signals.mapping.rows import Cells, RowError

GZIP_MAGIC = b"\x1f\x8b"
Raw = tuple[int, Cells | RowError, object]  # line, cells or why there are none, the row as read


@dataclass(frozen=True)
class Opened:
    """A file as rows. Where `columns` come from the first rows (`certain` False), later rows may hold others."""

    columns: tuple[str, ...]
    rows: Iterator[Raw]
    certain: bool = True


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, decompressed where they are gzip, whatever the file is called."""
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == GZIP_MAGIC
        return cast("IO[bytes]", gzip.open(path)) if zipped else path.open("rb")
    except OSError as error:
        raise UnreadableInput(
            f"{path.name} cannot be read: {error.strerror or error}.",
            where=str(path),
            mend="Check its name and rights.",
        ) from error


@contextmanager
def reading(path: Path, line: "Lines | None" = None, encoding: str = "") -> Iterator[None]:
    """Turns faults of the file itself into one sentence that says where it broke."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableInput(
            f"{path.name} is compressed, and breaks off or is damaged.",
            where=place(path, line),
            mend="Fetch or write the file again.",
        ) from error
    except UnicodeError as error:
        raise UnreadableInput(
            f"{path.name} is not written in the encoding {encoding}.",
            where=f"{path}, line {find_undecodable(path, encoding)}",
            mend='Name its encoding in the mapping: `encoding = "latin-1"` is a common one.',
        ) from error
    except OSError as error:
        raise UnreadableInput(
            f"{path.name} cannot be read: {error.strerror or error}.", where=place(path, line)
        ) from error


def find_undecodable(path: Path, encoding: str) -> int:
    """The line of the first byte that is not of the encoding: the reader itself fails some lines ahead."""
    decoder = codecs.getincrementaldecoder(encoding)()
    number = 1
    with open_bytes(path) as file:
        while part := file.readline(MAX_ROW_BYTES):
            try:
                decoder.decode(part)
            except UnicodeError:
                return number
            number += part.endswith(b"\n")
    return number


def place(path: Path, lines: "Lines | None") -> str:
    return f"{path}, after line {lines.number}" if lines else str(path)


class TooLongError(Exception):
    """A line that is longer than any row may be."""


class Lines:
    """The lines of a text, with their number; a line over the limit is skipped without holding it in memory.

    `taken` are the lines given since `begin`; `give_back` returns all but the first of them.
    """

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self.text = TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
        self.number = 0
        self.taken: list[str] = []
        self.waiting: deque[str] = deque()

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else self.text.readline(MAX_ROW_BYTES)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == MAX_ROW_BYTES and not line.endswith(("\n", "\r")):
            self.skip_rest()
        self.taken.append(line)
        return line

    def skip_rest(self) -> None:
        while (more := self.text.readline(MAX_ROW_BYTES)) and not more.endswith(("\n", "\r")):
            pass
        raise TooLongError

    def close(self) -> None:
        self.text.close()

    def begin(self) -> None:
        self.taken = []

    def give_back(self) -> None:
        self.waiting.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1

    def skip(self, count: int) -> None:
        for _ in range(count):
            next(self, None)


def too_long(lines: Lines) -> Raw:
    error = RowError(None, "too_long", f"The line is longer than {MAX_ROW_BYTES // 2**20} MB.")
    return lines.number, error, None


def peek(rows: Iterator[Raw], count: int = 1000) -> tuple[tuple[str, ...], Iterator[Raw]]:
    """The columns of the first rows, and all rows."""
    first: list[Raw] = []
    columns: dict[str, None] = {}
    for raw in rows:
        first.append(raw)
        if isinstance(raw[1], dict):
            columns.update(dict.fromkeys(raw[1]))
        if len(first) == count:
            break
    return tuple(columns), chain_rows(first, rows)


def chain_rows(first: Iterable[Raw], rest: Iterator[Raw]) -> Iterator[Raw]:
    yield from first
    yield from rest
