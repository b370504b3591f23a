"""An append-only file of JSON lines: one line is one event, whole or not there at all."""

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.durable import cannot_write, make_folder, replace_file, sync_folder

PATIENCE = 20.0  # seconds that a writer waits for another one
BETWEEN_TRIES = 0.02
T = TypeVar("T")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time in this folder; the lock goes with the process that holds it."""
    try:
        make_folder(folder)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise cannot_write(folder, error) from None
    try:
        _wait_for(handle, folder)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise UnreadableInput(
                    "Somebody else is changing the office.",
                    where=str(folder),
                    mend="Nothing was changed; try again in a moment.",
                ) from None
            time.sleep(BETWEEN_TRIES)
        else:
            return


def append(path: Path, event: msgspec.Struct) -> None:
    """Add one event and return when it is on the disk. The caller holds the lock of the folder.

    A line that a power cut or a full disk left half written is not there: it is cut off first.
    """
    try:
        is_new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        with os.fdopen(handle, "r+b") as file:
            end = _end_of_file(file)
            try:
                file.truncate(end)
                file.seek(end)
                file.write(msgspec.json.encode(event) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(handle, end)
                raise
        if is_new:
            sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from None


def read_events(path: Path, kind: type[T]) -> list[T]:
    """All events in their order; none where there is no file. A half-written last line is not an event."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UnreadableInput(
            f"A file of the office cannot be read: {error.strerror}.", where=str(path), mend="Give read access to it."
        ) from None
    decoder = msgspec.json.Decoder(kind)
    events = []
    for number, line in enumerate(content[: _end_of_whole_lines(content)].splitlines(), start=1):
        try:
            events.append(decoder.decode(line))
        except msgspec.MsgspecError as error:
            raise UnreadableInput(
                f"Line {number} of a file of the office is damaged: {error}.",
                where=str(path),
                mend="Put the file back from a backup.",
            ) from None
    return events


def rewrite(path: Path, events: Iterable[msgspec.Struct]) -> None:
    """Put these events in place of all, at once. Only erasure does this; the caller holds the lock."""
    try:
        replace_file(path, b"".join(msgspec.json.encode(event) + b"\n" for event in events))
    except OSError as error:
        raise cannot_write(path, error) from None


def _end_of_file(file: BinaryIO) -> int:
    """Where the next line goes; only a torn file is read as a whole."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 1))
    if file.read(1) in (b"", b"\n"):
        return size
    file.seek(0)
    return _end_of_whole_lines(file.read())


def _end_of_whole_lines(content: bytes) -> int:
    return content.rfind(b"\n") + 1
