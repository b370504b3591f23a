"""The whole office in one file, and back: consistent, verified, never half there.

A backup is a tar file (packed by zstd or gzip if its name ends so) of everything under the home
that is not rubbish, cache or history; its last member lists every file with its SHA-256. It is
written under the writer's lock beside its final name and renamed when it is on the disk.
A restore is unpacked beside the home, verified, and renamed into place.
"""

import errno
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyarrow as pa

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door.batches import UNFINISHED
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.door.open_batches import OPEN
from openxmo.core.signals.keeping.compaction import list_files
from openxmo.core.signals.keeping.erasure import Erasure, erase_again
from openxmo.core.signals.store import tombstones
from openxmo.core.signals.store.durable import cannot_write, make_folder, move, sync_file, sync_folder
from openxmo.core.signals.store.home import FOLDERS, LAKE_FORMAT, Home, close_to_others, read_settings, set_lake
from openxmo.core.signals.store.lake import LOG_ENTRY, Lake
from openxmo.core.signals.store.object_store import BUFFER, RemotePlace, refuse_unfit
from openxmo.core.signals.store.places import LOG
from openxmo.core.signals.store.tables import SIGNALS, TABLES

MANIFEST = "backup.json"
LEFT_OUT = frozenset({"staging", "spill", "fingerprints", "writer.lock"})  # made anew from the rest
PACKED = {".zst": "zstd", ".gz": "gzip", ".tgz": "gzip"}
MAGIC = {b"\x28\xb5\x2f\xfd": "zstd", b"\x1f\x8b": "gzip"}
PIECE = 1024 * 1024


@dataclass(frozen=True)
class BackedUp:
    file: Path
    files: int
    bytes: int  # of the file
    lake_version: int

    def to_document(self) -> dict[str, Any]:
        return {
            "file": str(self.file.absolute()),
            "files": self.files,
            "bytes": self.bytes,
            "lake_version": self.lake_version,
        }


@dataclass(frozen=True)
class Restored:
    """`erased` is what had to be erased again, because it was erased after the backup was made."""

    home: Home
    files: int
    signals: int
    lake_version: int
    erased: Erasure | None

    def to_document(self) -> dict[str, Any]:
        return {
            "home": str(self.home.path),
            "files": self.files,
            "signals": self.signals,
            "lake_version": self.lake_version,
            "erased_again": 0 if self.erased is None else self.erased.signals_erased,
        }


@dataclass(frozen=True)
class Beside:
    """Files of the home that cannot be copied while they are written to: left out, and others in their place."""

    left_out: frozenset[str] = frozenset()
    instead: Mapping[str, Path] = field(default_factory=dict)


NOTHING = Beside()


def backup(lake: Lake, file: Path, *, at: datetime, beside: Beside = NOTHING, progress: Progress = silent) -> BackedUp:
    """Writes the whole office into `file`, which must not exist; returns when it is on the disk.

    It holds personal data and the office's keys.
    """
    with writing(lake, what="xmo backup", progress=progress):
        return write_backup(lake, file, at=at, beside=beside, progress=progress)


