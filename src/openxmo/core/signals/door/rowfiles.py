"""Files as judged rows: which format a file has, and its rows chunk by chunk."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from openxmo.core.signals.door.cells import CellRow, read_csv, read_parquet
from openxmo.core.signals.door.drafts import DraftReader
from openxmo.core.signals.door.judging import TOO_LONG, Judge
from openxmo.core.signals.door.lines import Chunk, Position, check_is_file, open_bytes, read_blocks, read_chunks
from openxmo.core.signals.mapping.rows import RowError

ROWS = 8192
FEW = 64  # lines that are judged one by one rather than split further
OPENING, CLOSING = b"{}"
PARQUET_MAGIC = b"PAR1"
CSV_ENDINGS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Fault:
    """A row that was not taken: its first and last line, why, and the row."""

    first: int
    last: int
    error: RowError
    row: object


@dataclass
class Judged:
    """Some rows of a file: the good ones as drafts with their lines, the others as faults."""

    drafts: list[Any] = field(default_factory=list)
    lines: list[tuple[int, int]] | range = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def span(self, place: int) -> tuple[int, int]:
        """The first and last line of a draft."""
        found = self.lines[place]
        return (found, found) if isinstance(found, int) else found

    def firsts(self) -> npt.NDArray[np.int32]:
        """The first line of each draft."""
        if isinstance(self.lines, range):
            return np.arange(self.lines.start, self.lines.stop, dtype=np.int32)
        return np.array([first for first, _ in self.lines], np.int32)


def detect_format(path: Path, shown: Path) -> str:
    """`csv` or `ndjson`, by the file's name, else by its first bytes."""
    check_is_file(path)
    with open_bytes(path) as file:
        start = next(read_blocks(file, Position(shown)), b"")[:64]
    return name_format(start, path.name.lower().removesuffix(".gz"))


def name_format(start: bytes, name: str) -> str:
    if name.endswith(CSV_ENDINGS):
        return "csv"
    if name.endswith((".ndjson", ".jsonl", ".json")) or start.lstrip().startswith((b"{", b"[")):
        return "ndjson"
    return "csv"


def is_parquet(path: Path) -> bool:
    check_is_file(path)
    if path.name.lower().endswith((".parquet", ".pq")):
        return True
    with path.open("rb") as file:
        return file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC


def judge_file(path: Path, judge: Judge, *, shown: Path | None = None) -> Iterator[Judged]:
    """Every row of the file, judged; raises UnreadableInput where the file itself breaks, naming it as `shown`."""
    shown = shown or path
    if is_parquet(path):
        yield from judge_cells(read_parquet(path, shown), judge)
        return
    format_ = detect_format(path, shown)
    with open_bytes(path) as file:
        position = Position(shown)
        if format_ == "csv":
            yield from judge_cells(read_csv(file, position), judge)
        else:
            reader = DraftReader()
            for chunk in read_chunks(file, position):
                yield from judge_chunk(chunk, judge, reader)


def judge_cells(rows: Iterable[CellRow], judge: Judge) -> Iterator[Judged]:
    part = Judged()
    spans: list[tuple[int, int]] = []
    for row in rows:
        judged = row.fault or judge.judge_fields(row.fields)
        if isinstance(judged, RowError):
            part.faults.append(Fault(row.first, row.last, judged, row.fields))
        else:
            part.drafts.append(judged)
            spans.append((row.first, row.last))
        if len(part.drafts) + len(part.faults) >= ROWS:
            part.lines = spans
            yield part
            part, spans = Judged(), []
    part.lines = spans
    yield part


def judge_chunk(chunk: Chunk, judge: Judge, reader: DraftReader) -> Iterator[Judged]:
    """Reads all lines at once; where one is bad, halves the chunk until the bad one stands among few."""
    if chunk.too_long:
        yield Judged(faults=[Fault(chunk.first, chunk.first, TOO_LONG, chunk.data)])
        return
    drafts = read_all(chunk, reader)
    if drafts is not None:
        yield sort_out(drafts, chunk, judge)
        return
    if chunk.ends.size <= FEW or chunk.last:
        yield judge_lines(chunk, judge)
        return
    middle = chunk.data.index(b"\n", len(chunk.data) // 2) + 1
    if middle == len(chunk.data):
        yield judge_lines(chunk, judge)
        return
    before = Chunk(chunk.data[:middle], chunk.first)
    yield from judge_chunk(before, judge, reader)
    yield from judge_chunk(Chunk(chunk.data[middle:], chunk.first + before.data.count(b"\n")), judge, reader)


def read_all(chunk: Chunk, reader: DraftReader) -> list[Any] | None:
    """One draft for each line, or None if any line is anything but one good object.

    The decoder does not mind where lines end. Where each line begins with a brace and ends with
    one, two neighbouring lines cannot be inside one object, so equal counts mean one object a line.
    """
    codes, ends = np.frombuffer(chunk.data, np.uint8), chunk.ends
    if ends.size == 0 or ends[-1] != codes.size - 1 or codes[0] != OPENING or ends[0] == 0:
        return None
    if (codes[ends - 1] != CLOSING).any() or (codes[ends[:-1] + 1] != OPENING).any():
        return None
    try:
        drafts: list[Any] = reader.read(chunk.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return drafts if len(drafts) == ends.size else None


def sort_out(drafts: list[Any], chunk: Chunk, judge: Judge) -> Judged:
    faults = judge.complete_all(drafts)
    lines = range(chunk.first, chunk.first + len(drafts))
    if not faults:
        return Judged(drafts, lines)
    texts = chunk.data.split(b"\n")
    good = [place for place in range(len(drafts)) if place not in faults]
    return Judged(
        [drafts[place] for place in good],
        [(lines[place], lines[place]) for place in good],
        [Fault(lines[place], lines[place], error, texts[place]) for place, error in faults.items()],
    )


def judge_lines(chunk: Chunk, judge: Judge) -> Judged:
    part = Judged()
    spans: list[tuple[int, int]] = []
    for line, text in enumerate(chunk.data.removesuffix(b"\n").split(b"\n"), chunk.first):
        if not text.strip():
            continue
        judged = judge.judge_line(text, last=chunk.last)
        if isinstance(judged, RowError):
            part.faults.append(Fault(line, line, judged, text))
        else:
            part.drafts.append(judged)
            spans.append((line, line))
    part.lines = spans
    return part
