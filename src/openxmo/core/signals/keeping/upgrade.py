"""Moving a lake from the format it was written in to the format of this version, a step at a time.

Each step goes from one format to the next and may be begun again wherever a kill left it; the
new number is written when the step is done. Before the first step the office is backed up.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import Schema

from openxmo.core.errors import UnreadableInput
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door.lock import writer_lock
from openxmo.core.signals.keeping.backup import NOTHING, Beside, write_backup
from openxmo.core.signals.keeping.compaction import by_month, list_files
from openxmo.core.signals.keeping.erasure import erase_again
from openxmo.core.signals.keeping.rewriting import rewrite
from openxmo.core.signals.store.durable import replace_file, sync_folder
from openxmo.core.signals.store.home import LAKE_FORMAT, Home, read_settings
from openxmo.core.signals.store.lake import Lake, newest_version
from openxmo.core.signals.store.parquet import stored_type
from openxmo.core.signals.store.places import entry_name
from openxmo.core.signals.store.tables import Table

Step = Callable[[Lake, datetime, Progress], None]

# From format n to n + 1. The lake is at its first format, so there is none yet; `add_column` is
# what a step that widens a table is made of.
STEPS: Mapping[int, Step] = {}


@dataclass(frozen=True)
class Upgraded:
    before: int
    after: int
    backup: Path | None  # None where nothing had to be done

    def to_document(self) -> dict[str, Any]:
        return {
            "from": self.before,
            "to": self.after,
            "steps": self.after - self.before,
            "backup": None if self.backup is None else str(self.backup),
        }


def upgrade(
    home: Home,
    *,
    backup: Path,
    by: str,
    at: datetime,
    steps: Mapping[int, Step] = STEPS,
    newest: int = LAKE_FORMAT,
    beside: Beside = NOTHING,
    progress: Progress = silent,
) -> Upgraded:
    """Brings the lake to the `newest` format; does nothing where it is there. A newer lake is refused.

    `backup` is where the office as it was is written to first; an upgrade that goes on after a
    kill keeps the backup that was made before its first step.
    """
    before = read_format(home)
    if before == newest:
        return Upgraded(before, newest, None)
    missing = [number for number in range(before, newest) if number not in steps]
    if missing:
        raise UnreadableInput(
            f"This OpenXMO cannot read a lake of format {missing[0]}.",
            where=str(home.settings_file),
            mend="Upgrade with the versions in between, one after the other.",
        )
    if (address := Lake.of(home).address) is not None:
        raise UnreadableInput(
            "The format of signals at an object store cannot be changed there.",
            where=address,
            mend="Restore a backup without `--lake`, upgrade that, back it up, and restore it with `--lake`.",
        )
    with writer_lock(home, what="xmo upgrade", progress=progress):
        lake = Lake.of(home)
        kept = back_up_once(lake, backup, at=at, beside=beside, progress=progress)
        for number in range(read_format(home), newest):
            steps[number](lake, at, progress)
            write_format(home, number + 1)
        if newest == LAKE_FORMAT:
            erase_again(lake, by=by, at=at, progress=progress)
        note_file(home).unlink(missing_ok=True)
        sync_folder(home.path)
    return Upgraded(before, newest, kept)


def read_format(home: Home) -> int:
    """The lake's format; refuses, with a sentence, one that is newer than this version."""
    found: int = read_settings(home)["lake_format"]
    return found


def write_format(home: Home, number: int) -> None:
    lines = home.settings_file.read_text(encoding="utf-8").splitlines()
    changed = [f"lake_format = {number}" if line.startswith("lake_format") else line for line in lines]
    replace_file(home.settings_file, ("\n".join(changed) + "\n").encode())


def note_file(home: Home) -> Path:
    """Says, while an upgrade is under way, which backup it made."""
    return home.path / "upgrade.json"


def back_up_once(lake: Lake, file: Path, *, at: datetime, beside: Beside, progress: Progress) -> Path:
    note = note_file(lake.home)
    if note.exists():
        made = Path(json.loads(note.read_text(encoding="utf-8"))["backup"])
        if made.exists():
            return made
    write_backup(lake, file, at=at, beside=beside, progress=progress)
    replace_file(note, json.dumps({"backup": str(file.absolute())}).encode())
    return file


def add_column(
    lake: Lake,
    table: Table,
    name: str,
    compute: Callable[[pa.Table], pa.Array | pa.ChunkedArray],
    *,
    at: datetime,
    progress: Progress = silent,
) -> None:
    """Gives the table a column that its schema has and its files do not, month by month, each in one commit.

    `compute` makes the column from the others. Begun again, it goes on with the files that lack it.
    """
    widen(lake, table, name)
    months = by_month(list_files(lake, table))
    for done, files in enumerate(months.values()):
        progress(f"adding {name}", done, len(months))
        without = [file for file in files if name not in pq.read_schema(lake.place(table).open(file.path)).names]
        rewrite(lake, table, lambda rows: rows.append_column(name, compute(rows)), files=without, at=at)


def widen(lake: Lake, table: Table, name: str) -> None:
    delta = lake.delta(table)
    if delta is None or name in {field.name for field in delta.schema().fields}:
        return
    column = pa.schema([(name, stored_type(table.schema.field(name).type))])
    delta.alter.add_columns(Schema.from_arrow(column).fields)
    place = lake.place(table)
    place.sync_log([entry_name(newest_version(place))])