def write_backup(
    lake: Lake, file: Path, *, at: datetime, beside: Beside = NOTHING, progress: Progress = silent
) -> BackedUp:
    """The backup itself, of a lake of any format; the caller holds the lock."""
    if file.exists():
        raise WrongUsage(f"There is a file of that name: {file}.", mend="Name another, or take it away first.")
    if file.resolve().is_relative_to(lake.home.path.resolve()):
        raise WrongUsage(
            f"{file} lies inside the office: a backup there is lost with it, and an erasure cannot look into it.",
            mend=f"Name a file outside {lake.home.path}.",
        )
    new = file.with_name(file.name + ".new")
    try:
        make_folder(file.absolute().parent)
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)  # it holds the office's keys
        count = write_tar(new, lake, at=at, beside=beside, progress=progress)
        sync_file(new)
        move(new, file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise cannot_write(file, error) from error
    return BackedUp(file=file, files=count, bytes=file.stat().st_size, lake_version=lake.version)


def write_tar(path: Path, lake: Lake, *, at: datetime, beside: Beside, progress: Progress) -> int:
    hashes: dict[str, str] = {}
    kept = [(found, found.relative_to(lake.home.path).as_posix()) for found in files_to_keep(lake)]
    kept = [(found, name) for found, name in kept if name not in beside.left_out and name not in beside.instead]
    kept += [(found, name) for name, found in beside.instead.items()]
    with ExitStack() as stack:
        stream = stack.enter_context(open_packed(path, PACKED.get(path.with_suffix("").suffix)))
        tar = stack.enter_context(tarfile.open(fileobj=stream, mode="w|"))
        for done, (listed, name) in enumerate(kept):
            progress("writing the backup", done, len(kept))
            with open_where_it_is(lake.home, listed) as content:
                if content is None:
                    continue
                found = Path(content.name)
                if found != listed:
                    name = found.relative_to(lake.home.path).as_posix()
                reader = Hashing(content)
                tar.addfile(describe(tar, content, name), reader)
            hashes[name] = reader.digest.hexdigest()
        if lake.address is not None:
            hashes |= add_remote(tar, lake, at=at, progress=progress)
        manifest = {"format": 1, "made_at": at.astimezone(UTC).isoformat(), "files": hashes}
        add_text(tar, MANIFEST, json.dumps(manifest))
    return len(hashes)


@contextmanager
def open_where_it_is(home: Home, path: Path) -> Iterator[IO[bytes] | None]:
    """The file, opened; of the inbox also where a batch was closed, and so renamed, since it was listed.

    None for a file of a batch that nobody was told was taken.
    """
    places = [path]
    if path.is_relative_to(home.inbox):
        places.append(path.parent.with_name(path.parent.name.removeprefix(OPEN)) / path.name)
    for place in places:
        try:
            file = place.open("rb")
        except FileNotFoundError:
            continue
        with file:
            yield file
        return
    if len(places) == 1:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    yield None


class Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


def add_remote(tar: tarfile.TarFile, lake: Lake, *, at: datetime, progress: Progress) -> dict[str, str]:
    """The tables of an object store, under the names that they have in a home; a hash for each file."""
    hashes = {}
    for table in TABLES:
        place = lake.place(table)
        names = [f"{LOG}/{name}" for name in sorted(place.log_names()) if is_log(name)]
        names += [file.path for file in list_files(lake, table)]
        for done, name in enumerate(names):
            progress(f"fetching {table.name}", done, len(names))
            entry = tarfile.TarInfo(f"{lake.home.lake.name}/{table.name}/{name}")
            entry.size, entry.mtime = place.size(name), int(at.timestamp())
            with place.open(name) as content:
                reader = Hashing(content)
                tar.addfile(entry, reader)
            hashes[entry.name] = reader.digest.hexdigest()
    return hashes


def describe(tar: tarfile.TarFile, file: IO[bytes], name: str) -> tarfile.TarInfo:
    found = tar.gettarinfo(arcname=name, fileobj=file)
    found.uid = found.gid = 0
    found.uname = found.gname = ""
    return found


def add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    tar.addfile(entry, io.BytesIO(text.encode()))


def files_to_keep(lake: Lake) -> Iterator[Path]:
    """Everything of the home but rubbish, and of the lake only what is part of it now."""
    home = lake.home
    for path in sorted(home.path.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        top = path.relative_to(home.path).parts[0]
        unfinished = top == home.inbox.name and path.parent.name.startswith(UNFINISHED)
        if top not in LEFT_OUT and top != home.lake.name and not path.name.endswith(".new") and not unfinished:
            yield path
    for table in TABLES if lake.address is None else ():
        folder = lake.folder(table)
        yield from sorted(path for path in (folder / LOG).iterdir() if is_log(path.name))
        yield from (folder / file.path for file in list_files(lake, table))


def is_log(name: str) -> bool:
    return LOG_ENTRY.match(name) is not None or name == "_last_checkpoint"


def restore(
    file: Path,
    home: Home,
    *,
    by: str,
    at: datetime,
    tombstones_from: Sequence[Path] = (),
    address: str | None = None,
    progress: Progress = silent,
) -> Restored:
    """Makes the office of a backup in `home`, an empty or absent folder; verified before it stands there.

    Its tables lie in the home, wherever they lay before, or at the `address` of an object store, where
    nothing may lie yet.

    Whoever was erased since the backup was made is erased again: `tombstones_from` are
    `keys/tombstones.json` files of the office as it was later, and one that lies alone in the
    target counts too.
    """
    carried = [*tombstones_from, *own_tombstones(home)]
    refuse_occupied(home)
    if address is not None:
        refuse_unfit(address)
    later = {one for path in carried for one in read_tombstones(path)}
    beside = home.path.with_name(f".{home.path.name}.restoring")
    try:
        make_folder(home.path.parent)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        count = unpack(file, beside, progress)
        complete(Home.at(beside))
        add_tombstones(Home.at(beside), later)
        erased = settle(Lake(Home.at(beside)), by=by, at=at, progress=progress)
        if address is not None:
            send_away(Home.at(beside), address, progress=progress)
        if home.path.exists():
            shutil.rmtree(home.path)
        move(beside, home.path)
    except BaseException as error:
        shutil.rmtree(beside, ignore_errors=True)
        if isinstance(error, OSError):
            raise cannot_write(home.path, error) from error
        raise
    lake = Lake.of(home)
    signals = sum(one.rows for one in list_files(lake, SIGNALS))
    return Restored(home=home, files=count, signals=signals, lake_version=lake.version, erased=erased)


def send_away(home: Home, address: str, *, progress: Progress) -> None:
    """Brings the tables to an object store, each table's log after its files, and takes them out of the home."""
    sent: list[str] = []
    root = RemotePlace(address)
    try:
        for table in TABLES:
            folder = home.lake / table.name
            files = [path for path in folder.rglob("*") if path.is_file()]
            for done, path in enumerate(sorted(files, key=lambda path: (path.parent.name == LOG, path))):
                progress(f"sending {table.name}", done, len(files))
                sent.append(path.relative_to(home.lake).as_posix())
                send(path, root, sent[-1])
    except BaseException:
        for name in sent:
            root.give_up(name)
        raise
    set_lake(home, address)
    shutil.rmtree(home.lake)
    make_folder(home.lake)


def send(path: Path, place: RemotePlace, name: str) -> None:
    sink = place.create(name)
    try:
        with path.open("rb") as file:
            shutil.copyfileobj(file, sink, BUFFER // 4)
        size, _ = place.finish(name, sink)
    except BaseException:
        place.give_up(name, sink)
        raise
    if size != path.stat().st_size:
        raise place.refused(OSError(f"{name} did not arrive whole"))


def own_tombstones(home: Home) -> list[Path]:
    path = tombstones.tombstone_file(home)
    return [path] if path.exists() else []


def refuse_occupied(home: Home) -> None:
    """A folder is free if it is absent, empty, or holds nothing but tombstones."""
    if not home.path.exists():
        return
    allowed = tombstones.tombstone_file(home)
    if not home.path.is_dir() or any(path != allowed and path != allowed.parent for path in home.path.rglob("*")):
        raise WrongUsage(
            f"A backup is restored into an empty folder, and {home.path} is not empty.",
            mend="Name another folder, or move what is there away.",
        )


def read_tombstones(path: Path) -> list[str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [bytes.fromhex(one).hex() for one in found]
    except (OSError, ValueError, TypeError) as error:
        raise UnreadableInput(
            f"The tombstones cannot be read: {error}.",
            where=str(path),
            mend="Name the file `keys/tombstones.json` of the office.",
        ) from None


def add_tombstones(home: Home, later: set[str]) -> None:
    if later:
        path = tombstones.tombstone_file(home)
        before = set(read_tombstones(path)) if path.exists() else set()
        path.write_text(json.dumps(sorted(before | later)), encoding="utf-8")
        path.chmod(0o600)
        sync_file(path)


def unpack(file: Path, folder: Path, progress: Progress) -> int:
    """Unpacks and verifies; returns how many files there were."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    try:
        with open_packed(file, None, read=True) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None:
                    continue
                if member.name == MANIFEST:
                    manifest = json.loads(content.read())
                    continue
                progress("unpacking", len(found), None)
                found[member.name] = write_member(folder, member, content)
    except FileNotFoundError:
        raise UnreadableInput("There is no such file.", where=str(file), mend="Name a file of `xmo backup`.") from None
    except (tarfile.TarError, pa.ArrowException, EOFError, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise broken(file, f"it breaks off or is no backup ({error})") from None
    check(file, found, manifest)
    return len(found)


def write_member(folder: Path, member: tarfile.TarInfo, content: IO[bytes]) -> str:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts:
        raise ValueError(f"it names a file outside the office, {member.name!r}")
    path = folder / name
    make_folder(path.parent)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while piece := content.read(PIECE):
            digest.update(piece)
            file.write(piece)
    path.chmod(member.mode & 0o777)
    sync_file(path)
    return digest.hexdigest()


def check(file: Path, found: dict[str, str], manifest: dict[str, Any]) -> None:
    listed = manifest.get("files")
    if listed is None:
        raise broken(file, "its end is missing")
    changed = sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name))
    if changed:
        raise broken(file, f"{len(changed)} of its files are not as they were written, {changed[0]} for one")


def broken(file: Path, why: str) -> UnreadableInput:
    return UnreadableInput(
        f"The backup cannot be restored: {why}.",
        where=str(file),
        mend="Nothing was changed; take another backup.",
    )


def complete(home: Home) -> None:
    """The folders that a backup leaves out or had nothing in, and every folder's names on the disk."""
    read_settings(home)
    set_lake(home, None)
    for name in FOLDERS:
        make_folder(home.path / name)
    close_to_others(home)
    for path in [home.path, *home.path.rglob("*")]:
        if path.is_dir():
            sync_folder(path)


def settle(lake: Lake, *, by: str, at: datetime, progress: Progress) -> Erasure | None:
    """Opens every table, and erases again whom a tombstone names; in a lake of an older format the upgrade does."""
    for table in TABLES:
        list_files(lake, table)
    if read_settings(lake.home)["lake_format"] != LAKE_FORMAT:
        return None
    with writing(lake, what="xmo restore", progress=progress):
        return erase_again(lake, by=by, at=at, progress=progress)


@contextmanager
def open_packed(path: Path, packing: str | None, *, read: bool = False) -> Iterator[Any]:
    """The file as a stream of plain bytes; what it is packed with is seen from its first bytes when read."""
    if read:
        with path.open("rb") as file:
            start = file.read(4)
        packing = next((name for magic, name in MAGIC.items() if start.startswith(magic)), None)
    stream = pa.OSFile(str(path), "rb" if read else "wb")
    if packing is not None:
        stream = pa.CompressedInputStream(stream, packing) if read else pa.CompressedOutputStream(stream, packing)
    try:
        yield stream
    finally:
        stream.close()
