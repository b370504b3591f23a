"""What the questions are asked with: the metrics, the moment, and DuckDB with nothing around it as the yardstick."""

from typing import Any

import duckdb

from benchmarks.made_signals import HEARD_AT
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import SIGNALS

AS_OF = HEARD_AT
NPS = Metric(key="nps", signal="nps", score=Score(kind="nps"))
FIRST_CONTACT = Metric(
    key="first-contact", signal="contact", score=Score(kind="repeat_free", days=7, key=("subject", "reason"))
)
NPS_SCORE = "CASE WHEN value >= 9 THEN 100 WHEN value <= 6 THEN -100 ELSE 0 END"


def open_raw(lake: Lake) -> duckdb.DuckDBPyConnection:
    """DuckDB with the lake's files as the view `signals`."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET parquet_metadata_cache = true")
    connection.read_parquet(lake.files(SIGNALS), hive_partitioning=True).create_view("signals")
    return connection


def rows_of(connection: duckdb.DuckDBPyConnection, text: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = connection.execute(text, parameters).fetchall()
    return found
