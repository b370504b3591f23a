"""NPS by channel and month after thousands of small imports, against the same lake compacted into whole files."""

from pathlib import Path

from benchmarks.data import borrowed, open_office
from benchmarks.importing import write_file
from benchmarks.made_signals import HEARD_AT
from benchmarks.measure import Line, Variant, compare
from benchmarks.score import answer, ask
from openxmo.core.signals.compaction import compact
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.importing import import_files
from openxmo.core.signals.lake import Lake
from openxmo.core.signals.lock import writing

COMMITS = 5_000
ANSWERS = 20
ROUNDS = 9


def measure(cache: Path, rows: int) -> list[Line]:
    office = open_office(cache, rows)
    with borrowed(office, "commits") as many, borrowed_whole(many) as whole:
        parts, merged = open_duckdb(many), open_duckdb(whole)
        ours = Variant(lambda _: ask(parts), answer)
        yardstick = Variant(lambda _: ask(merged), answer)
        workload = f"score after {COMMITS:,} small imports"
        return [compare(workload, ours, yardstick, rows=rows, rounds=ROUNDS, goal=1.5)]
