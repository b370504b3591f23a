"""100 answers into a lake that is already large: how the time grows with the lake."""

from pathlib import Path

from benchmarks.data import borrowed, open_office
from benchmarks.importing import write_file
from benchmarks.made_signals import HEARD_AT
from benchmarks.measure import Line, Variant, check_equal, median_time, peak_mib
from openxmo.core.signals.compaction import keep_tidy
from openxmo.core.signals.importing import import_files
from openxmo.core.signals.lake import Lake
from openxmo.core.signals.lock import writing
from openxmo.core.signals.receipts import Receipt

ANSWERS = 100
ROUNDS = 31


def import_and_tidy(lake: Lake, file: Path) -> Receipt:
    receipt = import_files(lake, [file], source=None, mapping=None, sources={}, by="benchmarks", at=HEARD_AT)
    with writing(lake.home):
        keep_tidy(lake, at=HEARD_AT)
    return receipt


def measure(cache: Path, rows: int) -> list[Line]:
    with borrowed(open_office(cache, rows), "storing") as lake:
        files = (
            write_file(lake.home.exports / f"{number}.ndjson", rows=ANSWERS, first=10**9 + number * ANSWERS)
            for number in range(ROUNDS + 1)
        )
        receipts: list[Receipt] = []
        ours = Variant(
            run=lambda file: receipts.append(import_and_tidy(lake, file)),
            answer=lambda _: None,
            prepare=lambda: next(files),
        )
        line = Line(workload=f"store {ANSWERS} answers", rows=rows, ours=median_time(ours, rounds=ROUNDS))
        check_equal(line.workload, {receipt.accepted for receipt in receipts}, {ANSWERS})
        line.peak = peak_mib()
        return [line]
