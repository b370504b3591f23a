"""The engines that answer a question over the lake; all take the same Ibis expressions.

An expression is built over names (`engine.table(SIGNALS)`), never over files, so it stays
valid when the lake moves on and is the same on every engine.
"""

from typing import TYPE_CHECKING, Protocol, TypeVar

from openxmo.core.signals.store.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import ibis
    import pyarrow as pa

    from openxmo.core.signals.store.lake import Lake

Taken = TypeVar("Taken")


class Engine(Protocol):
    """Answers expressions over one version of one lake, until `refresh` moves it to the newest."""

    name: str

    @property
    def lake_version(self) -> int:
        """The version of the lake that the next `fetch` reads, as `Lake.version` counts it."""

    @property
    def people_key(self) -> bytes:
        """The office's key for hashes of people: the same person in every answer, nobody outside the office."""

    def refresh(self) -> None:
        """Read the lake's newest version into the views; next to nothing where no table has changed."""

    def table(self, table: Table) -> "ibis.Table":
        """The table by its name and the columns of its contract, to build expressions on."""

    def fetch(self, expression: "ibis.Expr") -> "pa.Table":
        """Compile (kept by expression) and run; when a file has vanished, refresh once and run again."""

    def read(self, expression: "ibis.Expr", take: "Callable[[Iterator[pa.Table]], Taken]") -> Taken:
        """What `take` makes of the rows of a large answer, which come some at a time and always in the same order.

        When a file has vanished meanwhile, it is asked to take them anew.
        """


def open_duckdb(lake: "Lake", *, threads: int | None = None, memory_limit: str | None = None) -> Engine:
    """The DuckDB engine of this process for this lake: one connection, shared by all who ask for the same."""
    from openxmo.core.signals.engines.sharing import shared_duckdb

    return shared_duckdb(lake, threads=threads, memory_limit=memory_limit)


def open_spark(lake: "Lake", *, remote: str) -> Engine:
    """An engine on the Spark Connect server at `remote` (`sc://host:port`), which must see the lake's folder."""
    from openxmo.core.signals.engines.spark import SparkEngine

    return SparkEngine(lake, remote=remote)


def warm_up(engine: Engine) -> None:
    """Run one small expression, so that the first question does not wait for imports and first use."""
    from openxmo.core.signals.engines.standing import STANDING

    standing = engine.table(STANDING)
    engine.fetch(standing.group_by("month").agg(n=standing.count()).limit(1))
