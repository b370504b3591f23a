"""A sample world as tables to ask: signals with their story month, and issues with what became of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from openxmo.core.world.cast import GAMER, STAR, Agents, cast_agents
from openxmo.core.world.making import make_world
from openxmo.core.world.months import RUNNING, month_start

SEED = 20260921
AS_OF = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)  # a Friday in the morning

ISSUES = """
    create table issues as
    select issue, min_by(agent, happened_at) as agent, min_by(site, happened_at) as site, min(m) as m,
           min_by(reason, happened_at) as reason, min_by(attrs, happened_at) as attrs,
           count(*) > 1 as repeated, bool_or(issue in (select issue from s where name = 'transferred')) as handed
    from s where name = 'contact' group by issue
"""


@dataclass(frozen=True)
class Told:
    """A world's rows in DuckDB: `s` (signals with `m`, the month), `issues`; and who its people are."""

    connection: duckdb.DuckDBPyConnection
    agents: Agents
    size: int

    def close(self) -> None:
        self.connection.close()

    def one(self, sql: str) -> float:
        """The one number that a query gives; no rows or null is not a number."""
        row = self.connection.execute(sql).fetchone()
        return float("nan") if row is None or row[0] is None else float(row[0])

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def named(self, role: int) -> str:
        """The agents of a role as a list for SQL."""
        chosen = [key for key, sort in zip(self.agents.key.to_pylist(), self.agents.sort, strict=True) if sort == role]
        return ", ".join(f"'{key}'" for key in chosen)

    @property
    def gamers(self) -> str:
        return self.named(GAMER)

    @property
    def star(self) -> str:
        return self.named(STAR)


def tell(*, size: int, planted: bool, seed: int = SEED, as_of: datetime = AS_OF) -> Told:
    signals = pa.concat_tables(
        list(make_world(seed=seed, size=size, as_of=as_of, planted=planted)), promote_options="default"
    )
    at = signals.column_names.index("happened_at")
    # Plain timestamps in UTC: asking about zoned ones is slow.
    signals = signals.set_column(at, "happened_at", signals["happened_at"].cast(pa.timestamp("us")))
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    starts = [month_start(as_of, number).replace(tzinfo=None) for number in range(1, RUNNING + 1)]
    cases = " + ".join(f"(happened_at >= timestamp '{start}')::int" for start in starts)
    connection.register("signals", signals)
    connection.execute(f"create table s as select *, {cases} as m from signals")
    connection.unregister("signals")
    connection.execute(ISSUES)
    return Told(connection=connection, agents=cast_agents(seed), size=signals.num_rows)
