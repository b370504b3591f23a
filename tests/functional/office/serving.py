"""Northlight, served by real processes, at the moment of its story."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from openxmo.cli.story.rows.people import DOMAIN
from tests.functional.homes import NOON
from tests.functional.machine.serving import Served, environment, serving

MOMENT = Path(__file__).parent / "moment"


@dataclass
class Office:
    """`address` is where its pages are."""

    served: Served
    clock: Path

    @property
    def home(self) -> Path:
        return self.served.home

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.served.port}"

    def turn_clock(self, moment: datetime) -> None:
        set_clock(self.clock, moment)

    def speak(self, kind: str) -> None:
        """From now on the pages are in the made-up language: `long`, `rtl`, or plain where it is empty."""
        self.clock.with_name("words").write_text(kind, encoding="utf-8")

    def import_rows(self, file: Path) -> None:
        line = [sys.executable, "-m", "openxmo.cli", "import", str(file), "--home", str(self.home), "--json"]
        done = subprocess.run(line, capture_output=True, text=True, env=environment(), check=False)
        assert done.returncode == 0, done.stderr

    def letters_to(self, name: str) -> list[str]:
        """The letters that were sent to somebody of Northlight, the oldest first, as they can be read."""
        files = sorted((self.home / "exports" / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime)
        letters = [file.read_text(encoding="utf-8") for file in files]
        return [letter for letter in letters if f"To: {name}@{DOMAIN}" in letter]


@contextmanager
def open_office(northlight: Path, folder: Path) -> Iterator[Office]:
    """A copy of the sample organisation, with web and worker; both are gone afterwards."""
    home, clock = folder / "office", folder / "clock"
    shutil.copytree(northlight, home, symlinks=True)
    set_clock(clock, NOON)
    path = os.pathsep.join([str(MOMENT), os.environ.get("PYTHONPATH", "")])
    with serving(home, "web", "worker", PYTHONPATH=path, NORTHLIGHT_CLOCK=str(clock)) as served:
        yield Office(served, clock)


def set_clock(clock: Path, moment: datetime) -> None:
    """From now on it is this moment for those who ask this file, and time goes on from there."""
    beside = clock.with_suffix(".new")
    beside.write_text(str((moment - datetime.now(UTC)).total_seconds()), encoding="utf-8")
    beside.replace(clock)
