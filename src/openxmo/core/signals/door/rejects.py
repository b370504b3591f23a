"""The rows that were not taken, each with its place, the reason and itself, one JSON object a line."""

import base64
import os
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from openxmo.core.signals.mapping.rows import RowError

SHOWN_BYTES = 64 * 1024  # of a row that is too long to keep whole


class Rejects:
    """The rejects file of one import. It exists once the first row is rejected; `reasons` counts them by code."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: dict[str, int] = {}
        self._file: BinaryIO | None = None

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, *, file: str, line: int, error: RowError, row: object | None) -> None:
        """`row` None keeps the row's place and reason, but none of its words."""
        self.reasons[error.code] = self.reasons.get(error.code, 0) + 1
        entry: dict[str, Any] = {"file": file, "line": line, "reason": error.code, "field": error.field}
        entry |= {"sentence": error.reason, "row": readable(row)}
        if self._file is None:
            self._file = self.path.open("wb")
        self._file.write(encode(entry) + b"\n")

    @property
    def count(self) -> int:
        return sum(self.reasons.values())

    def close(self) -> None:
        """Returns when the file's bytes are on the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None


def encode(entry: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(entry, enc_hook=str)
    except UnicodeEncodeError:  # half a character somewhere: written so that it can be seen
        return msgspec.json.encode(entry | {"row": ascii(entry["row"]), "file": ascii(entry["file"])})


def readable(row: object) -> object:
    """The row as JSON can hold it: a line as text, or in base64 where it is no text."""
    if not isinstance(row, bytes):
        return row
    try:
        return row[:SHOWN_BYTES].decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(row[:SHOWN_BYTES]).decode()}
