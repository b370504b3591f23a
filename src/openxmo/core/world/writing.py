"""Writes a sample world as the NDJSON files that its sources would have sent."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from openxmo.core.errors import UnreadableInput
from openxmo.core.progress import Progress, silent
from openxmo.core.world.making import make_world
from openxmo.core.world.state import DEFAULT_SIZE

# One document a row, without the columns that are null there; times as the contract reads them.
LINES = """
    select source, string_agg(json_merge_patch('{}', to_json(told))::varchar, chr(10)) as lines, count(*) as n
    from (select * replace ({times}) from told) as told group by source order by source
"""
TIME = "strftime({0}, '%Y-%m-%dT%H:%M:%SZ') as {0}"


@dataclass(frozen=True)
class Written:
    """The files of a world, and how many signals each holds."""

    signals: dict[Path, int]

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(self.signals)

    @property
    def total(self) -> int:
        return sum(self.signals.values())


def write_world(
    folder: Path,
    *,
    seed: int,
    size: int = DEFAULT_SIZE,
    as_of: datetime,
    planted: bool = True,
    progress: Progress = silent,
) -> Written:
    """`make_world` into one NDJSON file per source in `folder`, month after month; files of that name are replaced."""
    months = make_world(seed=seed, size=size, as_of=as_of, planted=planted, progress=progress)
    counts: dict[Path, int] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            streams = {}
            for table in months:
                for source, lines, n in encode(table):
                    path = folder / f"{source}.ndjson"
                    if path not in streams:
                        streams[path] = files.enter_context(path.open("w", encoding="utf-8"))
                    streams[path].write(lines + "\n")
                    counts[path] = counts.get(path, 0) + n
    except OSError as error:
        raise UnreadableInput(
            f"The sample signals cannot be written: {error.strerror}.", where=str(folder), mend="Name another folder."
        ) from error
    return Written(signals=counts)


def encode(table: pa.Table) -> Iterator[tuple[str, str, int]]:
    """For each source its rows as NDJSON lines, and their number."""
    times = [name for name in ("happened_at", "ended_at") if name in table.column_names]
    for name in times:
        # Without a zone DuckDB writes the hours as they stand, which is UTC, whatever the machine's zone is.
        table = table.set_column(table.column_names.index(name), name, table[name].cast(pa.timestamp("us")))
    with duckdb.connect() as connection:
        connection.register("told", table)
        yield from connection.execute(LINES.replace("{times}", ", ".join(TIME.format(t) for t in times))).fetchall()
