"""Which (source, id) the lake holds, whatever their day: a small sorted index beside it.

Segments of sorted hashes: a new one for each import, and now and then the newest merged into one,
so that they stay few and the large are seldom written again. A look-up touches a few bytes of a few
files, whatever the lake's size. The index holds nothing that the lake does not, so it is caught up
when behind and made anew when missing, broken or of an older form.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from openxmo.core.signals.store.durable import make_folder, replace_file
from openxmo.core.signals.store.segments import (
    COLUMNS,
    MOST_ROWS,
    Column,
    Entries,
    Hashes,
    Layout,
    OpenSegment,
    open_segment,
    write_segment,
)

FORMAT = 2
STATE = "state.json"
MAX_SEGMENTS = 12
RATIO = 4
MERGE_ROWS = 1_000_000  # merged at a time


@dataclass(frozen=True)
class Segment:
    name: str
    rows: int


class FoundEntries(Entries):
    """The columns of entries found, each read when it is first asked for: every match is a page of the disk."""

    def __init__(self, known: Entries, read: Callable[[str], Column]) -> None:
        super().__init__(known)
        self._read = read

    def __missing__(self, name: str) -> Column:
        self[name] = self._read(name)
        return self[name]


@dataclass(frozen=True)
class Matches:
    """Entries found: for each, the place of the question it answers, and its columns."""

    question: npt.NDArray[np.int64]
    entries: Entries


@dataclass
class Fingerprints:
    """The index of one home. `through` is the number of the last receipt it knows of,
    `withdrawals` the version of the superseded table it has followed."""

    folder: Path
    through: int = 0
    withdrawals: int = -1
    segments: tuple[Segment, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> "Fingerprints":
        """The index as it lies; an empty one, to be caught up, where it is missing or broken."""
        try:
            state = json.loads((folder / STATE).read_text(encoding="utf-8"))
            if state["format"] != FORMAT:
                return cls(folder)
            segments = tuple(Segment(name, rows) for name, rows in state["segments"])
            found = cls(folder, int(state["through"]), int(state["withdrawals"]), segments)
            return found if all(found.is_whole(segment) for segment in segments) else cls(folder)
        except (OSError, ValueError, KeyError, TypeError):
            return cls(folder)

    def is_whole(self, segment: Segment) -> bool:
        return (self.folder / segment.name).stat().st_size == Layout(segment.rows).size

    def save(self) -> None:
        """Makes the index as it is now the one that is found; what it no longer needs goes."""
        state = {
            "format": FORMAT,
            "through": self.through,
            "withdrawals": self.withdrawals,
            "segments": [[segment.name, segment.rows] for segment in self.segments],
        }
        make_folder(self.folder)
        replace_file(self.folder / STATE, json.dumps(state).encode())
        kept = {STATE, *(segment.name for segment in self.segments)}
        gone = [path for path in self.folder.iterdir() if path.name not in kept]
        for path in gone:
            path.unlink()
        if gone:
            open_segment.cache_clear()  # what is open keeps its place on the disk

    def open(self, segment: Segment) -> OpenSegment:
        return open_segment(self.folder / segment.name, segment.rows)

    def find(self, high: Hashes, low: Hashes) -> Matches:
        """All entries of each question; the questions sorted by `high`."""
        opened = [self.open(segment) for segment in self.segments]
        found = [segment.find(high, low) for segment in opened]

        def read(name: str) -> Column:
            parts = (segment.column(name)[place] for segment, (_, place, _) in zip(opened, found, strict=True))
            return np.concatenate([np.empty(0, COLUMNS[name]), *parts])

        question = np.concatenate([np.empty(0, np.int64), *(part for part, _, _ in found)])
        content = np.concatenate([np.empty(0, np.uint64), *(part for _, _, part in found)])
        return Matches(question, FoundEntries({"content": content}, read))

    def add(self, parts: Iterable[Entries], rows: int, *, through: int) -> None:
        """Adds as many entries, which come sorted by `high`; merges what has become too many segments."""
        make_folder(self.folder)
        self.through = through
        if rows:
            self.segments = (*self.segments, self._write(parts, rows))
        if len(self.segments) > MAX_SEGMENTS:
            self._merge_newest()
        self.save()

    def _write(self, parts: Iterable[Entries], rows: int) -> Segment:
        """A new file, synced; its name counts once the state names it."""
        segment = Segment(uuid.uuid4().hex, rows)
        write_segment(self.folder / segment.name, parts, rows)
        return segment

    def tidy(self) -> None:
        """Merges what is small, whatever the number of segments: after many were added one by one."""
        if len(self.segments) > 1:
            self._merge_newest()

    def _merge_newest(self) -> None:
        """Into one: the newest segments, and each older one that is not far larger than they are together."""
        cut, total = len(self.segments) - 1, self.segments[-1].rows
        while cut and self.segments[cut - 1].rows < min(RATIO * total, MOST_ROWS - total):
            cut -= 1
            total += self.segments[cut].rows
        if cut == len(self.segments) - 1:
            return
        merged = self._write(self._merge(self.segments[cut:], total), total)
        self.segments = (*self.segments[:cut], merged)

    def _merge(self, segments: tuple[Segment, ...], total: int) -> Iterator[Entries]:
        """All in one order, a range of hashes at a time."""
        opened = [self.open(segment) for segment in segments]
        pieces = max(1, total // MERGE_ROWS)
        for piece in range(pieces):
            start, end = ((1 << 64) * at // pieces for at in (piece, piece + 1))
            part = [one.entries(slice(one.place_of(start), one.place_of(end))) for one in opened]
            both = {name: np.concatenate([one[name] for one in part]) for name in COLUMNS}
            order = np.argsort(both["high"], kind="stable")
            yield {name: column[order] for name, column in both.items()}

    def forget(self, rows: npt.NDArray[np.int64]) -> int:
        """Takes entries out by row key; their (source, id) may come again. Returns how many there were."""
        gone = 0
        kept = []
        for segment in self.segments:
            opened = self.open(segment)
            hit = np.isin(opened.column("row"), rows)
            if not hit.any():
                kept.append(segment)
                continue
            gone += int(hit.sum())
            stays = np.flatnonzero(~hit)
            parts = map(opened.entries, np.array_split(stays, max(1, stays.size // MERGE_ROWS)))
            kept += [self._write(parts, stays.size)] if stays.size else []
        self.segments = tuple(kept)
        self.save()
        return gone
