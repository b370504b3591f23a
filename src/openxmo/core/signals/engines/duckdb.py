"""DuckDB in memory over the lake's files, locked down, one connection for the whole process.

DuckDB must not be used on both sides of a fork: an engine remembers its process and refuses another.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import ibis
import pyarrow as pa
from ibis.formats.pyarrow import PyArrowData

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.engines.connection import EMPTY, connect
from openxmo.core.signals.engines.cursors import Cursors, Statement
from openxmo.core.signals.engines.names import memory_tables, table_named
from openxmo.core.signals.engines.standing import STANDING, Concerned, restored_rows, standing_marks, standing_signals
from openxmo.core.signals.engines.versions import Snapshot, has_changed, read_snapshot
from openxmo.core.signals.store.lake import ANSWERING, Lake
from openxmo.core.signals.store.tables import MARKS, SIGNALS, SUPERSEDED, TABLES, Table

KEPT_STATEMENTS = 512
TRIES = 4  # to read a lake from which compaction and vacuum take files away meanwhile
UNREADABLE = (duckdb.IOException, duckdb.InvalidInputException)
MIDWAY = (OSError, pa.ArrowInvalid)  # what Arrow makes of them once rows have come
Taken = TypeVar("Taken")


class Converted(PyArrowData):  # type: ignore[misc]  # Ibis tells no types
    """Results in the types of their expression, as Ibis's own DuckDB backend has them, without loading its pandas."""

    @classmethod
    def convert_column(cls, column: pa.ChunkedArray, dtype: Any) -> pa.Array:
        return pa.nulls(len(column)) if dtype.is_null() else super().convert_column(column, dtype)


