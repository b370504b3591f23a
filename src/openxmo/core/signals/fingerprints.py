"""Which (source, id) the lake holds, whatever their day: a small sorted index beside it.

Segments of sorted hashes, mapped into memory; a new one for each import, merged so that each is
at least four times the next: a look-up touches a few pages of a few files, whatever the lake's
size. It holds nothing that the lake does not, so it is caught up when behind and made anew when
missing or broken.
"""

import json
import shutil
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from openxmo.core.signals.durable import make_folder, move, replace_file, sync_file, sync_folder

FORMAT = 1
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
Entries = dict[str, npt.NDArray[np.generic]]


@dataclass(frozen=True)
class Segment:
    name: str
    rows: int


@dataclass(frozen=True)
class Matches:
    """Entries found: for each, the place of the question it answers, and its columns."""

    question: npt.NDArray[np.int64]
    entries: Entries


def new_name() -> str:
    return uuid.uuid4().hex


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
            state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
            if state["format"] != FORMAT:
                return cls(folder)
            segments = tuple(Segment(name, rows) for name, rows in state["segments"])
            found = cls(folder, int(state["through"]), int(state["withdrawals"]), segments)
            return found if all(found.is_whole(segment) for segment in segments) else cls(folder)
        except (OSError, ValueError, KeyError, TypeError):
            return cls(folder)

    def is_whole(self, segment: Segment) -> bool:
        return all(
            (self.folder / segment.name / column).stat().st_size == segment.rows * np.dtype(type_).itemsize
            for column, type_ in COLUMNS.items()
        )

    def save(self) -> None:
        state = {
            "format": FORMAT,
            "through": self.through,
            "withdrawals": self.withdrawals,
            "segments": [[segment.name, segment.rows] for segment in self.segments],
        }
        replace_file(self.folder / "state.json", json.dumps(state).encode())
        kept = {"state.json", *(segment.name for segment in self.segments)}
        for path in self.folder.iterdir():
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    def column(self, segment: Segment, name: str) -> npt.NDArray[np.generic]:
        return np.memmap(self.folder / segment.name / name, COLUMNS[name], "r", shape=(segment.rows,))

    def find(self, high: npt.NDArray[np.uint64], low: npt.NDArray[np.uint64]) -> Matches:
        """All entries of each question; the questions sorted by `high`."""
        found = [self._find_in(segment, high, low) for segment in self.segments]
        question = np.concatenate([np.empty(0, np.int64), *(match.question for match in found)])
        entries = {
            name: np.concatenate([np.empty(0, type_), *(match.entries[name] for match in found)])
            for name, type_ in COLUMNS.items()
        }
        return Matches(question, entries)

    def _find_in(self, segment: Segment, high: npt.NDArray[np.uint64], low: npt.NDArray[np.uint64]) -> Matches:
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
        place = np.concatenate([np.empty(0, np.int64), *places])
        entries = {name: self.column(segment, name)[place] for name in COLUMNS}
        return Matches(np.concatenate([np.empty(0, np.int64), *questions]), entries)

    def add(self, parts: Iterable[Entries], *, through: int) -> None:
        """Adds entries that come sorted by `high`, and merges what has become too many segments."""
        make_folder(self.folder)
        segment = self._write(new_name(), parts)
        self.through = through
        if segment.rows:
            self.segments = (*self.segments, segment)
        while len(self.segments) > 1 and self.segments[-2].rows < RATIO * self.segments[-1].rows:
            self._merge_last_two()
        self.save()

    def _write(self, name: str, parts: Iterable[Entries]) -> Segment:
        folder, unfinished = self.folder / name, self.folder / f"{name}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        rows = 0
        files = {column: (unfinished / column).open("wb") for column in COLUMNS}
        for part in parts:
            rows += part["high"].size
            for column, file in files.items():
                file.write(np.ascontiguousarray(part[column], COLUMNS[column]).tobytes())
        for column, file in files.items():
            file.close()
            sync_file(unfinished / column)
        sync_folder(unfinished)
        shutil.rmtree(folder, ignore_errors=True)
        move(unfinished, folder)
        return Segment(name, rows)

    def _merge_last_two(self) -> None:
        first, second = self.segments[-2:]
        merged = self._write(new_name(), self._merge(first, second))
        self.segments = (*self.segments[:-2], merged)

    def _merge(self, first: Segment, second: Segment) -> Iterator[Entries]:
        """Both in one order, a range of hashes at a time."""
        pieces = max(1, (first.rows + second.rows) // MERGE_ROWS)
        for piece in range(pieces):
            part = [self._between(segment, piece, pieces) for segment in (first, second)]
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
            left = self._write(new_name(), parts)
            kept += [left] if left.rows else []
        self.segments = tuple(kept)
        self.save()
        return gone
