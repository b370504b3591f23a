"""W7: a page of six tiles over the last twelve months, against plain SQL on the month column and the same template."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
from django.template import Context, Engine, Template

from benchmarks.asking import AS_OF, NPS, NPS_SCORE, open_raw, rows_of
from benchmarks.data import open_office
from benchmarks.measure import Line, Run, Variant, compare, median_run
from openxmo.core.metrics.metric import Metric, Score
from openxmo.office.govern.remembered import remembered
from openxmo.office.govern.session import Session, warm_up

SINCE, UNTIL = "2025-07-01", "2026-07-01"
CSAT = Metric(key="csat", signal="csat", score=Score(kind="top_box", top=4))
EFFORT = Metric(key="ces", signal="ces", score=Score(kind="mean"))
HANDLING = Metric(key="handle_time", signal="handle_time", score=Score(kind="mean"))
# What each tile asks: the metric, its cut, and the same as SQL.
TILES: tuple[tuple[Metric, str | None, str], ...] = (
    (NPS, None, NPS_SCORE),
    (NPS, "period", NPS_SCORE),
    (NPS, "channel", NPS_SCORE),
    (CSAT, "period", "CASE WHEN value >= 4 THEN 100 ELSE 0 END"),
    (EFFORT, "segment", "value"),
    (HANDLING, "team", "value"),
)
PAGE = """{% for tile in tiles %}<section><h2>{{ tile.name }}</h2><table>{% for row in tile.rows %}
<tr><th>{{ row.0|default:"" }}</th><td>{{ row.1 }}</td><td>{{ row.2|floatformat:1 }}</td></tr>{% endfor %}
</table></section>{% endfor %}"""
ROUNDS = 15
LARGE = 50_000_000
CACHED_MS, FIRST_MS = 15.0, 400.0

Tile = dict[str, Any]


def measure(cache: Path, rows: int) -> list[Line]:
    lake = open_office(cache, rows)
    template = Template(PAGE, engine=Engine())
    warm_up(lake.home, [metric for metric, _, _ in TILES])
    session = Session(lake.home, clock=lambda: AS_OF)
    first = Variant(lambda _: show(template, ours(session)), len).timed()
    forget = remembered((lake.home.path, "answers", None)).kept.clear
    cold = Variant(lambda _: answer_and_show(template, lambda: ours(session)), compared, prepare=forget)
    raw = open_raw(lake)
    plain = Variant(lambda _: answer_and_show(template, lambda: theirs(raw)), compared)
    goal = 1.1 if rows >= LARGE else 1.6
    lines = [compare("page of six tiles, nothing kept", cold, plain, rows=rows, rounds=ROUNDS, goal=goal)]
    kept = median_run(Variant(lambda _: show(template, ours(Session(lake.home))), len), rounds=ROUNDS)
    lines.append(at_most("the same page, answers kept", kept, CACHED_MS, rows))
    return [*lines, at_most("first page after the warm-up", first, FIRST_MS, rows)]


def at_most(workload: str, run: Run, limit: float, rows: int) -> Line:
    """A line whose yardstick is a time that a person may wait; `work` is the processor time of it."""
    return Line(
        workload=workload,
        rows=rows,
        ours=run.took,
        yardstick=limit,
        ratio=run.took / limit,
        work=run.worked / limit,
        goal=1.0,
    )


def answer_and_show(template: Template, ask: Callable[[], list[Tile]]) -> list[Tile]:
    tiles = ask()
    show(template, tiles)
    return tiles


def show(template: Template, tiles: Iterable[Tile]) -> str:
    text: str = template.render(Context({"tiles": tiles}))
    return text


def ours(session: Session) -> list[Tile]:
    return [tile_of(session, metric, cut) for metric, cut, _ in TILES]


def tile_of(session: Session, metric: Metric, cut: str | None) -> Tile:
    every: Any = "month" if cut == "period" else None
    by = () if cut in (None, "period") else (cut,)
    rows = session.score(metric, by=by, since=SINCE, until=UNTIL, every=every).to_document()["rows"]
    return {"name": metric.key, "rows": [(key_of(row, cut), row["n"], row["value"]) for row in rows]}


def key_of(row: Mapping[str, Any], cut: str | None) -> Any:
    return row["period"] if cut == "period" else row["by"].get(cut)


def theirs(raw: duckdb.DuckDBPyConnection) -> list[Tile]:
    return [
        {"name": metric.key, "rows": rows_of(raw, statement(metric.signal, cut, score))} for metric, cut, score in TILES
    ]


def statement(name: str, cut: str | None, score: str) -> str:
    key = {None: "NULL", "period": "month"}.get(cut, cut)
    return f"""
SELECT key, count(*), sum(s) / count(*), sum(s * s) FROM (
  SELECT {key} AS key, {score} AS s FROM signals
  WHERE name = '{name}' AND month >= '{SINCE[:7]}' AND month < '{UNTIL[:7]}' AND value IS NOT NULL
) GROUP BY key ORDER BY key"""


def compared(tiles: Iterable[Tile]) -> Any:
    return [(tile["name"], sorted((str(row[0]), row[1], round(row[2], 6)) for row in tile["rows"])) for tile in tiles]
