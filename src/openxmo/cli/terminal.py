"""What a person sees in the terminal: tables and words, or one JSON document."""

import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any, Literal

TICK = 0.2  # seconds between two lines of progress
WIDTH = 120  # of tables where nobody watches, unless COLUMNS says otherwise


CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def harmless(text: str) -> str:
    """Words that others wrote, without what would steer the terminal."""
    return text.translate(CONTROLS)


class Terminal:
    """stdout for the answer; stderr for words, warnings and progress."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.last_tick = 0.0
        self.progress_shown = False
        self.shown = ""  # what stands above: nothing, words or a table

    def document(self, document: Any) -> None:
        """The answer as JSON, where JSON was asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False, default=str) + "\n")

    def print(self, text: str = "") -> None:
        """Words of the answer: on stdout for a person, on stderr beside JSON."""
        self.clear_progress()
        stream = sys.stderr if self.as_json else sys.stdout
        gap = "\n" if self.shown == "table" and not text.startswith("\n") else ""
        stream.write(gap + harmless(text) + "\n")
        self.shown = "words"

    def flush(self) -> None:
        """Everything said so far is out: of use before this process becomes another."""
        sys.stdout.flush()
        sys.stderr.flush()

    def say(self, text: str) -> None:
        """Words beside the answer."""
        self.clear_progress()
        sys.stderr.write(harmless(text) + "\n")

    def fail(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.clear_progress()
        what = what if what.endswith((".", "!", "?")) else f"{what}."
        if self.as_json:
            self.document({"error": {"what": what, "where": where, "mend": mend}})
        lines = "\n".join(line for line in (f"xmo: {what}", where and f"  where: {where}", mend) if line)
        sys.stderr.write(harmless(lines) + "\n")

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        *,
        title: str = "",
        right: Sequence[int] = (),
        keep: Sequence[int] = (),
        note: str = "",
    ) -> None:
        """A table a person likes to read; columns at the places `right` are numbers, those at `keep` are not broken."""
        if self.as_json:
            return
        self.clear_progress()
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), show_header=any(columns))
        for place, name in enumerate(columns):
            whole = place in right or place in keep
            justify: Literal["left", "right"] = "right" if place in right else "left"
            table.add_column(name, justify=justify, overflow="fold", no_wrap=whole)
        for row in rows:
            table.add_row(*(Text("" if cell is None else harmless(str(cell))) for cell in row))
        watched = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
        console = Console(file=sys.stdout, width=None if watched else WIDTH, highlight=False)
        if self.shown == "table" or (self.shown and title):
            console.print()
        self.shown = "table"
        if title:
            console.print(Text(title, style="bold"))
        console.print(table)
        if note:
            console.print(Text(note, style="dim"))

    def progress(self, step: str, done: int, total: int | None) -> None:
        """A listener for long work: one line that is written over, only where a person watches."""
        if not sys.stderr.isatty() or time.monotonic() - self.last_tick < TICK:
            return
        self.last_tick = time.monotonic()
        share = f"{done:,} of {total:,} ({done / total:.0%})" if total else f"{done:,}"
        sys.stderr.write(f"\r\x1b[K{step} … {share}")
        sys.stderr.flush()
        self.progress_shown = True

    def clear_progress(self) -> None:
        if self.progress_shown:
            sys.stderr.write("\r\x1b[K")
            self.progress_shown = False
