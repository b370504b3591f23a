"""W2 over all 24 months: why NPS moved between two years, by eight dimensions, against only reading the columns."""

from datetime import date
from pathlib import Path

from benchmarks.explain import measure_between
from benchmarks.measure import Line

BEFORE, AFTER = (date(2024, 7, 1), date(2025, 7, 1)), (date(2025, 7, 1), date(2026, 7, 1))


def measure(cache: Path, rows: int) -> list[Line]:
    workload = "explain by 8 dimensions, 24 months"
    return [measure_between(workload, BEFORE, AFTER, cache=cache, rows=rows, goal=4.5)]
