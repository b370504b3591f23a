"""DuckDB over a lake at an object store: pyarrow reads the files, as far as a question needs them.

DuckDB itself may reach nothing outside. It hands its filters and columns to pyarrow's data sets, which
leave out months and files by what Delta's log says of them, and pages by what Parquet says.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.engines.versions import Snapshot, has_changed
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import TABLES, Table


class Kept:
    """What questions under way may still read: DuckDB holds no data set itself, only where it lies in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self._asked: Counter[int] = Counter()  # questions under way, by when they began
        self._held: list[tuple[int, Any]] = []

    def hold(self, thing: Any) -> None:
        """Keeps it as long as a question that may have seen it is under way: one that is asked until `replace`."""
        with self._lock:
            self._held.append((self._now, thing))

    def replace(self, things: list[Any]) -> None:
        """From now on questions see these only."""
        with self._lock:
            self._now += 1
            current = {id(thing) for thing in things}
            self._held = [(self._now if id(thing) in current else then, thing) for then, thing in self._held]
            self._drop()

    @contextmanager
    def asking(self) -> Iterator[None]:
        with self._lock:
            began = self._now
            self._asked[began] += 1
        try:
            yield
        finally:
            with self._lock:
                self._asked[began] -= 1
                if not self._asked[began]:
                    del self._asked[began]
                self._drop()

    def _drop(self) -> None:
        """A question that began at a moment sees what was current then, or what came later."""
        oldest = min(self._asked, default=self._now)
        self._held = [(then, thing) for then, thing in self._held if then >= oldest]


class RemoteEngine(DuckdbEngine):
    """See `Engine`."""

    def __init__(self, lake: Lake, *, threads: int | None = None, memory_limit: str | None = None) -> None:
        self._kept = Kept()
        self._lookers = ThreadPoolExecutor(len(TABLES), thread_name_prefix="looking")
        super().__init__(lake, threads=threads, memory_limit=memory_limit)

    def fetch(self, expression: ibis.Expr) -> pa.Table:
        with self._kept.asking():
            return super().fetch(expression)

    def close(self) -> None:
        super().close()
        self._lookers.shutdown()

    def _define_changed(self) -> None:
        super()._define_changed()
        self._kept.replace([seen.dataset for seen in self._seen.values()])

    def _newer(self) -> list[Table]:
        """Asked of all tables at once: each answer takes a way there and back."""
        seen = [self._seen.get(table.name, Snapshot()) for table in TABLES]
        places = [self.lake.place(table) for table in TABLES]
        changed = self._lookers.map(has_changed, places, seen)
        return [table for table, has_moved in zip(TABLES, changed, strict=True) if has_moved]

    def _read(self, table: Table, seen: Snapshot) -> duckdb.DuckDBPyRelation:  # noqa: ARG002
        found = self._connection.from_arrow(seen.dataset)
        self._kept.hold(seen.dataset)
        return found

    def _gone(self) -> list[str]:
        return list(self._seen)
