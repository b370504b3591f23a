"""One writer at a time: a file lock beside the lake, which dies with the process that holds it."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openxmo.core.errors import UnreadableInput
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door.recovery import recover
from openxmo.core.signals.store.durable import cannot_write
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake

STEP = 0.05  # seconds between two tries
PATIENCE = 3600.0  # seconds that a second writer waits unless told otherwise


@contextmanager
def writing(
    home: Home, *, what: str = "a writer", timeout: float = PATIENCE, progress: Progress = silent
) -> Iterator[None]:
    """Holds the lock over a lake that is whole: what an earlier writer left behind is finished first."""
    with writer_lock(home, what=what, timeout=timeout, progress=progress):
        recover(Lake(home))
        yield


@contextmanager
def writer_lock(home: Home, *, what: str, timeout: float = PATIENCE, progress: Progress = silent) -> Iterator[None]:
    """Holds the home's only writing lock; waits for another writer at most `timeout` seconds.

    It holds between processes and between threads alike. `what` is told to whoever waits.
    """
    path = home.path / "writer.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise cannot_write(home.path, error) from error
    try:
        wait_for(handle, path, timeout, progress)
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"process": os.getpid(), "what": what}).encode(), 0)
        yield
    finally:
        os.close(handle)  # lets go of the lock


@contextmanager
def no_writer(home: Home, *, timeout: float = PATIENCE, progress: Progress = silent) -> Iterator[None]:
    """Keeps writers out for a reader that needs all tables as of one moment, and writes nothing itself.

    Where no writer can have been, or the lock may not be read, there is nothing to keep out.
    """
    path = home.path / "writer.lock"
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        wait_for(handle, path, timeout, progress, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def wait_for(handle: int, path: Path, timeout: float, progress: Progress, kind: int = fcntl.LOCK_EX) -> None:
    tries = 0
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            waited = tries * STEP
            if waited >= timeout:
                raise UnreadableInput(
                    f"Another writer is at work ({describe_holder(path)}), and {timeout:g} seconds were not enough.",
                    where=str(path),
                    mend="Wait until it is done and do the same again.",
                ) from None
            if tries % 20 == 0:
                progress(f"waiting for another writer ({describe_holder(path)})", int(waited), None)
            tries += 1
            time.sleep(STEP)


def describe_holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f"{holder['what']}, process {holder['process']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has not said what it does"
