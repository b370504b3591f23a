"""Mapped files as a batch: what the mapping made of them, so that everything stored takes one path."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from openxmo.core.progress import Progress
from openxmo.core.signals.door.batches import ORIGINS_FILE, SIGNALS_FILE, UNMAPPED_FILE, Batch, hashing, put, show_path
from openxmo.core.signals.door.rejects import Rejects
from openxmo.core.signals.mapping import MappedRow, SignalMapping, map_files
from openxmo.core.signals.mapping.rows import RowError
from openxmo.core.signals.store.durable import sync_file, write_new
from openxmo.core.signals.store.home import Home

NO_TEXT = RowError(None, "no_text", "The row holds half a character, which is no text.")
TOLD_EVERY = 10_000  # rows


def put_mapped(
    home: Home,
    files: Sequence[Path],
    mapping: SignalMapping,
    *,
    source: str | None,
    zone: str | None,
    by: str,
    at: datetime,
    progress: Progress,
) -> Batch:
    """Runs the mapping into a durable batch: signals as NDJSON, where each came from, and the rows that made none."""

    def write(folder: Path) -> dict[str, Any]:
        work = _Mapping(folder, files, progress)
        digest = hashlib.sha256()
        size = write_new(folder / SIGNALS_FILE, hashing(work.run(mapping, source), digest))
        work.finish()
        return {
            "files": work.names,
            "stored": (SIGNALS_FILE,),
            "bytes": size,
            "content": digest.hexdigest(),
            "mapped_rows": work.rows,
        }

    return put(home, write, source=source, zone=zone, by=by, at=at)


class _Mapping:
    """The three files of a mapped batch while they are written."""

    def __init__(self, folder: Path, files: Sequence[Path], progress: Progress) -> None:
        self.folder = folder
        self.names: tuple[str, ...] = tuple(show_path(file) for file in files)
        self.files = files
        self.progress = progress
        self.unmapped = Rejects(folder / UNMAPPED_FILE)
        self.origins = (folder / ORIGINS_FILE).open("wb")
        self.rows = 0

    def run(self, mapping: SignalMapping, source: str | None) -> Iterator[bytes]:
        for row in map_files(mapping, self.files, source=source):
            self.rows += 1
            if self.rows % TOLD_EVERY == 0:
                self.progress("mapping", self.rows, None)
            if row.error is not None:
                self._reject(row, row.error)
                continue
            if row.signals:
                try:
                    lines = b"".join(msgspec.json.encode(signal) + b"\n" for signal in row.signals)
                except UnicodeEncodeError:
                    self._reject(row, NO_TEXT)
                    continue
                origin = np.array([(self._number(row.file), row.line)] * len(row.signals), np.int32)
                self.origins.write(origin.tobytes())
                yield lines

    def _number(self, file: str) -> int:
        """The number of a file that the mapping names, by its path or by its name alone."""
        shown = show_path(Path(file))
        for number, name in enumerate(self.names):
            if shown in (name, Path(name).name):
                return number
        self.names = (*self.names, shown)
        return len(self.names) - 1

    def _reject(self, row: MappedRow, error: RowError) -> None:
        self.unmapped.add(file=self.names[self._number(row.file)], line=row.line, error=error, row=row.row)

    def finish(self) -> None:
        self.unmapped.close()
        self.origins.close()
        sync_file(self.folder / ORIGINS_FILE)
