"""Posts that come close together, in one batch: each is on the disk before it is acknowledged.

A post would cost a folder, four syncs and an import of its own, a hundredfold of what its bytes take.
Instead it is appended to a batch that stays open for a second, with one sync for all posts that wait at
that moment. An open batch lies in the inbox under a name that begins with a dot, and its file carries a
lock that dies with the process that appends; whoever drains the inbox next closes what a killed process
left open.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from openxmo.core.signals.door.batches import PIECE, SIGNALS_FILE, UNFINISHED, Batch, new_receipt_id
from openxmo.core.signals.door.lines import BOM
from openxmo.core.signals.store.durable import cannot_write, move, sync_folder, write_new
from openxmo.core.signals.store.home import Home

OPEN = ".open-"
ABOUT_FILE = "about.json"
LASTS = 1.0  # seconds until an open batch is closed
LARGEST = 256 * 1024 * 1024  # bytes of an open batch, after which the next is opened at once
MOST_PIECES = 1024  # that the system writes in one call
LOOK = 0.2  # seconds between two looks at what is to be closed


@dataclass(frozen=True)
class Sender:
    """Posts share a batch only if they agree in all of this."""

    source: str | None
    by: str
    zone: str | None = None


class About(msgspec.Struct, frozen=True):
    """What is known of an open batch from its first moment."""

    receipt: str
    heard_at: datetime
    by: str
    source: str | None
    zone: str | None


@dataclass(frozen=True)
class Taken:
    """An acknowledged post: the receipt of its batch, its own bytes and their SHA-256."""

    receipt: str
    bytes: int
    content: str


@dataclass
class Post:
    sender: Sender
    body: bytes
    at: datetime
    receipt: str | None = None
    error: BaseException | None = None


class OpenBatch:
    """A batch that this process appends to."""

    def __init__(self, home: Home, sender: Sender, *, at: datetime) -> None:
        self.home = home
        self.about = About(new_receipt_id(at), at, sender.by, sender.source, sender.zone)
        self.folder = home.inbox / (OPEN + self.about.receipt)
        self.size = 0
        self.since = time.monotonic()
        made = home.inbox / (UNFINISHED + self.about.receipt)
        made.mkdir()
        write_new(made / ABOUT_FILE, [msgspec.json.encode(self.about)])
        self.handle = os.open(made / SIGNALS_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL, 0o644)
        fcntl.flock(self.handle, fcntl.LOCK_EX)
        sync_folder(made)
        move(made, self.folder)

    def append(self, bodies: list[bytes]) -> None:
        """Returns when all of them are on the disk; else none of them is in the batch."""
        pieces = list(pieces_of(bodies))
        try:
            write_all(self.handle, pieces)
            os.fdatasync(self.handle)
        except BaseException:
            os.ftruncate(self.handle, self.size)
            raise
        self.size += sum(map(len, pieces))

    @property
    def is_due(self) -> bool:
        return self.size >= LARGEST or time.monotonic() - self.since >= LASTS

    def close(self) -> None:
        """Makes it a batch like all others. The lock is let go of last, so that nobody else closes it too."""
        try:
            if self.size:
                finish(self.home, self.folder, self.about, size=self.size)
            else:  # what was sent did not fit on the disk
                shutil.rmtree(self.folder)
        finally:
            os.close(self.handle)


def pieces_of(bodies: list[bytes]) -> Iterator[bytes]:
    """Bodies as parts of one file: each ends its last line, and a mark of UTF-8 stands nowhere but at a beginning."""
    for body in bodies:
        yield body.removeprefix(BOM)
        if not body.endswith(b"\n"):
            yield b"\n"


def write_all(handle: int, pieces: list[bytes]) -> None:
    """In as few calls as may be, and without a copy of bodies of a megabyte."""
    for start in range(0, len(pieces), MOST_PIECES):
        together = pieces[start : start + MOST_PIECES]
        written = os.writev(handle, together)
        if written < sum(map(len, together)):  # a disk that is nearly full
            write_rest(handle, b"".join(together)[written:])


def write_rest(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def finish(home: Home, folder: Path, about: About, *, size: int) -> None:
    """Its hash is left to whoever stores it: each post was told its own."""
    batch = Batch(
        receipt=about.receipt,
        heard_at=about.heard_at,
        by=about.by,
        source=about.source,
        zone=about.zone,
        files=("",),
        stored=(SIGNALS_FILE,),
        bytes=size,
        content=None,
    )
    write_new(folder / "batch.json", [msgspec.json.encode(batch)])
    sync_folder(folder)
    move(folder, home.inbox / about.receipt)


@dataclass
class Posts:
    """Takes the posts of all threads of this process; those that wait together are synced together."""

    home: Home
    waiting: deque[Post] = field(default_factory=deque)
    batches: dict[Sender, OpenBatch] = field(default_factory=dict)
    full: list[OpenBatch] = field(default_factory=list)  # nothing is added to them any more
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Lock = field(default_factory=threading.Lock)
    closer: threading.Thread | None = None

    def take(self, body: bytes, *, source: str | None, by: str, at: datetime, zone: str | None = None) -> Taken:
        """Makes the body durable; once this returns, it will reach the lake. Whoever gets the lock writes for all."""
        post = Post(Sender(source, by, zone), body, at)
        self.waiting.append(post)
        content = hashlib.sha256(body).hexdigest()  # while others write, and perhaps this one too
        with self.lock:
            if post.receipt is None and post.error is None:
                self._write_waiting()
        if post.error is not None:
            if isinstance(post.error, OSError):
                raise cannot_write(self.home.inbox, post.error) from post.error
            raise post.error
        assert post.receipt is not None
        return Taken(post.receipt, len(body), content)

    def close(self, *, everything: bool = True) -> None:
        """Closes the batches whose time is over; posts go on meanwhile, since closing waits for the disk."""
        with self.closing:
            with self.lock:
                for sender, batch in list(self.batches.items()):
                    if everything or batch.is_due:
                        self.full.append(self.batches.pop(sender))
                ended, self.full = self.full, []
            for batch in ended:
                with suppress(OSError):  # a full disk: whoever drains the inbox next closes it
                    batch.close()

    def _write_waiting(self) -> None:
        posts: dict[Sender, list[Post]] = {}
        while self.waiting:
            post = self.waiting.popleft()
            posts.setdefault(post.sender, []).append(post)
        for sender, together in posts.items():
            try:
                batch = self._batch_for(sender, at=together[0].at)
                batch.append([post.body for post in together])
            except BaseException as error:
                for post in together:
                    post.error = error
                continue
            for post in together:
                post.receipt = batch.about.receipt

    def _batch_for(self, sender: Sender, *, at: datetime) -> OpenBatch:
        batch = self.batches.get(sender)
        if batch is not None and batch.is_due:
            self.full.append(self.batches.pop(sender))
            batch = None
        if batch is None:
            batch = self.batches[sender] = OpenBatch(self.home, sender, at=at)
            self._keep_closing()
        return batch

    def _keep_closing(self) -> None:
        if self.closer is None:
            self.closer = threading.Thread(target=self._close_for_ever, name="closing open batches", daemon=True)
            self.closer.start()
            atexit.register(self.close)

    def _close_for_ever(self) -> None:
        while True:
            time.sleep(LOOK)
            self.close(everything=False)


def close_orphans(home: Home) -> int:
    """Closes the open batches whose process is gone; returns how many. The caller holds the writer's lock."""
    return sum(close_orphan(home, folder) for folder in sorted(home.inbox.glob(OPEN + "*")))


