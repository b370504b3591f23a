"""Who looked at numbers about an agent: readable by that agent, and kept as long as the office says."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.durable import cannot_write, make_folder, replace_file, sync_folder


@dataclass(frozen=True)
class Look:
    """One view of one agent's numbers."""

    at: datetime
    viewer: str
    roles: tuple[str, ...]
    agent: str
    metric: str


@dataclass(frozen=True)
class LookLog:
    """An append-only file, a line per look, synced before the numbers are shown. Called with a `Look`."""

    path: Path

    def __call__(self, look: Look) -> None:
        try:
            make_folder(self.path.parent)
            is_new = not self.path.exists()
            with self._locked():
                # One write for one line, which begins with its newline: a line that a power cut tore off stays alone.
                handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                try:
                    os.write(handle, b"\n" + json.dumps({**asdict(look), "at": look.at.isoformat()}).encode())
                    os.fsync(handle)
                finally:
                    os.close(handle)
            if is_new:
                sync_folder(self.path.parent)
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def forget_before(self, moment: datetime) -> int:
        """Take away the looks before this moment, and what was torn off; returns how many looks went."""
        if not self.path.exists():
            return 0
        try:
            with self._locked():
                lines = self.path.read_text(encoding="utf-8").splitlines()
                rows = [(line, row) for line in lines if (row := read_row(line))]
                kept = [line for line, row in rows if datetime.fromisoformat(row["at"]) >= moment]
                if len(kept) < len(rows):
                    replace_file(self.path, "".join(f"\n{line}" for line in kept).encode(), mode=0o600)
        except OSError as error:
            raise cannot_write(self.path, error) from error
        return len(rows) - len(kept)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time: no look is added to a file that is being replaced."""
        handle = os.open(self.path.with_name(f"{self.path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)  # lets go of the lock

    def looks_at(self, agent: str) -> Iterator[Look]:
        """All looks at this agent's numbers, the earliest first."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        except OSError as error:
            raise UnreadableInput("The log of who looked cannot be read.", where=f"{self.path}: {error}") from error
        for line in lines:
            row = read_row(line)
            if row.get("agent") == agent:
                yield Look(datetime.fromisoformat(row["at"]), row["viewer"], tuple(row["roles"]), agent, row["metric"])


def read_row(line: str) -> dict[str, Any]:
    """A line of the log; one that a power cut tore off tells of numbers that were not shown."""
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}
