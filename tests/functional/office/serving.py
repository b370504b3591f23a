"""Northlight, served by the processes that `xmo up` starts, at the moment of its story."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from openxmo.cli.story.rows.people import DOMAIN
from tests.functional.homes import NOON
from tests.functional.machine.serving import Served, environment, free_port

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

    def set_clock(self, moment: datetime) -> None:
        """From now on it is this moment, and time goes on from there."""
        moved = (moment - datetime.now(UTC)).total_seconds()
        beside = self.clock.with_suffix(".new")
        beside.write_text(str(moved), encoding="utf-8")
        beside.replace(self.clock)

    def import_rows(self, file: Path) -> None:
        line = [sys.executable, "-m", "openxmo.cli", "import", file, "--home", self.home, "--json"]
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
    home = folder / "office"
    shutil.copytree(northlight, home, symlinks=True)
    office = Office(Served(home, free_port(), folder / "office.log"), folder / "clock")
    office.set_clock(NOON)
    environ = environment() | {
        "PYTHONPATH": os.pathsep.join([str(MOMENT), os.environ.get("PYTHONPATH", "")]),
        "NORTHLIGHT_CLOCK": str(office.clock),
    }
    words = [sys.executable, "-m", "openxmo.cli", "up", "--home", str(home), "--port", str(office.served.port)]
    with (folder / "office.log").open("ab") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, env=environ, start_new_session=True)
    try:
        office.served.wait_for_web()
        yield office
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=40)
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
