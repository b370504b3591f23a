"""W3: NDJSON into the lake on one core, judged row by row, against DuckDB turning the same file into Parquet."""

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from benchmarks.asking import rows_of
from benchmarks.made_signals import HEARD_AT, make_month, open_maker
from benchmarks.measure import Line, Variant, compare
from openxmo.core.signals.contract import COLUMNS
from openxmo.core.signals.door.columns import DUCKDB_TYPES
from openxmo.core.signals.door.importing import import_files
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import SIGNALS

ROWS = 200_000
AT_ONCE = 5_000
TYPES = DUCKDB_TYPES | {"map of strings": "MAP(VARCHAR, VARCHAR)"}
READ = ", ".join(f"{column.name}: '{TYPES.get(column.type, 'VARCHAR')}'" for column in COLUMNS)
CONVERT = f"""
COPY (SELECT * FROM read_json('{{source}}', format = 'newline_delimited', columns = {{{{{READ}}}}})
      WHERE id IS NOT NULL AND happened_at IS NOT NULL AND kind IN ('X', 'O', 'T', 'B') AND name IS NOT NULL)
TO '{{target}}' (FORMAT parquet, COMPRESSION zstd)
"""
SUMMED = """
SELECT count(*), count(DISTINCT id), round(sum(value), 2), sum(epoch_us(happened_at)), count(text),
       sum(strlen(subject)), sum(hash(id || name || reason || product || team || channel)) FROM read_parquet($files)
"""
ROUNDS = 5
SPEED = 0.6  # of the yardstick's rows a second


def write_file(path: Path, *, rows: int, first: int) -> Path:
    """Rows of the last month in the contract's names, without empty fields, a few thousand at a time in time order."""
    names = [column.name for column in COLUMNS]
    with open_maker(path.parent / "spill") as connection, path.open("wb") as file:
        for start in range(0, rows, AT_ONCE):
            parts = make_month(connection, 23, rows=min(AT_ONCE, rows - start), first=first + start)
            made = [row for part in parts for row in part.select(names).to_pylist()]
            for row in sorted(made, key=lambda row: row["happened_at"]):
                filled = {key: value for key, value in row.items() if value is not None}
                file.write(msgspec.json.encode(filled | {"attrs": dict(row["attrs"])}) + b"\n")
    return path


def summed(files: list[str]) -> Any:
    with duckdb.connect() as connection:
        return rows_of(connection, SUMMED, {"files": files})


def measure(cache: Path, rows: int | None = None) -> list[Line]:
    del rows  # an import into an empty lake; what a large one adds is measured by `storing`
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    folder = cache / f"importing-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        return [measure_in(folder)]
    finally:
        shutil.rmtree(folder)


def measure_in(folder: Path) -> Line:
    source, target = write_file(folder / "signals.ndjson", rows=ROWS, first=10**9), folder / "signals.parquet"
    raw = duckdb.connect(config={"threads": 1})

    def empty_lake() -> Lake:
        shutil.rmtree(folder / "home", ignore_errors=True)
        return Lake.create(Home.at(folder / "home"), at=HEARD_AT)

    def take(lake: Lake) -> Lake:
        import_files(lake, [source], source=None, mapping=None, sources={}, by="benchmarks", at=HEARD_AT)
        return lake

    ours = Variant(take, lambda lake: summed(lake.files(SIGNALS)), empty_lake)
    yardstick = Variant(
        lambda _: rows_of(raw, CONVERT.format(source=source, target=target)), lambda _: summed([str(target)])
    )
    return compare("import NDJSON, 1 core", ours, yardstick, rows=ROWS, rounds=ROUNDS, goal=1 / SPEED)
