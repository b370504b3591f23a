"""The beginning of a file of which only the bytes are known: its format, encoding, delimiter, columns and rows."""

import csv
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import REQUIRED
from openxmo.core.signals.mapping.form import FileForm
from openxmo.core.signals.mapping.reading.formats import ENDINGS, bare_name, open_file
from openxmo.core.signals.mapping.reading.opening import open_bytes, reading
from openxmo.core.signals.mapping.rows import Cells, RowError

HEAD = 256 * 1024  # bytes looked at to tell the encoding and the delimiter
MOST_ROWS = 5_000
DELIMITERS = ",;\t|"
Kind = Literal["parquet", "xlsx", "xes", "ndjson"]
BEGINNINGS: dict[bytes, Kind] = {b"PAR1": "parquet", b"PK\x03\x04": "xlsx", b"<": "xes", b"{": "ndjson"}
PRINTABLE = 0.97  # of the letters of a text, less in what is no text at all


@dataclass(frozen=True)
class Look:
    """What the first rows say. `more` is true where the file goes on; `broken` counts rows that could not be read."""

    form: FileForm
    columns: tuple[str, ...]
    rows: tuple[Cells, ...]
    broken: int
    more: bool

    @property
    def is_contract(self) -> bool:
        """Whether the file already has the contract's names (`source` may be said by the importer)."""
        return set(self.columns) >= REQUIRED - {"source"}


def look(path: Path, *, most: int = MOST_ROWS) -> Look:
    """The first rows of a file. UnreadableInput says what it is not, and what could be sent instead."""
    form = find_form(path)
    opened = open_file(path, form, ())
    raws = list(islice(opened.rows, most + 1))
    rows = tuple(cells for _, cells, _ in raws[:most] if not isinstance(cells, RowError))
    broken = sum(isinstance(cells, RowError) for _, cells, _ in raws[:most])
    if not rows:
        first = next((cells.reason for _, cells, _ in raws if isinstance(cells, RowError)), "It holds no rows.")
        raise UnreadableInput(
            f"No row of {path.name} could be read. {first}",
            where=path.name,
            mend="Save it as CSV with one header line, or as one JSON object a line.",
        )
    columns = tuple(dict.fromkeys(name for name in (*opened.columns, *(name for row in rows for name in row)) if name))
    return Look(form, columns, rows, broken, len(raws) > most)


def find_form(path: Path) -> FileForm:
    """How the file is to be read, by what it begins with; its name decides only between kinds of text."""
    with reading(path), open_bytes(path) as file:
        head = file.read(HEAD)
    if not head.strip():
        raise UnreadableInput(f"{path.name} is empty.", where=path.name, mend="Choose the file again.")
    kind = next((kind for beginning, kind in BEGINNINGS.items() if head.lstrip().startswith(beginning)), None)
    if kind in ("parquet", "xlsx", "xes"):
        return FileForm(format=kind)
    encoding, text = decode(path, head)
    if text.lstrip().startswith("["):
        raise UnreadableInput(
            f"{path.name} is one JSON list.", where=path.name, mend="Save it with one JSON object a line (NDJSON)."
        )
    if kind == "ndjson" or ENDINGS.get(Path(bare_name(path)).suffix.lower()) == "ndjson":
        return FileForm(format="ndjson", encoding=encoding)
    return FileForm(format="csv", encoding=encoding, delimiter=find_delimiter(text))


def decode(path: Path, head: bytes) -> tuple[str, str]:
    """The encoding that reads these bytes, and their text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        order = ["utf-16"]
    else:
        order = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in order:
        try:
            text = head[: head.rfind(b"\n") + 1 or None].decode(encoding) if encoding != "utf-16" else _utf16(head)
        except UnicodeDecodeError:
            continue
        if is_text(text):
            return encoding, text
    raise UnreadableInput(
        f"{path.name} is no table of text.",
        where=path.name,
        mend="CSV, XLSX, Parquet, XES and one JSON object a line can be read.",
    )


def _utf16(head: bytes) -> str:
    return head[: len(head) // 2 * 2].decode("utf-16", errors="ignore")


def is_text(text: str) -> bool:
    sample = text[:20_000]
    good = sum(letter.isprintable() or letter in "\r\n\t" for letter in sample)
    return "\x00" not in sample and good >= PRINTABLE * len(sample)


def find_delimiter(text: str) -> str:
    """The mark that parts the first lines into the same number of cells, and into most."""
    lines = text.splitlines()[:40]

    def fit(mark: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=mark) if row]
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] == 1:
            return 0.0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    return max(DELIMITERS, key=lambda mark: (*fit(mark), -DELIMITERS.index(mark)))
