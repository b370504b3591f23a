"""NDJSON: one JSON object a line. What lies inside an object is a column `outer.inner`."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from openxmo.core.signals.mapping.form import FileForm
from openxmo.core.signals.mapping.reading.opening import (
    Lines,
    Opened,
    Raw,
    TooLongError,
    open_bytes,
    peek,
    reading,
    too_long,
)
from openxmo.core.signals.mapping.rows import Cells, RowError

DEEPEST = 20


def open_ndjson(path: Path, form: FileForm) -> Opened:
    lines = Lines(open_bytes(path), form.encoding)
    columns, rows = peek(ndjson_rows(path, lines, form.encoding))
    return Opened(columns, rows, certain=False)


def ndjson_rows(path: Path, lines: Lines, encoding: str) -> Iterator[Raw]:
    decode = msgspec.json.Decoder().decode
    with closing(lines), reading(path, lines, encoding):
        while True:
            lines.begin()
            try:
                line = next(lines)
            except StopIteration:
                return
            except TooLongError:
                yield too_long(lines)
                continue
            if not line.isspace():
                yield as_raw(lines.number, line, decode)


def as_raw(number: int, line: str, decode: Callable[[str], Any]) -> Raw:
    try:
        found = decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        return number, RowError(None, "not_json", f"The line is no JSON: {error}."), line[:2000]
    if isinstance(found, dict):
        return number, flatten(found), found
    return number, RowError(None, "not_an_object", "The line is JSON, but no object."), line[:2000]


def flatten(found: dict[str, Any], before: str = "", depth: int = 0) -> Cells:
    if not any(isinstance(value, (dict, list)) for value in found.values()) and not before:
        return found
    cells: Cells = {}
    for name, value in found.items():
        if isinstance(value, dict) and depth < DEEPEST:
            cells.update(flatten(value, f"{before}{name}.", depth + 1))
        elif isinstance(value, (dict, list)):
            cells[before + name] = msgspec.json.encode(value).decode()
        else:
            cells[before + name] = value
    return cells
