"""Keeping erased people out: their rows are not stored, and the batch forgets their words."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow.parquet as pq

from openxmo.core.signals.door.cells import with_line_feeds
from openxmo.core.signals.door.lines import GZIP, open_bytes
from openxmo.core.signals.door.rowfiles import Fault, Judged, is_parquet
from openxmo.core.signals.mapping.rows import RowError
from openxmo.core.signals.store.durable import move, write_new
from openxmo.core.signals.store.parquet import ROW_GROUP
from openxmo.core.signals.store.tombstones import Tombstones

ERASED = RowError(None, "erased", "The row is about someone who was erased; its words are not kept.")
Span = tuple[int, int]


def sift(judged: Judged, tombstones: Tombstones) -> tuple[Judged, list[Span]]:
    """The rows without those about erased people, which become faults without words; and the lines of these."""
    sifted = Judged()
    spans: list[Span] = []
    erased: list[Span] = []
    for place, draft in enumerate(judged.drafts):
        if tombstones.match_draft(draft):
            erased.append(judged.span(place))
        else:
            sifted.drafts.append(draft)
            spans.append(judged.span(place))
    sifted.lines = spans
    for fault in judged.faults:
        if tombstones.match_row(fault.row):
            erased.append((fault.first, fault.last))
        else:
            sifted.faults.append(fault)
    sifted.faults += [Fault(first, last, ERASED, None) for first, last in erased]
    return sifted, erased


def rewrite_without(path: Path, spans: list[Span]) -> None:
    """Replaces a file of a batch by one in which these lines are empty (of Parquet: without the rows), durably."""
    gone = {line for first, last in spans for line in range(first, last + 1)}
    new = path.with_name(f".{path.name}.new")
    if is_parquet(path):
        table = pq.read_table(path)
        keep = np.ones(table.num_rows, np.bool_)
        keep[[line - 1 for line in gone]] = False
        pq.write_table(table.filter(keep), new, row_group_size=ROW_GROUP)
        write_new(new, [new.read_bytes()])
    else:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
        with open_bytes(path) as file:
            lines = lines_without(with_line_feeds(file), gone)
            write_new(new, pack(lines) if packed else lines)
    move(new, path)


def lines_without(file: BinaryIO, gone: set[int]) -> Iterator[bytes]:
    for number, line in enumerate(file, 1):
        yield b"\n" if number in gone else line


def pack(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Each line as a gzip member of its own: members one after the other are one file."""
    for line in lines:
        yield gzip.compress(line)
