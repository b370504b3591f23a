"""Batches: what was sent, durable from the moment it is acknowledged until it lies in the lake.

A batch is a folder named by its receipt: the bytes as they came, and `batch.json` about them. It
is written beside the inbox under a name that begins with a dot, synced, and renamed into it.
"""

import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.door.lines import check_is_file
from openxmo.core.signals.store.durable import cannot_write, move, sync_folder, write_new
from openxmo.core.signals.store.home import Home

KEPT_DAYS = 30
UNFINISHED = ".new-"
PIECE = 1024 * 1024
SIGNALS_FILE = "signals.ndjson"
ORIGINS_FILE = "origins.i4"  # of mapped rows: pairs of file and line
UNMAPPED_FILE = "unmapped.ndjson"  # rows that the mapping could make nothing of, as rejects


@dataclass(frozen=True)
class Batch:
    """An acknowledged batch. `receipt` is the receipt's id; `content` the SHA-256 of the bytes in their order.

    Of a batch that was open `content` is None: `content_of` makes it when the batch is stored.
    """

    receipt: str
    heard_at: datetime
    by: str
    source: str | None
    zone: str | None
    files: tuple[str, ...]  # as named by the sender
    stored: tuple[str, ...]  # as named in the folder
    bytes: int
    content: str | None
    mapped_rows: int | None = None  # rows of the files, where a mapping made the signals

    def folder(self, home: Home) -> Path:
        return home.inbox / self.receipt


def new_receipt_id(at: datetime) -> str:
    """Sorts by time, tells nothing else, and never comes twice."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(5)}"


def put_batch(
    home: Home, chunks: Iterable[bytes], *, source: str | None, by: str, at: datetime, zone: str | None = None
) -> Batch:
    """Makes NDJSON bytes durable in the inbox; once this returns, they will reach the lake."""

    def write(folder: Path) -> dict[str, Any]:
        digest = hashlib.sha256()
        size = write_new(folder / SIGNALS_FILE, hashing(chunks, digest))
        return {"files": ("",), "stored": (SIGNALS_FILE,), "bytes": size, "content": digest.hexdigest()}

    return put(home, write, source=source, by=by, at=at, zone=zone)


def put_files(
    home: Home, files: Sequence[Path], *, source: str | None, by: str, at: datetime, zone: str | None = None
) -> Batch:
    """Copies files into one durable batch, as they are."""
    for file in files:
        check_is_file(file)

    def write(folder: Path) -> dict[str, Any]:
        digest = hashlib.sha256()
        stored = [f"{number:04}{name_ending(file)}" for number, file in enumerate(files, 1)]
        size = sum(
            write_new(folder / name, hashing(read_pieces(file), digest))
            for name, file in zip(stored, files, strict=True)
        )
        return {
            "files": tuple(show_path(file) for file in files),
            "stored": tuple(stored),
            "bytes": size,
            "content": digest.hexdigest(),
        }

    return put(home, write, source=source, by=by, at=at, zone=zone)


def put(
    home: Home,
    write: Callable[[Path], dict[str, Any]],
    *,
    source: str | None,
    by: str,
    at: datetime,
    zone: str | None,
) -> Batch:
    """`write` puts the bytes into the folder it is given, synced, and says what the batch needs to know of them."""
    receipt = new_receipt_id(at)
    folder = home.inbox / (UNFINISHED + receipt)
    try:
        folder.mkdir()
        try:
            batch = Batch(receipt=receipt, heard_at=at, by=by, source=source, zone=zone, **write(folder))
            write_new(folder / "batch.json", [msgspec.json.encode(batch)])
            sync_folder(folder)
            move(folder, home.inbox / receipt)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as error:
        raise cannot_write(home.inbox, error) from error
    return batch


def name_ending(file: Path) -> str:
    """What a file's name says of its format; the rest of it may be long, odd, or somebody's."""
    return "".join(file.suffixes[-2:])[-20:].encode("ascii", "ignore").decode().lower()


def show_path(file: Path) -> str:
    """A path in letters that every reader has; names of files need not be text."""
    return str(file).encode(errors="replace").decode()


def hashing(chunks: Iterable[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def read_pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise UnreadableInput(
            f"The file cannot be read: {error.strerror}.", where=str(path), mend="Check its rights and the disk."
        ) from error


def content_of(home: Home, batch: Batch) -> str:
    """The SHA-256 of a batch's bytes in their order."""
    if batch.content is not None:
        return batch.content
    digest = hashlib.sha256()
    for name in batch.stored:
        for piece in read_pieces(batch.folder(home) / name):
            digest.update(piece)
    return digest.hexdigest()


def list_inbox(home: Home) -> list[Batch]:
    """The batches that wait, the oldest first."""
    names = sorted(path.name for path in home.inbox.iterdir() if not path.name.startswith("."))
    return [read_batch(home.inbox / name) for name in names]


def read_batch(folder: Path) -> Batch:
    try:
        return msgspec.json.decode((folder / "batch.json").read_bytes(), type=Batch)
    except (OSError, msgspec.MsgspecError) as error:
        raise UnreadableInput(
            f"A batch in the inbox cannot be read ({error}).",
            where=str(folder),
            mend="Put the folder elsewhere and import its files again.",
        ) from error


def move_to_raw(home: Home, receipt: str) -> None:
    """Takes a stored batch out of the inbox; its bytes are kept for a while."""
    if (home.inbox / receipt).exists():
        shutil.rmtree(home.raw / receipt, ignore_errors=True)
        move(home.inbox / receipt, home.raw / receipt)


def drop(home: Home, batch: Batch) -> None:
    """Takes a batch back that nobody was told was taken."""
    gone = home.inbox / (UNFINISHED + batch.receipt)
    move(batch.folder(home), gone)
    shutil.rmtree(gone, ignore_errors=True)


def purge_raw(home: Home, *, at: datetime, days: int = KEPT_DAYS) -> int:
    """Deletes raw batches and rejects that are older than `days`; returns how many things went."""
    oldest = f"{(at - timedelta(days=days)).astimezone(UTC):%Y%m%dT%H%M%S%f}"
    gone = [path for folder in (home.raw, home.rejects) for path in folder.iterdir() if path.name < oldest]
    gone += [path for path in home.inbox.glob(UNFINISHED + "*") if path.name < UNFINISHED + oldest]
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return len(gone)
