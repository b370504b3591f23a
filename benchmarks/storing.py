"""100 answers into a lake that is already large: how the time grows with the lake."""

from pathlib import Path

from benchmarks.data import borrowed, open_office
from benchmarks.importing import write_file
from benchmarks.made_signals import HEARD_AT
from benchmarks.measure import Line, Variant, check_equal, median_time, peak_mib
from openxmo.core.signals.importing import import_files
from openxmo.core.signals.receipts import Receipt

ANSWERS = 100
ROUNDS = 21


def measure(cache: Path, rows: int) -> list[Line]:
    with borrowed(open_office(cache, rows), "storing") as lake:
        folder = lake.home.exports
        files = (
            write_file(folder / f"{number}.ndjson", rows=ANSWERS, first=10**9 + number * ANSWERS)
            for number in range(ROUNDS + 1)
        )
        receipts: list[Receipt] = []

        def take(file: Path) -> None:
            receipts.append(
                import_files(lake, [file], source=None, mapping=None, sources={}, by="benchmarks", at=HEARD_AT)
            )

        ours = median_time(Variant(take, lambda _: None, lambda: next(files)), rounds=ROUNDS)
        check_equal("answers stored", {receipt.accepted for receipt in receipts}, {ANSWERS})
        return [Line(workload=f"store {ANSWERS} answers", rows=rows, ours=ours, peak=peak_mib())]
