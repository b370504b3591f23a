"""One sorted part of the index of ids: a file that is written once, and looked into by few bytes at a time.

A hash is spread evenly, so its first bits name a small bucket and the sixteen bits after them, the tag,
nearly always the entry in it. Fence (where each bucket begins) and tags are a twentieth of the file and are
mapped into memory; whole entries are read only where a tag fits, one by one, since touching a mapped page
costs five times as much as reading the few bytes that are wanted.
"""

import os
import weakref
from collections.abc import Iterable
from functools import lru_cache
from itertools import repeat
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from openxmo.core.signals.store.durable import sync_file

COLUMNS: dict[str, type] = {
    "high": np.uint64,  # first half of the hash of (source, id); the order
    "low": np.uint64,
    "content": np.uint64,  # first half of the content's hash
    "row": np.int64,
    "revision": np.float64,  # NaN where the signal names none
    "month": np.int32,  # months since year 0
}
COMPARED = ("high", "low", "content")  # by a look-up, so they lie together
KEY = np.dtype([(name, COLUMNS[name]) for name in COMPARED])
BESIDE = {name: np.dtype(type_) for name, type_ in COLUMNS.items() if name not in COMPARED}
TAG, TAG_BITS = np.dtype(np.uint16), 16
FENCE = np.dtype(np.uint32)
MOST_ROWS = np.iinfo(np.uint32).max  # that a fence can tell
MOST_BITS = 22  # of a bucket's number: 16 MB of fence for the largest segments
SPARSE = 8192  # bytes of the segment for each entry wanted, from which on they are read one by one
KEPT_OPEN = 24

Column = npt.NDArray[Any]
Entries = dict[str, Column]
Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


class Layout:
    """Where everything lies in the file of a segment with so many rows."""

    def __init__(self, rows: int) -> None:
        self.bits = min(max(rows.bit_length() - 3, 1), MOST_BITS)
        self.buckets = 1 << self.bits
        self.keys = -(-(self.buckets + 1) * FENCE.itemsize // 8) * 8
        at = self.keys + rows * KEY.itemsize
        self.beside: dict[str, int] = {}
        for name, type_ in BESIDE.items():
            self.beside[name] = at
            at += rows * type_.itemsize
        self.tags = at
        self.size = at + rows * TAG.itemsize

    def bucket_of(self, high: Hashes) -> Places:
        return (high >> np.uint64(64 - self.bits)).astype(np.int64)

    def tag_of(self, high: Hashes) -> npt.NDArray[np.uint16]:
        return (high >> np.uint64(64 - self.bits - TAG_BITS)).astype(np.uint16)


def write_segment(path: Path, parts: Iterable[Entries], rows: int) -> None:
    """A new file, synced, of entries that come sorted by `high`."""
    layout = Layout(rows)
    counts = np.zeros(layout.buckets + 1, np.int64)
    done = 0
    with path.open("wb") as file:
        for part in parts:
            keys = np.empty(part["high"].size, KEY)
            for name in COMPARED:
                keys[name] = part[name]
            columns: list[tuple[int, np.dtype[Any], Column]]
            columns = [(layout.keys, KEY, keys), (layout.tags, TAG, layout.tag_of(part["high"]))]
            columns += [(layout.beside[name], type_, part[name]) for name, type_ in BESIDE.items()]
            for start, type_, column in columns:
                file.seek(start + done * type_.itemsize)
                file.write(np.ascontiguousarray(column, type_).tobytes())
            counts[1:] += np.bincount(layout.bucket_of(part["high"]), minlength=layout.buckets)
            done += keys.size
        file.seek(0)
        file.write(np.cumsum(counts).astype(FENCE).tobytes())
    sync_file(path)


class OpenSegment:
    """A segment's file: its columns are mapped, and read from the disk as far as they are looked at."""

    def __init__(self, path: Path, rows: int) -> None:
        self.rows = rows
        self._layout = layout = Layout(rows)
        self._handle = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._handle)
        self._bytes = mmap(self._handle, layout.size, access=ACCESS_READ)
        self._fence = np.frombuffer(self._bytes, FENCE, layout.buckets + 1)
        self._tags = np.frombuffer(self._bytes, TAG, rows, layout.tags)
        self._keys: Column = np.frombuffer(self._bytes, KEY, rows, layout.keys)

    def column(self, name: str) -> Column:
        if name in BESIDE:
            return np.frombuffer(self._bytes, BESIDE[name], self.rows, self._layout.beside[name])
        found: Column = self._keys[name]
        return found

    def entries(self, part: slice | Places) -> Entries:
        return {name: self.column(name)[part] for name in COLUMNS}

    def place_of(self, high: int) -> int:
        """The place of the first entry whose hash is not below."""
        if high >= 1 << 64:
            return self.rows
        start, end = self._fence[bucket := high >> (64 - self._layout.bits)], self._fence[bucket + 1]
        return int(start + np.searchsorted(self._keys["high"][start:end], np.uint64(high)))

    def find(self, high: Hashes, low: Hashes) -> tuple[Places, Places, Hashes]:
        """Of all entries that answer a question: the question's place, the entry's, and its content."""
        question, place = self._candidates(high)
        keys = self._keys_at(place)
        same = (keys["high"] == high[question]) & (keys["low"] == low[question])
        return question[same], place[same], keys["content"][same]

    def _candidates(self, high: Hashes) -> tuple[Places, Places]:
        """Pairs of a question and an entry of its bucket with its tag."""
        bucket, tag = self._layout.bucket_of(high), self._layout.tag_of(high)
        start, end = self._fence[bucket].astype(np.int64), self._fence[bucket + 1].astype(np.int64)
        question = np.flatnonzero(start < end)
        tag, end = tag[question], end[question]
        place = lower_bound(self._tags, tag, start[question], end)
        pairs = [(question[:0], place[:0])]
        while question.size:  # once, and again for those that have further entries with the same tag
            inside = place < end
            question, place, tag, end = question[inside], place[inside], tag[inside], end[inside]
            same = self._tags[place] == tag
            question, place, tag, end = question[same], place[same], tag[same], end[same]
            pairs.append((question, place))
            place = place + 1
        questions, places = zip(*pairs, strict=True)
        return np.concatenate(questions), np.concatenate(places)

    def _keys_at(self, places: Places) -> Column:
        if places.size * SPARSE >= self._keys.nbytes:
            return self._keys[places]
        offsets = (places * KEY.itemsize + self._layout.keys).tolist()
        return np.frombuffer(b"".join(map(os.pread, repeat(self._handle), repeat(KEY.itemsize), offsets)), KEY)


@lru_cache(maxsize=KEPT_OPEN)
def open_segment(path: Path, rows: int) -> OpenSegment:
    """Kept open for the next batch of the same process: no segment's file is ever written twice."""
    return OpenSegment(path, rows)


def lower_bound(values: Column, wanted: Column, start: Places, end: Places) -> Places:
    """In each range of places the first whose value is not below the wanted one, else the range's end."""
    last = values.size - 1
    for _ in range(int((end - start).max(initial=0)).bit_length()):
        middle = (start + end) >> 1
        below = (values[np.minimum(middle, last)] < wanted) & (start < end)
        start, end = np.where(below, middle + 1, start), np.where(below, end, middle)
    return start
