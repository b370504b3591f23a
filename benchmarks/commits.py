"""NPS by channel and month after thousands of small imports, against the same lake compacted into whole files."""

from pathlib import Path

from benchmarks.data import borrowed, open_office
from benchmarks.importing import write_file
from benchmarks.made_signals import HEARD_AT
from benchmarks.measure import Line, Variant, compare
from benchmarks.score import answer, ask
from benchmarks.storing import import_and_tidy
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.keeping.compaction import compact
from openxmo.core.signals.store.lake import Lake

COMMITS = 5_000
ANSWERS = 20
FIRST = 2 * 10**9
ROUNDS = 9


def measure(cache: Path, rows: int) -> list[Line]:
    with borrowed(open_office(cache, rows), "commits") as many:
        import_often(many)
        with borrowed(many, "whole") as whole:
            with writing(whole.home):
                compact(whole, at=HEARD_AT, everything=True)
            parts, merged = open_duckdb(many), open_duckdb(whole)
            ours = Variant(lambda _: ask(parts), answer)
            yardstick = Variant(lambda _: ask(merged), answer)
            workload = f"score after {COMMITS:,} small imports"
            return [compare(workload, ours, yardstick, rows=rows, rounds=ROUNDS, goal=1.5)]


def import_often(lake: Lake) -> None:
    """Small files of answers of the last month, one import each, tidied up after each as the command does."""
    lines = write_file(lake.home.exports / "all", rows=COMMITS * ANSWERS, first=FIRST).read_bytes().splitlines(True)
    file = lake.home.exports / "some.ndjson"
    for start in range(0, len(lines), ANSWERS):
        file.write_bytes(b"".join(lines[start : start + ANSWERS]))
        import_and_tidy(lake, file)
