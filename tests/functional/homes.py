"""Offices that whole-system tests ask: made once, by the command, and then only read."""

import fcntl
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from openxmo.cli.main import main
from openxmo.core.signals.mapping.samples import find_sample
from tests.spec.signals.door import as_lines

TWO_UNITS = """[[unit]]
key = "north"

[[unit]]
key = "south"

[[person]]
name = "nora"
roles = ["team_lead"]
units = ["north"]

[[person]]
name = "adam"
roles = ["administrator"]
"""
FOLDERS = {
    "cfpb_2015": "cfpb",
    "cfpb_2019": "cfpb",
    "helpdesk": "process_logs",
    "itsm_incidents": "itsm_uci_incident_log",
    "nyc311_animals": "contacts",
    "olist": "olist_sample_A",
    "permit_receipt": "process_logs",
    "sfo_airport_survey": "sfo_airport_survey",
    "tweets_airline": "tweets_airline",
}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)  # the moment at which the sample organisations stand


@dataclass(frozen=True)
class Answer:
    """What one command said: `out` is stdout, `err` is stderr."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def xmo(*words: str | Path) -> Answer:
    """Run the command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in words])
    return Answer(code, out.getvalue(), err.getvalue())


def ask(home: Path, *words: str | Path) -> Any:
    """The JSON document of a command that must succeed."""
    answer = xmo(*words, "--home", home, "--json")
    assert answer.code == 0, answer.err
    return answer.document


def refuse(home: Path, *words: str | Path) -> tuple[int, dict[str, str]]:
    """The exit code and the error of a command that must not succeed."""
    answer = xmo(*words, "--home", home, "--json")
    return answer.code, answer.document["error"]


def make_office(folder: Path, *rows: object, office: str = "") -> Path:
    """An office with these signals."""
    assert xmo("init", folder).code == 0
    if office:
        change_office(folder, office)
    if rows:
        take_in(folder, *rows)
    return folder


def change_office(home: Path, office: str) -> Any:
    file = home.parent / f"{home.name}.office.toml"
    file.write_text(office, encoding="utf-8")
    return ask(home, "apply", file)


def take_in(home: Path, *rows: object, name: str = "rows") -> Any:
    """Import rows (objects, or bytes as they are) and return the receipt."""
    file = home.parent / f"{home.name}.{name}.ndjson"
    file.write_bytes(as_lines(list(rows)))
    return ask(home, "import", file)


def answers(scores: Sequence[float], *, first: int = 0, **more: Any) -> list[dict[str, Any]]:
    """One customer's NPS answer each, an hour apart from the first of March 2026 on."""
    return [
        {
            "id": f"a{first + place}",
            "source": "web",
            "happened_at": f"2026-03-{1 + place // 24:02d}T{place % 24:02d}:00:00Z",
            "kind": "X",
            "name": "nps",
            "scale": "0..10",
            "value": score,
            "subject": f"c{first + place}",
            "subject_kind": "customer",
            **more,
        }
        for place, score in enumerate(scores)
    ]


@contextmanager
def built_once(folder: Path, make: Callable[[Path], object]) -> Iterator[Path]:
    """`make(folder)` once for all processes that test at the same time; the last one to leave takes it away."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    users = folder.with_suffix(".users")
    with alone(folder):
        if not users.exists():
            make(folder)
        users.write_text(users.read_text() + "x" if users.exists() else "x")
    yield folder
    with alone(folder):
        users.write_text(users.read_text()[1:])
        if not users.read_text():
            users.unlink()
            shutil.rmtree(folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of a test run."""
    base = factory.getbasetemp()
    return (base.parent if base.name.startswith("popen-") else base) / "homes"


def import_public_data(home: Path, data: Path) -> None:
    """All public data sets in one office, each by its shipped mapping, with the metrics that ship for it."""
    assert xmo("init", home).code == 0
    receipts = {}
    for name, folder in FOLDERS.items():
        sample = find_sample(name)
        receipts[name] = ask(home, "sample", name, *(data / folder / file for file in sample.files))
        if sample.office:
            ask(home, "apply", sample.office)
    receipts_file(home).write_text(json.dumps(receipts), encoding="utf-8")


def receipts_file(home: Path) -> Path:
    return home.with_suffix(".receipts.json")


def make_northlight(home: Path, *, planted: bool, size: int) -> None:
    """The sample organisation as it stands at noon, so that no test hangs on the day it runs.

    In a process of its own: a process serves one office, and this one serves that of the tests.
    """
    told = [str(home), NOON.isoformat(), str(int(planted)), str(size)]
    subprocess.run([sys.executable, "-c", MAKE_NORTHLIGHT, *told], check=True, capture_output=True, text=True)


MAKE_NORTHLIGHT = """
import sys
from datetime import datetime
from pathlib import Path
from openxmo.cli.story.building import open_story
from openxmo.cli.terminal import Terminal
folder, at, planted, size = sys.argv[1:]
open_story(Path(folder), at=datetime.fromisoformat(at), planted=planted == "1", size=int(size),
           terminal=Terminal(as_json=True))
"""


def xmo_alone(*words: str | Path) -> Answer:
    """Run the command in a process of its own, which serves the home that it is asked for."""
    done = subprocess.run(
        [sys.executable, "-m", "openxmo.cli", *map(str, words)], capture_output=True, text=True, check=False
    )
    return Answer(done.returncode, done.stdout, done.stderr)
