"""W1: NPS by channel and month, against DuckDB grouping by the same month column."""

from pathlib import Path
from typing import Any

from benchmarks.asking import AS_OF, NPS, NPS_SCORE, open_raw, rows_of
from benchmarks.data import open_office
from benchmarks.measure import Line, Variant, compare
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.questions.score import Scores, score

RAW = f"""
SELECT channel, month, count(*), sum(s), sum(s * s)
FROM (SELECT channel, month, {NPS_SCORE} AS s FROM signals WHERE name = 'nps') GROUP BY channel, month
"""
ROUNDS = 15
LARGE = 50_000_000


def ask(engine: Engine) -> Scores:
    engine.refresh()
    return score(NPS, engine=engine, definitions=Definitions(), by=("channel",), every="month", as_of=AS_OF)


def answer(found: Scores) -> dict[Any, Any]:
    return {
        (row.by["channel"], row.period.label if row.period else None): (
            row.estimate.n,
            round((row.estimate.value or 0.0) * row.estimate.n),
        )
        for row in found.rows
    }


def measure(cache: Path, rows: int) -> list[Line]:
    lake = open_office(cache, rows)
    engine, raw = open_duckdb(lake), open_raw(lake)
    ours = Variant(lambda _: ask(engine), answer)
    yardstick = Variant(
        lambda _: rows_of(raw, RAW),
        lambda found: {(channel, month): (n, round(total)) for channel, month, n, total, _ in found},
    )
    goals = {"goal": 1.2 if rows >= LARGE else 1.4, "peak_goal": 230}
    return [compare("score by channel and month", ours, yardstick, rows=rows, rounds=ROUNDS, **goals)]
