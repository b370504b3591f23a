"""One writer at a time: a file lock in the home, which dies with the process that holds it.

Beside a lake at an object store the lock is not enough: its writer holds the lake's lease too, which is
kept where every process of the office sees it.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from openxmo.core.errors import UnreadableInput, UserError
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door.recovery import recover
from openxmo.core.signals.store.durable import cannot_write
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake, commit_info, commit_over, newest_version
from openxmo.core.signals.store.tables import TABLES, Table
from openxmo.core.signals.store.turns import without_lease

STEP = 0.05  # seconds between two tries
LOCK = "writer.lock"
FENCE_TRIES = 5
TOLD = frozenset({"receipt", "superseded", "redaction", "for_receipt", "head"})  # by commits, of what follows them
PATIENCE = 3600.0  # seconds that a second writer waits unless told otherwise


@contextmanager
def writing(
    of: Home | Lake, *, what: str = "a writer", timeout: float = PATIENCE, progress: Progress = silent
) -> Iterator[None]:
    """Holds the lock over a lake that is whole: what an earlier writer left behind is finished first."""
    lake = of if isinstance(of, Lake) else Lake.of(of)
    with in_turn(lake, what=what, timeout=timeout, progress=progress):
        recover(lake)
        yield


@contextmanager
def in_turn(lake: Lake, *, what: str, timeout: float = PATIENCE, progress: Progress = silent) -> Iterator[None]:
    """Holds the home's lock, and the lease of a lake that lies at an object store."""
    with writer_lock(lake.home, what=what, timeout=timeout, progress=progress):
        if lake.address is None:
            yield
            return
        if lake.turn is None:
            raise without_lease(lake.address)
        holder = name_holder(lake.home)
        taken_over = lake.turn.lease.take(what=what, holder=holder, timeout=timeout, progress=progress)
        lake.turn.in_doubt = taken_over  # until every table has a commit that keeps the one before out
        try:
            lake.turn.versions = {table.name: begin_turn(lake, table, taken_over=taken_over) for table in TABLES}
            lake.turn.in_doubt = False
            yield
        finally:
            lake.turn.end()


def begin_turn(lake: Lake, table: Table, *, taken_over: bool) -> int:
    """The version to go on from. After a turn that ran out it is a new one, so that who had it cannot commit any more.

    What the newest commit says of itself is said again, for the next writer finishes by it what was begun.
    """
    place = lake.place(table)
    version = newest_version(place)
    if not taken_over:
        return version
    for left in reversed(range(FENCE_TRIES)):
        told = {key: value for key, value in commit_info(place, version).items() if key in TOLD}
        try:
            return commit_over(table, place, [], told, before=version)
        except UserError:
            version, before = newest_version(place), version
            if not left or version == before:
                raise
    raise AssertionError("the last try returns or raises")


def name_holder(home: Home) -> str:
    """Who holds the lock of this home: the same words on the same running machine only."""
    boot = ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    found = (home.path / LOCK).stat()
    return f"{boot}:{found.st_dev}:{found.st_ino}" if boot else ""


@contextmanager
def writer_lock(home: Home, *, what: str, timeout: float = PATIENCE, progress: Progress = silent) -> Iterator[None]:
    """Holds the home's only writing lock; waits for another writer at most `timeout` seconds.

    It holds between processes and between threads alike. `what` is told to whoever waits.
    """
    path = home.path / LOCK
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
def no_writer(lake: Lake, *, timeout: float = PATIENCE, progress: Progress = silent) -> Iterator[None]:
    """Keeps writers out for a reader that needs all tables as of one moment, and writes nothing itself.

    Where no writer can have been, or the lock may not be read, there is nothing to keep out.
    """
    if lake.address is not None:
        with in_turn(lake, what="a check", timeout=timeout, progress=progress):
            yield
        return
    path = lake.home.path / LOCK
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
