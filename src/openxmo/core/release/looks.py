"""Who looked at numbers about an agent: kept for good, and readable by that agent."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.durable import cannot_write, make_folder, sync_folder


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
            # One write for one line, which begins with its newline: lines of two lookers do not mix, and a
            # line that a power cut tore off stays alone.
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
