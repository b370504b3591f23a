"""The same expressions on a Spark Connect server, which reads the lake as Delta tables by their folders.

The server must see the lake under the same path and know Delta (any Spark 4 with delta-spark,
or a server that has it built in). It reads the version that the client saw, so all answers of
one refresh are of one version.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

import ibis
import pyarrow as pa

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.signals.engines.names import memory_tables, table_named
from openxmo.core.signals.engines.standing import STANDING, Concerned, restored_rows, standing_marks, standing_signals
from openxmo.core.signals.engines.versions import Snapshot, has_changed, read_snapshot
from openxmo.core.signals.store.lake import ANSWERING, Lake
from openxmo.core.signals.store.tables import MARKS, SIGNALS, SUPERSEDED, TABLES, Table

DEFAULT_PORT = 15002
PATIENCE = 10.0  # seconds until a server that does not answer counts as not there
Taken = TypeVar("Taken")


class SparkEngine:
    """See `Engine`."""

    name = "spark"

    def __init__(self, lake: Lake, *, remote: str) -> None:
        if lake.address is not None:
            raise UnreadableInput(
                "Spark Connect answers over signals on a disk that it shares with the office, not at an object store.",
                where=lake.address,
                mend="Ask without Spark, or restore a backup into a folder that the server sees.",
            )
        self.lake = lake
        self._lock = threading.RLock()
        self._seen: dict[str, Snapshot] = {}
        self._session = connect(remote)
        self._backend = ibis.pyspark.connect(self._session)
        self._session.conf.set("spark.sql.session.timeZone", "UTC")
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
            changed = [t for t in TABLES if has_changed(self.lake.place(t), self._seen.get(t.name, Snapshot()))]
            for table in changed:
                self._seen[table.name] = read_snapshot(self.lake, table)
                self._define(table)
            if changed:
                expression = standing_signals(self._seen[SIGNALS.name].months, self._concerned())
                self._session.sql(self._backend.compile(expression)).createOrReplaceTempView(STANDING.name)

    def fetch(self, expression: ibis.Expr) -> pa.Table:
        with self._lock:
            try:
                return self._run(expression.as_table())
            except Exception:
                if not self._reload_vanished():
                    raise
            return self._run(expression.as_table())

    def read(self, expression: ibis.Expr, take: Callable[[Iterator[pa.Table]], Taken]) -> Taken:
        """All at once, since a server that forgets a file halfway could not be told from one that failed."""
        return take(iter([self.fetch(expression)]))

    def close(self) -> None:
        self._session.stop()

    def _run(self, expression: ibis.Table) -> pa.Table:
        """Straight to Arrow: Ibis would go through pandas, which has no maps."""
        for brought in memory_tables(expression):
            data = brought.data.to_pyarrow(brought.schema)
            self._session.createDataFrame(data).createOrReplaceTempView(brought.name)
        found = self._session.sql(self._backend.compile(expression)).toArrow()
        return expression.__pyarrow_result__(found)

    def _define(self, table: Table) -> None:
        reader = self._session.read.format("delta").option("versionAsOf", self._seen[table.name].version)
        found = reader.load(str(self.lake.folder(table)))
        found.select(*table.schema.names).createOrReplaceTempView(table.name)

    def _concerned(self) -> Concerned:
        superseded, marks = table_named(SUPERSEDED), table_named(MARKS)
        return Concerned(
            superseded=self._months(superseded),
            marked=self._months(standing_marks(marks)),
            restored=self._months(restored_rows(superseded)) != frozenset(),
        )

    def _months(self, rows: ibis.Table) -> frozenset[str]:
        found = self._run(rows.select("month").distinct())
        return frozenset(found.column("month").to_pylist())

    def _reload_vanished(self) -> bool:
        before = dict(self._seen)
        self.refresh()
        return before != self._seen


def connect(remote: str) -> Any:
    """A session on the server; what cannot work is said before Spark's own client would wait for it without end."""
    try:
        from pyspark.sql.connect.session import SparkSession
    except ImportError:
        raise UnreadableInput(
            "Spark is not installed with this OpenXMO.", mend="Install it with `pip install openxmo[spark]`."
        ) from None
    check_answers(remote)
    # Never getOrCreate: it hands out whatever session is active, also one to another server that has gone.
    return SparkSession.builder.remote(remote).create()


def check_answers(remote: str) -> None:
    try:
        address = urlsplit(remote)
        place = address.hostname, address.port or DEFAULT_PORT
    except ValueError:
        place = None, DEFAULT_PORT
    if place[0] is None or address.scheme != "sc":
        raise WrongUsage(f"`{remote}` is no address of a Spark Connect server.", mend="Write it as sc://host:15002.")
    try:
        socket.create_connection((place[0], place[1]), timeout=PATIENCE).close()
    except OSError as error:
        raise UnreadableInput(
            f"No Spark Connect server answers at {remote}: {error.strerror or error}.",
            mend="Look at the address, and whether the server runs.",
        ) from None
