"""100 answers into a lake that is already large, against the same into an empty one, tidied up after as always."""

import tempfile
from itertools import count
from pathlib import Path

from benchmarks.data import borrowed, open_office
from benchmarks.importing import write_file
from benchmarks.made_signals import HEARD_AT
from benchmarks.measure import Line, Variant, compare
from openxmo.core.signals.door.importing import import_files
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.keeping.compaction import keep_tidy
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt

ANSWERS = 100
ROUNDS = 25


def import_and_tidy(lake: Lake, file: Path) -> Receipt:
    receipt = import_files(lake, [file], source=None, mapping=None, sources={}, by="benchmarks", at=HEARD_AT)
    with writing(lake.home):
        keep_tidy(lake, at=HEARD_AT)
    return receipt


def measure(cache: Path, rows: int) -> list[Line]:
    with borrowed(open_office(cache, rows), "storing") as large, tempfile.TemporaryDirectory(dir=cache) as folder:
        empty = Lake.create(Home.at(Path(folder)), at=HEARD_AT)
        variants = [storing_into(lake) for lake in (large, empty)]
        return [compare(f"store {ANSWERS} answers", *variants, rows=rows, rounds=ROUNDS)]


def storing_into(lake: Lake) -> Variant:
    numbers = count()

    def make() -> Path:
        number = next(numbers)
        return write_file(lake.home.exports / f"{number}.ndjson", rows=ANSWERS, first=10**9 + number * ANSWERS)

    return Variant(lambda file: import_and_tidy(lake, file), lambda receipt: receipt.accepted, make)
