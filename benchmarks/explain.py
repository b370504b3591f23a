"""W2: why NPS moved between two months, by eight dimensions, against only reading the same ten columns."""

from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.asking import AS_OF, NPS, NPS_SCORE, open_raw, rows_of
from benchmarks.data import open_office
from benchmarks.measure import Line, Variant, check_equal, compare
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.questions.explain import Explanation, explain

BY = ("channel", "touchpoint", "reason", "product", "region", "team", "segment", "device")
BEFORE, AFTER = (date(2026, 5, 1), date(2026, 6, 1)), (date(2026, 6, 1), date(2026, 7, 1))
WITHIN = "FROM signals WHERE name = 'nps' AND month IN ('2026-05', '2026-06')"
LENGTHS = ", ".join(f"sum(strlen({name}))" for name in BY)
# A sum of lengths reads every value and works nothing out: DuckDB would answer a count from statistics.
SCAN = f"SELECT month, count(*), sum({NPS_SCORE}), {LENGTHS} {WITHIN} GROUP BY month ORDER BY month"
ROUNDS = 9
ENOUGH = 1_000_000


def ask(engine: Engine) -> Explanation:
    engine.refresh()
    return explain(NPS, engine=engine, definitions=Definitions(), by=BY, before=BEFORE, after=AFTER, as_of=AS_OF)


def answer(found: Explanation) -> Any:
    return [
        (side.estimate.n, round((side.estimate.value or 0.0) * side.estimate.n)) for side in (found.before, found.after)
    ]


def check_parts(found: Explanation, rows: int) -> None:
    """The parts add up to the change, and what was planted is found where there are enough answers to find it."""
    total = sum(part.mix + part.rate for part in found.parts)
    check_equal("parts of the change", round(total, 9), round(found.change.value or 0.0, 9))
    if rows >= ENOUGH:
        localised = [dict(cell.by) for cell in found.localised]
        check_equal("what was planted", localised, [{"channel": "chat", "segment": "smb"}])


def measure(cache: Path, rows: int) -> list[Line]:
    lake = open_office(cache, rows)
    engine, raw = open_duckdb(lake), open_raw(lake)
    ours = Variant(lambda _: ask(engine), answer)
    yardstick = Variant(lambda _: rows_of(raw, SCAN), lambda found: [(n, round(total)) for _, n, total, *_ in found])
    line = compare("explain by 8 dimensions", ours, yardstick, rows=rows, rounds=ROUNDS, goal=6.0, peak_goal=400)
    check_parts(ask(engine), rows)
    return [line]
