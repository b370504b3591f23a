"""Running a page of the docs as a reader would: its files are written, its commands run, its Python executed.

A block with a name (three backticks, `toml answers.toml`) is a file. A `sh` block is run line by line, a `python`
block without a name executed; a `text` block right after shows what either prints. Shown lines must appear in
their order; `…` stands for anything. Numbers of imports differ from run to run: the shown one is remembered, and
a later command that names it gets the real one.
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
IMPORT_NUMBER = re.compile(r"\d{8}T\d{12}-[0-9a-f]{10}")
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
    names: dict[str, Any] = field(default_factory=dict)  # that its Python has given something to
    refused: list[str] = field(default_factory=list)  # commands that failed, and no page said so

    def follow(self, page: str) -> list[str]:
        """Do what the page says; returns what is not as it shows."""
        printed, faults = "", []
        for block in read_blocks(page):
            if block.name:
                (self.folder / block.name).write_text(block.text, encoding="utf-8")
            elif block.language == "sh":
                printed = "".join(self.run(line) for line in lines_of(self.real(block.text)))
            elif block.language == "python":
                printed, _ = self.printed(partial(exec, self.real(block.text), self.names))
            elif block.language == "text" and block.follows:
                faults += self.compare(block.text, printed)
                self.refused = [] if SAID in block.text else self.refused
        return faults + self.refused

    def real(self, text: str) -> str:
        for shown, real in self.instead.items():
            text = text.replace(shown, real)
        return text

    def run(self, line: str) -> str:
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            os.environ.update([words[1].split("=", 1)])
            return ""
        if words[0] != "xmo":
            return self.run_outside(line)
        target = words[words.index(">") + 1] if ">" in words else None
        printed, code = self.printed(partial(main, words[1 : words.index(">")] if target else words[1:]))
        if code != 0:
            self.refused.append(f"`{line}` ends with {code}: {printed}")
        if target:
            (self.folder / target).write_text(printed, encoding="utf-8")
        return "" if target else printed

    def run_outside(self, line: str) -> str:
        paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=os.environ | {"PATH": paths},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
        return done.stdout

    def printed(self, act: Callable[[], Any]) -> tuple[str, Any]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = act()
        return out.getvalue(), code

    def compare(self, shown: str, printed: str) -> list[str]:
        """The shown lines that are not among the printed ones, after those before them."""
        left = [plain(line) for line in printed.splitlines()]
        faults = []
        for line in filter(None, map(plain, shown.splitlines())):
            if line == "…":
                continue
            place = next((place for place, real in enumerate(left) if self.is_alike(line, real)), None)
            if place is None:
                faults.append(f"{line!r} is not in:\n{printed}")
            else:
                left = left[place + 1 :]
        return faults

    def is_alike(self, shown: str, real: str) -> bool:
        pattern = IMPORT_NUMBER.sub("…", shown)
        if not re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), real):
            return False
        self.instead.update(zip(IMPORT_NUMBER.findall(shown), IMPORT_NUMBER.findall(real), strict=False))
        return True


def lines_of(text: str) -> list[str]:
    """The commands: a line that ends in a backslash goes on."""
    joined = re.sub(r"\\\n\s*", "", text)
    return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def plain(line: str) -> str:
    """A line without the spaces that a table is laid out with; the rule under a table's head is nothing."""
    return "" if RULE.match(line) else " ".join(line.split())
