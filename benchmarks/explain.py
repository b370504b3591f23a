"""W2: why NPS moved between two periods, by eight dimensions, against only reading the same ten columns."""

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
Range = tuple[date, date]
BEFORE, AFTER = (date(2026, 5, 1), date(2026, 6, 1)), (date(2026, 6, 1), date(2026, 7, 1))
LENGTHS = ", ".join(f"sum(strlen({name}))" for name in BY)
# A sum of lengths reads every value and works nothing out: DuckDB would answer a count from statistics.
SCAN = f"""SELECT month >= '{{border}}' AS after, count(*), sum({NPS_SCORE}), {LENGTHS}
FROM signals WHERE name = 'nps' AND month >= '{{first}}' GROUP BY after ORDER BY after"""
ROUNDS = 9
ENOUGH = 1_000_000


def ask(engine: Engine, before: Range, after: Range) -> Explanation:
    engine.refresh()
    return explain(NPS, engine=engine, definitions=Definitions(), by=BY, before=before, after=after, as_of=AS_OF)


def answer(found: Explanation) -> Any:
    return [
        (side.estimate.n, round((side.estimate.value or 0.0) * side.estimate.n)) for side in (found.before, found.after)
    ]


def check_parts(found: Explanation) -> None:
    """The parts add up to the change."""
    total = sum(part.mix + part.rate for part in found.parts)
    check_equal("parts of the change", round(total, 9), round(found.change.value or 0.0, 9))


def check_planted(found: Explanation, rows: int) -> None:
    """What was planted in the last month is found where there are enough answers to find it."""
    if rows >= ENOUGH:
        localised = [dict(cell.by) for cell in found.localised]
        check_equal("what was planted", localised, [{"channel": "chat", "segment": "smb"}])


def measure_between(workload: str, before: Range, after: Range, *, cache: Path, rows: int, goal: float) -> Line:
    lake = open_office(cache, rows)
    engine, raw = open_duckdb(lake), open_raw(lake)
    ours = Variant(lambda _: ask(engine, before, after), answer)
    scan = SCAN.format(first=before[0].isoformat()[:7], border=after[0].isoformat()[:7])
    yardstick = Variant(lambda _: rows_of(raw, scan), lambda found: [(n, round(total)) for _, n, total, *_ in found])
    line = compare(workload, ours, yardstick, rows=rows, rounds=ROUNDS, goal=goal, peak_goal=400)
    check_parts(ask(engine, before, after))
    return line


def measure(cache: Path, rows: int) -> list[Line]:
    line = measure_between("explain by 8 dimensions", BEFORE, AFTER, cache=cache, rows=rows, goal=6.0)
    check_planted(ask(open_duckdb(open_office(cache, rows)), BEFORE, AFTER), rows)
    return [line]
