"""Reading a file's bytes by lines, in chunks of bounded size, whatever its lines are like."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import MAX_ROW_BYTES

BLOCK = 128 * 1024  # so that its rows, once read, stay in the processor's nearer cache
KEPT_OF_LONG = 64 * 1024
LINE_END = 0x0A
BOM = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"


class BrokenFile(UnreadableInput):
    """The bytes of a file sent to us cannot be read; the office itself is well."""


@dataclass(frozen=True)
class Chunk:
    """Whole lines: `data` from line `first` on, or (`too_long`) the beginning of one that is over the limit.

    `last` says that the last line has no line end; `ends` are the places of those that there are.
    """

    data: bytes
    first: int
    last: bool = False
    too_long: bool = False

    @cached_property
    def ends(self) -> npt.NDArray[np.int64]:
        return np.flatnonzero(np.frombuffer(self.data, np.uint8) == LINE_END)


@dataclass
class Position:
    """Where a reader is, to say where a file broke."""

    path: Path
    line: int = 1
    byte: int = 0

    def broken(self, what: str, mend: str) -> BrokenFile:
        where = f"{self.path}, line {self.line}, byte {self.byte}"
        return BrokenFile(what, where=where, mend=f"{mend} Nothing was imported.")


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked if it is gzip."""
    check_is_file(path)
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            if not packed:
                yield raw
                return
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield cast(BinaryIO, unpacked)
    except PermissionError as error:
        raise BrokenFile("The file may not be read.", where=str(path), mend="Give read access to it.") from error


def check_is_file(path: Path) -> None:
    if path.is_dir():
        raise BrokenFile("This is a folder, not a file.", where=str(path), mend="Name the files in it.")
    if not path.exists():
        raise BrokenFile("There is no such file.", where=str(path), mend="Check its name.")


def read_blocks(file: BinaryIO, position: Position) -> Iterator[bytes]:
    """The bytes in blocks; a break says at which byte."""
    while True:
        try:
            block = file.read(BLOCK)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise position.broken(f"The packed file is broken ({error}).", "Pack and send it again.") from error
        except OSError as error:
            raise position.broken(f"The file cannot be read ({error.strerror}).", "Check the disk.") from error
        if not block:
            return
        if position.byte == 0 and block.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise position.broken("The file is in UTF-16, not in UTF-8.", "Save it as UTF-8.")
        yield block[len(BOM) :] if position.byte == 0 and block.startswith(BOM) else block


def read_chunks(file: BinaryIO, position: Position) -> Iterator[Chunk]:
    """Whole lines in chunks of about BLOCK bytes; at most MAX_ROW_BYTES and a block are in memory."""
    carry = b""
    skipping = False
    for block in read_blocks(file, position):
        if skipping:
            end = block.find(b"\n")
            if end < 0:
                position.byte += len(block)
                continue
            skipping = False
            position.byte += end + 1
            position.line += 1
            block = block[end + 1 :]
        data = carry + block
        end = data.rfind(b"\n") + 1
        if end:
            yield from split_long(data[:end], position)
        carry = data[end:]
        if len(carry) > MAX_ROW_BYTES:
            yield Chunk(carry[:KEPT_OF_LONG], position.line, too_long=True)
            position.byte += len(carry)
            carry, skipping = b"", True
    if carry:
        check_text(carry, position)
        yield Chunk(carry, position.line, last=True)
        position.byte += len(carry)


def split_long(data: bytes, position: Position) -> Iterator[Chunk]:
    """One chunk, or where a line in it is over the limit, one before and one after."""
    start = 0
    if len(data) > MAX_ROW_BYTES:
        at = 0
        for line in data.split(b"\n")[:-1]:
            if len(line) > MAX_ROW_BYTES:
                if at > start:
                    yield next_chunk(data[start:at], position)
                yield Chunk(line[:KEPT_OF_LONG], position.line, too_long=True)
                position.line += 1
                position.byte += len(line) + 1
                start = at + len(line) + 1
            at += len(line) + 1
    if start < len(data):
        yield next_chunk(data[start:], position)


def next_chunk(data: bytes, position: Position) -> Chunk:
    check_text(data, position)
    chunk = Chunk(data, position.line)
    position.line += chunk.ends.size
    position.byte += len(data)
    return chunk


def check_text(data: bytes, position: Position) -> None:
    try:
        if not data.isascii():
            data.decode()
    except UnicodeDecodeError as error:
        position.line += data.count(b"\n", 0, error.start)
        position.byte += error.start
        raise position.broken("The file is not in UTF-8.", "Save it as UTF-8.") from None
