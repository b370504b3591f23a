"""What was told before: an answer is judged together with all earlier ones, whoever asked.

Only keyed hashes of people are kept. The memory is held locked from reading it to writing it, so
two who ask at once cannot each be told half.
"""

import base64
import fcntl
import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from openxmo.core.errors import UnreadableInput
from openxmo.core.release.known import Known
from openxmo.core.signals.store.durable import cannot_write, make_folder, sync_folder

PLAIN_NAME = re.compile(r"^[a-z][a-z0-9_-]{0,80}$")


class Memory(Protocol):
    """What a history holds while it is open."""

    def told(self, asked: str) -> Sequence[Known]: ...

    def add(self, asked: str, totals: Sequence[Known], *, at: datetime) -> None:
        """Returns when they are remembered for good."""


class History(Protocol):
    def opened(self) -> AbstractContextManager[Memory]:
        """The memory, for one asker at a time."""


@dataclass
class MemoryHistory:
    """Remembers as long as the program runs: for results over data that no office keeps."""

    totals: dict[str, list[Known]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def opened(self) -> Iterator[Memory]:
        with self.lock:
            yield self

    def told(self, asked: str) -> Sequence[Known]:
        return tuple(self.totals.get(asked, ()))

    def add(self, asked: str, totals: Sequence[Known], *, at: datetime) -> None:  # noqa: ARG002  (forgets nothing)
        self.totals.setdefault(asked, []).extend(totals)


@dataclass(frozen=True)
class FileHistory:
    """Remembers in a folder (`home.releases`): a file per question asked of people, a line per total.

    Each line is synced before its number is told.
    """

    folder: Path

    @contextmanager
    def opened(self) -> Iterator[Memory]:
        try:
            make_folder(self.folder)
            handle = os.open(self.folder / "history.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield self
        finally:
            os.close(handle)  # lets go of the lock

    def told(self, asked: str) -> Sequence[Known]:
        path = self.file_of(asked)
        try:
            lines = path.read_bytes().split(b"\n") if path.exists() else []
            # What stands after the last line's end was cut off by a crash and never told to anybody.
            return [read_line(line) for line in lines[:-1] if line]
        except (OSError, ValueError, KeyError) as error:
            raise UnreadableInput(
                "What was shown before cannot be read, so nothing about employees can be shown.",
                where=f"{path}: {error}",
                mend="Put the file back from a backup.",
            ) from error

    def add(self, asked: str, totals: Sequence[Known], *, at: datetime) -> None:
        if not totals:
            return
        path = self.file_of(asked)
        try:
            is_new = not path.exists()
            with path.open("ab") as file:
                file.truncate(end_of_lines(path))
                file.write(b"".join(write_line(total, at) for total in totals))
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                path.chmod(0o600)
                sync_folder(self.folder)
        except OSError as error:
            raise cannot_write(path, error) from error

    def file_of(self, asked: str) -> Path:
        plain = PLAIN_NAME.match(asked)
        name = asked if plain else "+" + hashlib.sha256(asked.encode()).hexdigest()[:32]
        return self.folder / f"{name}.ndjson"


def end_of_lines(path: Path) -> int:
    """Where the last whole line ends."""
    return path.read_bytes().rfind(b"\n") + 1


def write_line(total: Known, at: datetime) -> bytes:
    answered = {
        stretch: base64.b64encode(np.array(sorted(people), dtype="<u8").tobytes()).decode()
        for stretch, people in total.answered
    }
    return json.dumps({"at": at.isoformat(), "n": total.n, "answered": answered}).encode() + b"\n"


def read_line(line: bytes) -> Known:
    document: Mapping[str, object] = json.loads(line)
    n, answered = document["n"], document["answered"]
    if not isinstance(n, int) or not isinstance(answered, dict):
        raise ValueError("a line holds something else than a total")
    stretches = (
        (stretch, frozenset(np.frombuffer(base64.b64decode(text), dtype="<u8").tolist()))
        for stretch, text in answered.items()
    )
    return Known(tuple(sorted(stretches)), n)
