"""Offices full of made-up signals, kept in a cache folder so that a second run is quick.

What makes them is imported where it is used: a process that only asks should weigh no more than asking does.
"""

import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from benchmarks.made_signals import HEARD_AT, MAKE, MONTHS, SEED, SOURCE, make_month, open_maker, receipt_name
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import SIGNALS

SHAPE = zlib.crc32(" ".join(f"{SEED} {MAKE} {SIGNALS.schema}".split()).encode())  # of what the cache holds


def rows_of_month(rows: int, place: int) -> tuple[int, int]:
    """The first row number of a month and how many it has; all months together have `rows`."""
    first, end = (rows * at // len(MONTHS) for at in (place, place + 1))
    return first, end - first


def open_office(cache: Path, rows: int, *, progress: Progress = silent) -> Lake:
    """A lake of so many made-up signals, made first if the cache has none."""
    folder = cache / f"signals-{rows}-{SHAPE:08x}"
    if not folder.exists():
        unfinished = folder.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        fill(Lake.create(Home.at(unfinished), at=HEARD_AT), rows, spill=cache / "spill", progress=progress)
        unfinished.rename(folder)
    return Lake.open(Home.at(folder))


def index_ids(lake: Lake, *, progress: Progress = silent) -> None:
    """Brings the index of ids up to date, or makes it anew where the cache has one of another form."""
    from openxmo.core.signals.door.catching_up import load_fingerprints
    from openxmo.core.signals.door.lock import writing

    try:
        with writing(lake.home):
            load_fingerprints(lake, number=len(MONTHS), progress=progress)
    except OSError:
        shutil.rmtree(lake.home.fingerprints)
        index_ids(lake, progress=progress)


def fill(lake: Lake, rows: int, *, spill: Path, progress: Progress) -> None:
    """One import a month, each with its receipt."""
    from openxmo.core.signals.door.lock import writing
    from openxmo.core.signals.door.recovery import commit_metadata
    from openxmo.core.signals.store.receipts import Receipt, add_receipt, link, read_head

    with writing(lake.home), open_maker(spill) as connection:
        for place in range(len(MONTHS)):
            first, count = rows_of_month(rows, place)
            receipt = Receipt(
                receipt=receipt_name(place),
                number=0,
                source=SOURCE,
                heard_at=HEARD_AT,
                by="benchmarks",
                rows=count,
                received=count,
                accepted=count,
                content=bytes(32),
            )
            receipt = link(receipt, read_head(lake))
            made = make_month(connection, place, rows=count, first=first)
            batches = (batch for table in made for batch in table.to_batches())
            reader = pa.RecordBatchReader.from_batches(SIGNALS.schema, batches)
            lake.append(SIGNALS, reader, metadata=commit_metadata(receipt, [], redaction="none"))
            add_receipt(lake, receipt)
            progress("made", first + count, rows)


@contextmanager
def borrowed(lake: Lake, name: str) -> Iterator[Lake]:
    """A copy of the office to write into: its files are hard links, so that millions of signals cost nothing.

    All but the writer's lock, which would hold for the original too.
    """
    folder = lake.home.path.with_name(f"{lake.home.path.name}-{name}-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(lake.home.path, folder, copy_function=os.link, ignore=shutil.ignore_patterns("writer.lock"))
    try:
        yield Lake.open(Home.at(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
