"""Which version of a Delta table is read, and whether a newer one has come, without opening it."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import Table

UNREAD = -1
TRIES = 4
PAUSE = 0.05  # seconds


@dataclass(frozen=True)
class Snapshot:
    """One version of one table: its files as absolute paths, and the months they are of."""

    version: int = UNREAD
    files: tuple[str, ...] = ()
    months: frozenset[str] = frozenset()
    log: tuple[int, int] = field(default=(-1, -1), compare=False)


def log_mark(log: Path) -> tuple[int, int]:
    """What changes when the log folder does, or is another one (after a restore)."""
    try:
        found = log.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


def has_changed(folder: Path, seen: Snapshot) -> bool:
    """Whether the table has moved on since `seen`: two looks at its log folder, however long the log is.

    The clock of a folder is coarse, so the next commit is looked for as well.
    """
    log = folder / "_delta_log"
    return log_mark(log) != seen.log or (log / f"{seen.version + 1:020}.json").exists()


def read_snapshot(lake: Lake, table: Table) -> Snapshot:
    """The newest version of the table and its files; tried again where its log was shortened under the reader."""
    for _ in range(TRIES - 1):
        try:
            return read_once(lake, table)
        except UnreadableInput:
            time.sleep(PAUSE)
    return read_once(lake, table)


def read_once(lake: Lake, table: Table) -> Snapshot:
    folder = lake.home.lake / table.name
    mark = log_mark(folder / "_delta_log")  # before the version, so that a change in between is seen again
    delta = lake.delta(table)
    if delta is None:
        return Snapshot(log=mark)
    actions: Any = delta.get_add_actions(flatten=True)  # not made a table of pyarrow's, which would load pandas
    paths: list[str] = actions.column("path").to_pylist()
    months: Iterable[str] = actions.column("partition.month").to_pylist() if table.partition_by and paths else ()
    return Snapshot(delta.version(), tuple(sorted(f"{folder}/{path}" for path in paths)), frozenset(months), mark)
