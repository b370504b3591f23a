"""Where the files of one table lie: a folder of the local disk, or an address of an object store.

Names are relative to the table, as Delta's log has them. What is created counts once it is finished
and settled: from then on a power cut does not undo it.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from deltalake import DeltaTable

from openxmo.core.errors import UserError
from openxmo.core.signals.store.durable import cannot_write, make_folder, sync_file, sync_folder

LOG = "_delta_log"


class Place(Protocol):
    """The files of one table."""

    def __str__(self) -> str:
        """The folder or address, as delta-rs and people are told it."""

    def delta(self, version: int | None = None) -> DeltaTable:
        """The table at a version, else as it is now."""

    def log_names(self) -> list[str]:
        """The names in the table's log; none where there is no table."""

    def read_entry(self, version: int) -> str | None:
        """The log's entry of that version, or None where it is not there (any more)."""

    def has_entry(self, version: int) -> bool: ...

    def mark(self) -> tuple[int, int]:
        """What changes when the log is shortened; of a local one, whenever it changes."""

    def name(self, name: str) -> Path | str:
        """One of the table's files or folders, as people are told it."""

    def open(self, name: str) -> Any:
        """What pyarrow reads a Parquet file from."""

    def size(self, name: str) -> int:
        """The bytes of a file; FileNotFoundError where it is not there."""

    def create(self, name: str) -> Any:
        """What pyarrow writes a new Parquet file to."""

    def finish(self, name: str, sink: Any) -> tuple[int, int]:
        """Returns when the bytes are there to stay: how many, and of when (in milliseconds)."""

    def settle(self, names: Iterable[str]) -> None:
        """Returns when the names of finished files are there to stay."""

    def give_up(self, name: str, sink: Any = None) -> None:
        """Takes back what was created, finished or not, and is no part of the table."""

    def remove(self, names: Iterable[str]) -> None:
        """Takes files away for good; one that is gone is well."""

    def sync_log(self, names: Iterable[str]) -> None:
        """Returns when these entries of the log are there to stay."""

    def refused(self, error: Exception) -> UserError:
        """The sentence for files that cannot be read or written here."""


class LocalPlace:
    """See `Place`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / LOG

    def __str__(self) -> str:
        return str(self.folder)

    def delta(self, version: int | None = None) -> DeltaTable:
        return DeltaTable(str(self.folder), version=version)

    def log_names(self) -> list[str]:
        try:
            with os.scandir(self.log) as entries:
                return [entry.name for entry in entries]
        except FileNotFoundError:
            return []

    def read_entry(self, version: int) -> str | None:
        try:
            return (self.log / entry_name(version)).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def has_entry(self, version: int) -> bool:
        return (self.log / entry_name(version)).exists()

    def mark(self) -> tuple[int, int]:
        """Also another one after a restore."""
        try:
            found = self.log.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)

    def name(self, name: str) -> Path:
        return self.folder / name

    def open(self, name: str) -> Path:
        return self.folder / name

    def size(self, name: str) -> int:
        return (self.folder / name).stat().st_size

    def create(self, name: str) -> Path:
        path = self.folder / name
        make_folder(path.parent)
        return path

    def finish(self, name: str, sink: Path) -> tuple[int, int]:  # noqa: ARG002
        sync_file(sink)
        found = sink.stat()
        return found.st_size, int(found.st_mtime * 1000)

    def settle(self, names: Iterable[str]) -> None:
        for folder in {(self.folder / name).parent for name in names}:
            sync_folder(folder)

    def give_up(self, name: str, sink: Any = None) -> None:  # noqa: ARG002
        (self.folder / name).unlink(missing_ok=True)

    def remove(self, names: Iterable[str]) -> None:
        """Folders that are left empty go too."""
        touched = set()
        for name in names:
            path = self.folder / name
            path.unlink(missing_ok=True)
            touched.add(path.parent)
        for parent in touched:
            if parent not in (self.folder, self.log) and not os.listdir(parent):
                parent.rmdir()
            else:
                sync_folder(parent)

    def sync_log(self, names: Iterable[str]) -> None:
        for name in names:
            sync_file(self.log / name)
        sync_folder(self.log)

    def refused(self, error: Exception) -> UserError:
        return cannot_write(self.folder, error if isinstance(error, OSError) else OSError(str(error)))


def entry_name(version: int) -> str:
    return f"{version:020}.json"
