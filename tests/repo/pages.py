"""Running a page of the docs as a reader would: its files are written, its commands run, its Python executed.

A block with a name (three backticks, `toml answers.toml`) is a file. A `sh` block is run line by line, a `python`
block without a name executed; a `text` block right after shows what either prints. Shown lines must appear in
their order; `…` stands for anything. Numbers of imports and keys differ from run to run: the shown one is remembered,
and a later command that names it gets the real one.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from openxmo.cli import main

FENCE = re.compile(r"^```(?P<language>\w+)?[ ]*(?P<name>\S+)?\n(?P<text>.*?)^```$", flags=re.MULTILINE | re.DOTALL)
MADE_UP = re.compile(r"\d{8}T\d{12}-[0-9a-f]{10}|xmo_[\w-]{43}")  # the number of an import, a key
SAID = "xmo: "  # how a refusal begins
RULE = re.compile(r"^[─ ]+$")


@dataclass(frozen=True)
class Block:
    language: str
    name: str
    text: str
    follows: bool  # whether it stands right after a block that is run


def read_blocks(page: str) -> Iterator[Block]:
    runs = False
    for found in FENCE.finditer(page):
        language, name = found["language"] or "", found["name"] or ""
        yield Block(language, name, found["text"], follows=runs)
        runs = not name and language in ("sh", "python")


@dataclass
class Reader:
    """Somebody who follows pages in one folder; `instead` replaces words that only hold elsewhere, as an address."""

    folder: Path
    instead: dict[str, str] = field(default_factory=dict)
    apart: bool = False  # each `xmo` is a program of its own, as where another program serves the office
    names: dict[str, Any] = field(default_factory=dict)  # that its Python has given something to
    faults: list[str] = field(default_factory=list)  # what was not as a page shows it

    def follow(self, page: str) -> None:
        """Do what the page says. A command that fails is a fault, unless the page shows how it is refused."""
        printed, refused = "", list[str]()
        for block in read_blocks(page):
            if block.name:
                (self.folder / block.name).write_text(block.text, encoding="utf-8")
            elif block.language == "sh":
                printed, failed = self.run_all(self.real(block.text))
                refused += failed
            elif block.language == "python":
                printed, _ = caught(partial(exec, self.real(block.text), self.names))
            elif block.language == "text" and block.follows:
                self.compare(block.text, printed)
                refused = [] if SAID in block.text else refused
        self.faults += refused

    def run_all(self, text: str) -> tuple[str, list[str]]:
        """What the commands print, and what those say that fail."""
        done = [(line, *self.run(line)) for line in lines_of(text)]
        failed = [f"`{line}` ends with {code}: {printed}" for line, printed, code in done if code]
        return "".join(printed for _, printed, _ in done), failed

    def real(self, text: str) -> str:
        for shown, real in self.instead.items():
            text = text.replace(shown, real)
        return text

    def run(self, line: str) -> tuple[str, int]:
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            os.environ[name] = value
            return "", 0
        if words[0] != "xmo" or self.apart:
            return self.run_outside(line)
        if ">" not in words:
            return caught(partial(main, words[1:]))
        place = words.index(">")
        printed, code = caught(partial(main, words[1:place]))
        (self.folder / words[place + 1]).write_text(printed, encoding="utf-8")
        return "", code

    def run_outside(self, line: str) -> tuple[str, int]:
        paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=os.environ | {"PATH": paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout, done.returncode

    def compare(self, shown: str, printed: str) -> None:
        """Each shown line must be among the printed ones, after those before it."""
        left = [plain(line) for line in printed.splitlines()]
        for line in filter(None, map(plain, shown.splitlines())):
            place = 0 if line == "…" else next((n for n, real in enumerate(left, 1) if self.is_alike(line, real)), None)
            if place is None:
                self.faults.append(f"{line!r} is not in:\n{printed}")
            left = left[place or 0 :]

    def is_alike(self, shown: str, real: str) -> bool:
        pattern = MADE_UP.sub("…", shown)
        if not re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), real):
            return False
        self.instead.update(zip(MADE_UP.findall(shown), MADE_UP.findall(real), strict=False))
        return True


def caught(act: Callable[[], Any]) -> tuple[str, Any]:
    """What is printed on the way, and what comes back."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        back = act()
    return out.getvalue(), back


def lines_of(text: str) -> list[str]:
    """The commands: a line that ends in a backslash goes on."""
    joined = re.sub(r"\\\n\s*", "", text)
    return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def plain(line: str) -> str:
    """A line without the spaces that a table is laid out with; the rule under a table's head is nothing."""
    return "" if RULE.match(line) else " ".join(line.split())