def close_orphan(home: Home, folder: Path) -> bool:
    try:
        handle = os.open(folder / SIGNALS_FILE, os.O_RDWR)
    except FileNotFoundError:
        return False  # its process has closed it in the meantime
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not folder.exists():
            return False
        about = msgspec.json.decode((folder / ABOUT_FILE).read_bytes(), type=About)
        size = cut_torn_line(handle)
        if not size:
            shutil.rmtree(folder)
            return False
        finish(home, folder, about, size=size)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(handle)


def cut_torn_line(handle: int) -> int:
    """Takes a last line without an end away, which was never acknowledged; returns the size that is left."""
    size = end = os.fstat(handle).st_size
    while end > 0:
        start = max(0, end - PIECE)
        found = os.pread(handle, end - start, start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if end != size:
        os.ftruncate(handle, end)
        os.fsync(handle)
    return end


def wait_until_closed(home: Home, *, patience: float = 10 * LASTS) -> None:
    """Returns when the batches that are open now are closed, or their processes gone."""
    names = {folder.name for folder in home.inbox.glob(OPEN + "*")}
    until = time.monotonic() + patience
    while names and time.monotonic() < until:
        close_orphans(home)
        names &= {folder.name for folder in home.inbox.glob(OPEN + "*")}
        if names:
            time.sleep(LOOK / 4)
