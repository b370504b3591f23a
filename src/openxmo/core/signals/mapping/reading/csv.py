"""CSV, row by row; a row that cannot be read costs itself only."""

import csv
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import MAX_ROW_BYTES
from openxmo.core.signals.mapping.form import FileForm
from openxmo.core.signals.mapping.reading.opening import Lines, Opened, Raw, TooLongError, open_bytes, reading, too_long
from openxmo.core.signals.mapping.rows import RowError

# The library's own limit (128 kB a cell) is for the whole process and lies under what a row may hold.
csv.field_size_limit(MAX_ROW_BYTES)


def open_csv(path: Path, form: FileForm) -> Opened:
    lines = Lines(open_bytes(path), form.encoding)
    try:
        names = read_header(path, lines, form)
    except UnreadableInput:
        lines.close()
        raise
    return Opened(tuple(names), csv_rows(path, lines, names, form))


def read_header(path: Path, lines: Lines, form: FileForm) -> list[str]:
    with reading(path, lines, form.encoding):
        try:
            lines.skip(form.skip)
            header = next(csv.reader(lines, delimiter=form.delimiter, strict=True), [])
        except (csv.Error, TooLongError) as error:
            reason = broken(str(error)) if str(error) else "It is too long."
            raise UnreadableInput(f"The header of {path.name} cannot be read. {reason}", where=str(path)) from error
    names = unique([name.strip() for name in header])
    check_header(path, names, form.delimiter)
    return names


def unique(names: list[str]) -> list[str]:
    """Column names; the second `A` is called `A [2]`."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} [{seen[name]}]")
    return result


def check_header(path: Path, names: list[str], delimiter: str) -> None:
    if not any(names):
        raise UnreadableInput(f"{path.name} is empty: it has no header.", where=f"{path}, line 1")
    other = next((mark for mark in ";\t|," if mark != delimiter and mark in names[0]), None)
    if len(names) == 1 and other:
        raise UnreadableInput(
            f"{path.name} has one column only.",
            where=f"{path}, line 1",
            mend=f"Its cells seem to be parted by {other!r}: say `delimiter = {other!r}` in the mapping.",
        )


def csv_rows(path: Path, lines: Lines, names: list[str], form: FileForm) -> Iterator[Raw]:
    with closing(lines), reading(path, lines, form.encoding):
        reader = csv.reader(lines, delimiter=form.delimiter, strict=True)
        while True:
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except TooLongError:
                yield too_long(lines)
            except csv.Error as error:
                lines.give_back()
                yield lines.number, RowError(None, "broken_row", broken(str(error))), lines.taken[0][:2000]
            else:
                if cells:
                    yield as_raw(lines.number - len(lines.taken) + 1, cells, names)


def as_raw(line: int, cells: list[str], names: list[str]) -> Raw:
    if len(cells) != len(names):
        return line, RowError(None, "wrong_width", f"The row has {len(cells)} cells, the header {len(names)}."), cells
    found = dict(zip(names, cells, strict=True))
    return line, found, found


def broken(error: str) -> str:
    if "unexpected end of data" in error or "field larger" in error:
        return "A quote is opened in this line and never closed."
    return f"The row is no CSV: {error}."
