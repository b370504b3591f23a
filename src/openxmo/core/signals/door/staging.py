"""The good rows of a batch on their way: canonical lines, and what identifies them, on the disk.

Nothing here is synced: what lies in staging between two writers is rubbish. Memory stays
bounded, since only one chunk of rows is ever held.
"""

import hashlib
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from openxmo.core.signals.door.drafts import encoder, fields_of
from openxmo.core.signals.store.parquet import ROW_GROUP

PART_ROWS = 2 * ROW_GROUP
KEY_BYTES = 16
SHORT = 1 << 20  # bytes of a line that no reader minds
ID, SOURCE, REVISION = attrgetter("id"), attrgetter("source"), attrgetter("revision")
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Part:
    """Canonical lines: the rows from place `start` on. Fields that are not in `fields` are in none of them."""

    path: Path
    start: int
    rows: int
    longest: int  # no line has more bytes
    fields: frozenset[str]


@dataclass
class Staging:
    """Takes judged rows in their order. A row's place is its number from 0 among the good ones.

    For each place: the hash of (source, id), the hash of the content as received, file and line.
    """

    folder: Path
    key: bytes
    rows: int = 0
    parts: list[Part] = field(default_factory=list)
    revisions: dict[int, float] = field(default_factory=dict)  # by place, of those that name one
    sources: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # source -> ranges of places
    _files: dict[str, BinaryIO] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self._identity = identity_hash(self.key)
        self._content = hashlib.blake2b(key=self.key, digest_size=KEY_BYTES, person=b"content")

    def __enter__(self) -> "Staging":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, drafts: list[Any], file: int, lines: npt.NDArray[np.int32]) -> None:
        """Adds good rows; `lines` are their first lines in the file with that number."""
        if not drafts:
            return
        fields = fields_of(drafts)
        texts = list(map(encoder.encode, drafts))
        self._write("contents", digest_all(self._content, texts))
        origins = np.empty((len(drafts), 2), np.int32)
        origins[:, 0], origins[:, 1] = file, lines
        self._write("origins", origins.tobytes())
        names = list(map(SOURCE, drafts))
        self._write("identities", identify_all(self._identity, names, list(map(ID, drafts))))
        if names.count(names[0]) == len(names):
            self._extend(names[0], self.rows, self.rows + len(names))
        else:
            for place, name in enumerate(names, self.rows):
                self._extend(name, place, place + 1)
        if "revision" in fields:
            self._remember(list(map(REVISION, drafts)))
        self._write_part(texts, fields)

    def _remember(self, revisions: list[float | None]) -> None:
        if revisions.count(None) < len(revisions):
            numbered = enumerate(revisions, self.rows)
            self.revisions |= {place: revision for place, revision in numbered if revision is not None}

    def _extend(self, source: str, start: int, end: int) -> None:
        ranges = self.sources.setdefault(source, [])
        if ranges and ranges[-1][1] == start:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((start, end))

    def _write_part(self, texts: list[bytes], fields: set[str]) -> None:
        if not self.parts or self.parts[-1].rows + len(texts) > PART_ROWS:  # so that row groups come out full
            if self.parts:
                self._files.pop("part").close()
            self.parts.append(Part(self.folder / f"part-{len(self.parts):05}.ndjson", self.rows, 0, 0, frozenset()))
        part = self.parts[-1]
        lines = b"\n".join([*texts, b""])
        self._write("part", lines, part.path)
        longest = max(part.longest, len(lines) if len(lines) <= SHORT else max(map(len, texts)))
        self.parts[-1] = Part(part.path, part.start, part.rows + len(texts), longest, part.fields | fields)
        self.rows += len(texts)

    def _write(self, name: str, data: bytes, path: Path | None = None) -> None:
        if name not in self._files:
            self._files[name] = (path or self.folder / name).open("wb")
        self._files[name].write(data)

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files = {}

    def identities(self) -> Words:
        """Two words a row, for (source, id)."""
        return self._mapped("identities", np.uint64)

    def contents(self) -> Words:
        """Two words a row, for the content."""
        return self._mapped("contents", np.uint64)

    def origins(self) -> npt.NDArray[np.int32]:
        """File number and line of each row."""
        return self._mapped("origins", np.int32)

    def _mapped(self, name: str, type_: type) -> npt.NDArray[Any]:
        """Two numbers a row, from the disk as far as they are looked at; a plain array, which is quicker to index."""
        if not self.rows:
            return np.empty((0, 2), type_)
        return np.memmap(self.folder / name, type_, "r", shape=(self.rows, 2)).view(np.ndarray)

    def lines_at(self, places: npt.NDArray[np.int64]) -> list[bytes]:
        """The canonical lines of some rows, in the order of their (ascending) places."""
        found: list[bytes] = []
        wanted = set(places.tolist())
        for part in self.parts:
            if not any(part.start <= place < part.start + part.rows for place in wanted):
                continue
            with part.path.open("rb") as file:
                found += [line.rstrip(b"\n") for place, line in enumerate(file, part.start) if place in wanted]
        return found


def identity_hash(key: bytes) -> "hashlib.blake2s":
    """Blake2s, whose smaller blocks suit short names; only the index knows these hashes, and it can be made anew."""
    return hashlib.blake2s(key=key, digest_size=KEY_BYTES, person=b"identity")


def name_identity(source: str, id_: str) -> bytes:
    """Both in one, so that no two pairs come out the same."""
    return f"{len(source)} {source}{id_}".encode()


def identify_all(base: "hashlib.blake2s", sources: list[str], ids: list[str]) -> bytes:
    """The hashes of (source, id) of all rows; a source that all of them share is hashed once."""
    if sources.count(sources[0]) < len(sources):
        return digest_all(base, list(map(name_identity, sources, ids)))
    begun = base.copy()
    begun.update(name_identity(sources[0], ""))
    return digest_all(begun, list(map(str.encode, ids)))


def digest_all(base: "hashlib.blake2b | hashlib.blake2s", items: list[bytes]) -> bytes:
    """The keyed hashes of all items, one after the other."""
    copy = base.copy
    digests = []
    for item in items:
        hash_ = copy()
        hash_.update(item)
        digests.append(hash_.digest())
    return b"".join(digests)
