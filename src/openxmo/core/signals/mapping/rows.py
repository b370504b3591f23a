"""A row on its way through a mapping, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

Cells = dict[str, Any]


@dataclass(frozen=True)
class RowError:
    """Why a row makes no signal: the field concerned (None: the row itself), a code that stays, a sentence."""

    field: str | None
    code: str
    reason: str


@dataclass(frozen=True)
class MappedRow:
    """What one row of a file became: its signals, or the error for which it makes none of them.

    `line` is the line of a text file (its first, if the row spans several), the row of a sheet or
    a Parquet file from 1, or the event of a log from 1. `row` is the row as read, for the rejects.
    """

    line: int
    file: str
    signals: list[dict[str, Any]]
    error: RowError | None
    row: object


class UnmappableError(Exception):
    """A row that does not fit the mapping; the field is filled in where it is known."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


class Book(Protocol):
    """A lookup file in memory."""

    def find(self, row: "Row") -> list[Cells]: ...


class Row:
    """One row as the compiled readers see it. `found` remembers what lookups gave; `doubts` mark the signal."""

    __slots__ = ("books", "cells", "doubts", "file", "found", "line")

    def __init__(self, cells: Cells, line: int, file: str, books: Mapping[str, Book]) -> None:
        self.cells = cells
        self.line = line
        self.file = file
        self.books = books
        self.found: dict[str, list[Cells]] = {}
        self.doubts: list[str] = []

    def find(self, lookup: str) -> list[Cells]:
        found = self.found.get(lookup)
        if found is None:
            found = self.found[lookup] = self.books[lookup].find(self)
        return found


Read = Callable[[Row], Any]


def as_text(cell: object) -> str:
    """A cell as a person would write it: 3.0 of a sheet is 3, true is true."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell)
