"""What lies outside the lake's tables and may name a person: batches, rejects, exports, work in progress.

Only what is a copy is taken away; what was acknowledged and is not yet in the lake has been
drained before. The caller holds the writer's lock.
"""

import json
import re
import shutil
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from openxmo.core.signals.store.durable import move, sync_folder, write_new
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import LOG_ENTRY, Lake
from openxmo.core.signals.store.places import LOG, entry_name
from openxmo.core.signals.store.tables import TABLES
from openxmo.core.signals.store.tombstones import Tombstones, words

LONGEST_KEY = 4096  # bytes of a file that are looked at again with what follows them
PIECE = 4 * 1024 * 1024
GZIP = b"\x1f\x8b"
SEALED = (b"PK\x03\x04", b"PAR1", b"\x28\xb5\x2f\xfd")  # zip and XLSX, Parquet, zstd: not looked into


def needles(keys: Collection[str]) -> list[bytes]:
    """The keys as bytes, as they are and as JSON may escape them."""
    found = {form for key in keys for form in (key.encode(), escape(key))}
    return sorted(found)


def escape(key: str) -> bytes:
    return json.dumps(key)[1:-1].encode()


def empty_folder(folder: Path) -> int:
    paths = sorted(folder.iterdir()) if folder.exists() else []
    for path in paths:
        remove(path)
    if paths:
        sync_folder(folder)
    return len(paths)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def scrub_raw(home: Home, keys: Collection[str], receipts: Collection[str]) -> int:
    """Takes away the raw batches of these receipts, and any other that holds a key: copies, kept for a month only."""
    gone = [path for path in home.raw.iterdir() if path.name in receipts or tree_holds(path, needles(keys))]
    for path in gone:
        remove(path)
    sync_folder(home.raw)
    return len(gone)


def scrub_exports(home: Home, keys: Collection[str]) -> int:
    """Takes away exports that hold a key, and those that cannot be looked into."""
    gone = [path for path in files_below(home.exports) if is_sealed(path) or file_holds(path, needles(keys))]
    for path in gone:
        remove(path)
        sync_folder(path.parent)
    return len(gone)


def scrub_rejects(home: Home, tombstones: Tombstones, values: Collection[str]) -> int:
    """Takes the words of the erased out of the rejects; place and reason of each row stay. Returns how many rows."""
    return sum(scrub_rejects_file(path, tombstones, values) for path in files_below(home.rejects))


def scrub_rejects_file(path: Path, tombstones: Tombstones, values: Collection[str]) -> int:
    changed = 0

    def lines() -> Iterator[bytes]:
        nonlocal changed
        with path.open("rb") as file:
            for line in file:
                entry = msgspec.json.decode(line)
                row = entry.get("row")
                if row is not None and (tombstones.match_row(row) or any(word in values for word in words(row))):
                    entry |= {"row": None, "sentence": ""}
                    changed += 1
                yield msgspec.json.encode(entry) + b"\n"

    new = path.with_name(path.name + ".new")
    write_new(new, lines())
    if changed:
        move(new, path)
    else:
        new.unlink()
    return changed


def find_leftovers(lake: Lake, keys: Collection[str]) -> list[Path | str]:
    """Files of the home, and entries of the lake's log, that still name one of the keys as a word of its own.

    The lake's data files are looked at row by row elsewhere; the index and the secrets hold hashes
    and random bytes, in which a short key turns up by chance.
    """
    word = re.compile(b"|".join(map(as_word, needles(keys))))
    home = lake.home
    nameless = (home.fingerprints, home.keys)
    looked_at = [path for path in files_below(home.path) if not any(map(path.is_relative_to, nameless))]
    found: list[Path | str] = [path for path in looked_at if path.suffix != ".parquet" and file_matches(path, word)]
    return found if lake.address is None else found + entries_left(lake, word)


def entries_left(lake: Lake, word: re.Pattern[bytes]) -> list[Path | str]:
    """What `find_leftovers` cannot see in the home: the entries of a log at an object store."""
    found: list[Path | str] = []
    for place in map(lake.place, TABLES):
        versions = [int(match[1]) for name in place.log_names() if (match := LOG_ENTRY.match(name))]
        telling = [one for one in sorted(set(versions)) if word.search((place.read_entry(one) or "").encode())]
        found += [place.name(f"{LOG}/{entry_name(version)}") for version in telling]
    return found


def as_word(key: bytes) -> bytes:
    """The key where it stands by itself; one of digits alone only where it is quoted, for counts are digits too."""
    before, after = (rb"(?<=[\":|])", rb"(?=[\"|\\])") if key.isdigit() else (rb"(?<![0-9A-Za-z])", rb"(?![0-9A-Za-z])")
    return before + re.escape(key) + after


def file_matches(path: Path, word: re.Pattern[bytes]) -> bool:
    """Whether the pattern is in the file, or in what it unpacks to; pieces are looked at with what lay before them."""
    before = b""
    for piece in pieces(path):
        if word.search(before + piece):
            return True
        before = piece[-LONGEST_KEY:]
    return False


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def tree_holds(path: Path, wanted: list[bytes]) -> bool:
    return any(file_holds(file, wanted) for file in ([path] if path.is_file() else files_below(path)))


def is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in SEALED


def file_holds(path: Path, wanted: list[bytes]) -> bool:
    """Whether any of the byte strings is in the file, or in what it unpacks to if it is gzip."""
    longest = max(map(len, wanted), default=1)
    tail = b""
    for piece in pieces(path):
        window = tail + piece
        if any(one in window for one in wanted):
            return True
        tail = window[-longest:]
    return False


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        first = file.read(PIECE)
        if first[:2] != GZIP:
            while first:
                yield first
                first = file.read(PIECE)
            return
        unpack = zlib.decompressobj(wbits=47)
        while first:
            try:
                yield unpack.decompress(first)
            except zlib.error:
                return
            if unpack.eof and unpack.unused_data:
                first, unpack = unpack.unused_data, zlib.decompressobj(wbits=47)
            else:
                first = file.read(PIECE)
