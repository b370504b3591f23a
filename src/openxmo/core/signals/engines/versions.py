"""Which version of a Delta table is read, and whether a newer one has come, without opening it."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.lake import Lake, delta_schema
from openxmo.core.signals.store.places import Place
from openxmo.core.signals.store.tables import Table

UNREAD = -1
TRIES = 4
PAUSE = 0.05  # seconds


@dataclass(frozen=True)
class Snapshot:
    """One version of one table: its files as absolute paths, and the months they are of.

    Of a table at an object store also what pyarrow reads them by.
    """

    version: int = UNREAD
    files: tuple[str, ...] = ()
    months: frozenset[str] = frozenset()
    log: tuple[int, int] = field(default=(-1, -1), compare=False)
    dataset: Any = field(default=None, compare=False)


def has_changed(place: Place, seen: Snapshot) -> bool:
    """Whether the table has moved on since `seen`: two looks at its log, however long the log is.

    The clock of a folder is coarse, so the next commit is looked for as well.
    """
    return place.mark() != seen.log or place.has_entry(seen.version + 1)


def read_snapshot(lake: Lake, table: Table) -> Snapshot:
    """The newest version of the table and its files; tried again where its log was shortened under the reader."""
    for _ in range(TRIES - 1):
        try:
            return read_once(lake, table)
        except UnreadableInput:
            time.sleep(PAUSE)
    return read_once(lake, table)


def read_once(lake: Lake, table: Table) -> Snapshot:
    place = lake.place(table)
    mark = place.mark()  # before the version, so that a change in between is seen again
    delta = lake.delta(table)
    if delta is None:
        return Snapshot(log=mark)
    actions: Any = delta.get_add_actions(flatten=True)  # not made a table of pyarrow's, which would load pandas
    paths: list[str] = actions.column("path").to_pylist()
    months: Iterable[str] = actions.column("partition.month").to_pylist() if table.partition_by and paths else ()
    files = tuple(sorted(str(place.name(path)) for path in paths))
    dataset = delta.to_pyarrow_dataset(schema=delta_schema(table)) if paths and lake.address is not None else None
    return Snapshot(delta.version(), files, frozenset(months), mark, dataset)
