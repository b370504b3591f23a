"""Cursors that are kept with the statements they have prepared, so that a question asked again is not planned again.

Planning a statement takes longer than answering it over a small lake. What was planned names files, so
all of it is let go of when the views change.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

KEPT_PLANS = 64  # of each cursor
IDLE = 4  # cursors that wait to be used again
SMALL = 8 << 20  # bytes: the result of what was prepared is copied once more than that of plain text
STREAMED = 1 << 17  # rows at a time


@dataclass
class Statement:
    """The SQL of one expression; it is prepared once it has run, if its result was small."""

    text: str
    number: int
    is_small: bool = False


@dataclass
class Cursor:
    """One cursor, used by one thread at a time; `views` is which of the views' definitions it has planned over."""

    found: duckdb.DuckDBPyConnection
    views: int
    plans: OrderedDict[int, str] = field(default_factory=OrderedDict)

    def fetch(self, statement: Statement) -> pa.Table:
        text = f"EXECUTE {self._prepared(statement)}" if statement.is_small else statement.text
        result = self.found.sql(text).to_arrow_table()
        statement.is_small = result.nbytes <= SMALL
        return result

    def stream(self, statement: Statement) -> Iterator[pa.RecordBatch]:
        """In plain text, since DuckDB answers what was prepared in order by one thread alone."""
        yield from self.found.sql(statement.text).to_arrow_reader(STREAMED)

    def _prepared(self, statement: Statement) -> str:
        if statement.number not in self.plans:
            name = f"kept_{statement.number}"
            self.found.execute(f"PREPARE {name} AS {statement.text}")
            self.plans[statement.number] = name
            if len(self.plans) > KEPT_PLANS:
                _, oldest = self.plans.popitem(last=False)
                self.found.execute(f"DEALLOCATE {oldest}")
        self.plans.move_to_end(statement.number)
        return self.plans[statement.number]


class Cursors:
    """The cursors of one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._idle: list[Cursor] = []
        self._views = 0

    def renew(self) -> None:
        """To be told when a view is another one than before, and when nobody asks any more."""
        with self._lock:
            self._views += 1
            idle, self._idle = self._idle, []
        for cursor in idle:
            cursor.found.close()

    def fetch(self, statement: Statement) -> pa.Table:
        with self._borrowed() as cursor:
            return cursor.fetch(statement)

    def stream(self, statement: Statement) -> Iterator[pa.RecordBatch]:
        with self._borrowed() as cursor:
            yield from cursor.stream(statement)

    @contextmanager
    def _borrowed(self) -> Iterator[Cursor]:
        with self._lock:
            cursor = self._idle.pop() if self._idle else Cursor(self._connection.cursor(), self._views)
        try:
            yield cursor
        except BaseException:
            cursor.found.close()
            raise
        with self._lock:
            is_kept = cursor.views == self._views and len(self._idle) < IDLE
            if is_kept:
                self._idle.append(cursor)
        if not is_kept:
            cursor.found.close()
