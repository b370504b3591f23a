"""Which (source, id) the lake holds, whatever their day: a small sorted index beside it.

Segments of sorted hashes, mapped into memory: a new one for each import, and now and then the
newest merged into one, so that they stay few and the large are seldom written again. A look-up
touches a few pages of a few files, whatever the lake's size. The index holds nothing that the
lake does not, so it is caught up when behind and made anew when missing or broken.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from openxmo.core.signals.store.durable import make_folder, replace_file, sync_file

FORMAT = 1
STATE = "state.json"
MAX_SEGMENTS = 12
RATIO = 4
MERGE_ROWS = 1_000_000  # merged at a time
COLUMNS: dict[str, type] = {
    "high": np.uint64,  # first half of the hash of (source, id); the order
    "low": np.uint64,
    "content": np.uint64,  # first half of the content's hash
    "row": np.int64,
    "month": np.int32,  # months since year 0
    "revision": np.float64,  # NaN where the signal names none
}
WIDTHS = {name: np.dtype(type_).itemsize for name, type_ in COLUMNS.items()}
ENTRY_BYTES = sum(WIDTHS.values())
Column = npt.NDArray[Any]
Entries = dict[str, Column]


@dataclass(frozen=True)
class Segment:
    name: str
    rows: int


class FoundEntries(Entries):
    """The columns of entries found, each read when it is first asked for: every match is a page of the disk."""

    def __init__(self, read: Callable[[str], Column]) -> None:
        super().__init__()
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
        return (self.folder / segment.name).stat().st_size == segment.rows * ENTRY_BYTES

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
        for path in self.folder.iterdir():
            if path.name not in kept:
                path.unlink()

    def column(self, segment: Segment, name: str) -> Column:
        """One column of a segment: they lie one after the other in its file."""
        before = sum(WIDTHS[other] for other in list(COLUMNS)[: list(COLUMNS).index(name)])
        path = self.folder / segment.name
        return np.memmap(path, COLUMNS[name], "r", offset=before * segment.rows, shape=(segment.rows,))

    def find(self, high: npt.NDArray[np.uint64], low: npt.NDArray[np.uint64]) -> Matches:
        """All entries of each question; the questions sorted by `high`."""
        found = [(segment, *self._find_in(segment, high, low)) for segment in self.segments]

        def read(name: str) -> Column:
            parts = (self.column(segment, name)[place] for segment, _, place in found if place.size)
            return np.concatenate([np.empty(0, COLUMNS[name]), *parts])

        question = np.concatenate([np.empty(0, np.int64), *(part for _, part, _ in found)])
        return Matches(question, FoundEntries(read))

    def _find_in(
        self, segment: Segment, high: npt.NDArray[np.uint64], low: npt.NDArray[np.uint64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The places of questions and of the entries that answer them."""
        stored_high, stored_low = self.column(segment, "high"), self.column(segment, "low")
        entry = np.searchsorted(stored_high, high)
        question = np.arange(high.size)
        questions, places = [], []
        while question.size:  # once, and again for those that have further entries with the same hash
            inside = entry < segment.rows
            question, entry = question[inside], entry[inside]
            same = stored_high[entry] == high[question]
            question, entry = question[same], entry[same]
            match = stored_low[entry] == low[question]
            questions.append(question[match])
            places.append(entry[match])
            entry = entry + 1
        nothing = np.empty(0, np.int64)
        return np.concatenate([nothing, *questions]), np.concatenate([nothing, *places])

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
        path = self.folder / segment.name
        done = 0
        with path.open("wb") as file:
            for part in parts:
                before = 0
                for name, type_ in COLUMNS.items():
                    file.seek(before * rows + done * WIDTHS[name])
                    file.write(np.ascontiguousarray(part[name], type_).tobytes())
                    before += WIDTHS[name]
                done += part["high"].size
        sync_file(path)
        return segment

    def _merge_newest(self) -> None:
        """Into one: the newest segments, and each older one that is not far larger than they are together."""
        cut, total = len(self.segments) - 1, self.segments[-1].rows
        while cut and self.segments[cut - 1].rows < RATIO * total:
            cut -= 1
            total += self.segments[cut].rows
        merged = self._write(self._merge(self.segments[cut:], total), total)
        self.segments = (*self.segments[:cut], merged)

    def _merge(self, segments: tuple[Segment, ...], total: int) -> Iterator[Entries]:
        """All in one order, a range of hashes at a time."""
        pieces = max(1, total // MERGE_ROWS)
        for piece in range(pieces):
            part = [self._between(segment, piece, pieces) for segment in segments]
            both = {name: np.concatenate([one[name] for one in part]) for name in COLUMNS}
            order = np.argsort(both["high"], kind="stable")
            yield {name: column[order] for name, column in both.items()}

    def _between(self, segment: Segment, piece: int, pieces: int) -> Entries:
        high = self.column(segment, "high")
        start, end = (
            segment.rows if at == pieces else int(np.searchsorted(high, np.uint64((1 << 64) * at // pieces)))
            for at in (piece, piece + 1)
        )
        return {name: self.column(segment, name)[start:end] for name in COLUMNS}

    def forget(self, rows: npt.NDArray[np.int64]) -> int:
        """Takes entries out by row key; their (source, id) may come again. Returns how many there were."""
        gone = 0
        kept = []
        for segment in self.segments:
            hit = np.isin(self.column(segment, "row"), rows)
            if not hit.any():
                kept.append(segment)
                continue
            gone += int(hit.sum())
            stays = np.flatnonzero(~hit)
            parts = (
                {name: self.column(segment, name)[part] for name in COLUMNS}
                for part in np.array_split(stays, max(1, stays.size // MERGE_ROWS))
            )
            kept += [self._write(parts, stays.size)] if stays.size else []
        self.segments = tuple(kept)
        self.save()
        return gone