class DuckdbEngine:
    """See `Engine`. Safe to ask from several threads: each question has its own cursor."""

    name = "duckdb"

    def __init__(self, lake: Lake, *, threads: int | None = None, memory_limit: str | None = None) -> None:
        self.lake = lake
        self._process = os.getpid()
        self._is_ended = False
        self._lock = threading.RLock()
        self._seen: dict[str, Snapshot] = {}
        self._statements: OrderedDict[Any, Statement] = OrderedDict()
        self._numbered = 0
        folder = lake.home.lake if lake.address is None else None
        self._connection = connect(folder, lake.home.path / "spill", threads=threads, memory_limit=memory_limit)
        self._cursors = Cursors(self._connection)
        self._backend = ibis.duckdb.from_connection(self._connection)
        self._connection.execute("SET lock_configuration = true")
        self.refresh()

    @property
    def lake_version(self) -> int:
        return sum(self._seen[table.name].version for table in ANSWERING)

    @property
    def people_key(self) -> bytes:
        return self.lake.key("people")

    def table(self, table: Table) -> ibis.Table:
        return table_named(table)

    def refresh(self) -> None:
        with self._lock:
            self._check_process()
            for left in reversed(range(TRIES)):
                try:
                    self._define_changed()
                    return
                except UNREADABLE as error:
                    self._seen.clear()  # what was read was gone before it was opened
                    if not left:
                        raise missing_file(self.lake, error) from error

    def _define_changed(self) -> None:
        changed = self._changed()
        if not changed:
            return
        self._connection.begin()
        try:
            for table in changed:
                self._define(table)
            self._define_standing()
        except BaseException:
            self._connection.rollback()
            self._seen.clear()
            raise
        self._connection.commit()
        self._cursors.renew()

    def fetch(self, expression: ibis.Expr) -> pa.Table:
        return self._tried_again(lambda: self._run(expression))

    def read(self, expression: ibis.Expr, take: Callable[[Iterator[pa.Table]], Taken]) -> Taken:
        def taken() -> Taken:
            with closing(self._pieces(expression)) as pieces:
                return take(pieces)

        return self._tried_again(taken)

    def _tried_again(self, ask: Callable[[], Taken]) -> Taken:
        self._check_process()
        for left in reversed(range(TRIES)):
            try:
                return ask()
            except (*UNREADABLE, *MIDWAY) as error:
                if not is_about_file(error):
                    raise
                if not left:
                    raise missing_file(self.lake, error) from error
                self._reload_vanished()
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        self._cursors.renew()
        self._connection.close()

    def end(self) -> None:
        """Refuses whatever is asked from now on; a statement at hand is answered."""
        self._is_ended = True

    def _run(self, expression: ibis.Expr) -> pa.Table:
        found = expression.as_table()
        is_kept = found.op() in self._statements  # then it is known to bring no tables along
        brought = [] if is_kept else memory_tables(expression)
        result = self._with_tables(found, brought) if brought else self._cursors.fetch(self._statement(found))
        return found.__pyarrow_result__(result, data_mapper=Converted)

    def _pieces(self, expression: ibis.Expr) -> Generator[pa.Table, None, None]:
        found = expression.as_table()
        if memory_tables(expression):
            yield self._run(expression)
            return
        for batch in self._cursors.stream(self._statement(found)):
            yield found.__pyarrow_result__(pa.Table.from_batches([batch]), data_mapper=Converted)

    def _with_tables(self, found: ibis.Table, brought: Iterable[Any]) -> pa.Table:
        """The answer of an expression that brings tables along, which a cursor of its own alone can see."""
        cursor = self._connection.cursor()
        try:
            for table in brought:
                cursor.register(table.name, table.data.to_pyarrow(table.schema))
            return cursor.sql(self._compiled(found)).to_arrow_table()
        finally:
            cursor.close()

    def _statement(self, expression: ibis.Table) -> Statement:
        with self._lock:
            key = expression.op()
            if key not in self._statements:
                self._numbered += 1
                self._statements[key] = Statement(self._compiled(expression), self._numbered)
                if len(self._statements) > KEPT_STATEMENTS:
                    self._statements.popitem(last=False)
            self._statements.move_to_end(key)
            return self._statements[key]

    def _compiled(self, expression: ibis.Table) -> str:
        with self._lock:
            return str(self._backend.compile(expression))

    def _changed(self) -> list[Table]:
        """Takes note of the newest versions, all of one moment as far as no writer comes in between."""
        changed: dict[str, Table] = {}
        for _ in range(3):
            newer = self._newer()
            if not newer and self._seen:
                break
            for table in newer or TABLES:
                self._seen[table.name] = read_snapshot(self.lake, table)
                changed[table.name] = table
        return list(changed.values())

    def _newer(self) -> list[Table]:
        return [t for t in TABLES if has_changed(self.lake.place(t), self._seen.get(t.name, Snapshot()))]

    def _define(self, table: Table) -> None:
        seen = self._seen[table.name]
        found = self._read(table, seen) if seen.files else self._connection.table(EMPTY + table.name)
        columns = [duckdb.ColumnExpression(name) for name in table.schema.names]
        found.select(*columns).create_view(table.name, replace=True)

    def _read(self, table: Table, seen: Snapshot) -> duckdb.DuckDBPyRelation:
        return self._connection.read_parquet(list(seen.files), hive_partitioning=bool(table.partition_by))

    def _define_standing(self) -> None:
        expression = standing_signals(self._seen[SIGNALS.name].months, self._concerned())
        self._connection.execute(f"CREATE OR REPLACE VIEW {STANDING.name} AS {self._backend.compile(expression)}")

    def _concerned(self) -> Concerned:
        superseded, marks = table_named(SUPERSEDED), table_named(MARKS)
        return Concerned(
            superseded=self._months(superseded),
            marked=self._months(standing_marks(marks)),
            restored=self._months(restored_rows(superseded)) != frozenset(),
        )

    def _months(self, rows: ibis.Table) -> frozenset[str]:
        statement = self._backend.compile(rows.select("month").distinct())
        return frozenset(month for (month,) in self._connection.execute(statement).fetchall())

    def _reload_vanished(self) -> None:
        """Reads the newest version, and anew the tables of which a file is gone."""
        with self._lock:
            self._seen |= dict.fromkeys(self._gone(), Snapshot())
            self.refresh()

    def _gone(self) -> list[str]:
        return [name for name, seen in self._seen.items() if not all(Path(path).exists() for path in seen.files)]

    def _check_process(self) -> None:
        if self._is_ended:
            raise RuntimeError("This process ends; it asks no more questions.")
        if os.getpid() != self._process:
            raise RuntimeError("A DuckDB engine was carried over a fork; open it in the process that uses it.")


def is_about_file(error: Exception) -> bool:
    return isinstance(error, duckdb.IOException) or ".parquet" in str(error)


def missing_file(lake: Lake, error: Exception) -> UnreadableInput:
    return UnreadableInput(
        f"A file of the lake cannot be read: {str(error).splitlines()[0]}.",
        where=str(lake),
        mend="Run `xmo doctor`; if it cannot mend it, restore a backup.",
    )
