"""Compaction killed at any moment leaves a good lake, and readers never notice it."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.keeping.compaction import compact, should_compact
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import SIGNALS
from tests.spec.signals.lakes import add, day, make_lake, rows_read, signal

ROUNDS = int(os.environ.get("OPENXMO_ROUNDS", "3"))
FILES = 30

COMPACTOR = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from openxmo.core.signals.keeping.compaction import compact, vacuum
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.door.lock import writing

lake = Lake.open(Home.at(Path(sys.argv[1])))
print("ready", flush=True)
for turn in range(int(sys.argv[2])):
    with writing(lake.home, what="compaction"):
        compact(lake, at=datetime(2026, 7, 1, tzinfo=UTC), everything=True)
        vacuum(lake, keep=timedelta(0))
"""


def start(lake: Lake, turns: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", COMPACTOR, str(lake.home.path), str(turns)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def add_small_files(lake: Lake, first: int) -> None:
    for row in range(first, first + FILES):
        add(lake, signal(row, day(1 + row % 3, 1 + row % 28)))


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_compaction_killed_at_a_random_moment_loses_and_doubles_nothing(tmp_path: Path, round_: int) -> None:
    chance = random.Random(round_)
    lake = make_lake(tmp_path)
    add_small_files(lake, 0)
    rows = FILES
    child = start(lake, turns=1)
    time.sleep(chance.uniform(0, 0.35))
    child.kill()
    child.wait()
    assert rows_read(DuckdbEngine(lake)) == list(range(rows))
    with writing(lake.home):
        compact(lake, at=day(7), everything=True)
    assert not should_compact(lake)
    assert len(lake.files(SIGNALS)) == 3
    assert rows_read(DuckdbEngine(lake)) == list(range(rows))


def test_a_reader_keeps_answering_during_compaction_and_vacuum(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    add_small_files(lake, 0)
    engine = DuckdbEngine(lake)
    child = start(lake, turns=1)
    answers = 0
    known = FILES
    while child.poll() is None:
        assert rows_read(engine) == list(range(known))
        answers += 1
    assert child.wait() == 0
    for turn in range(2):  # and while small files come and go
        with writing(lake.home):
            add_small_files(lake, known)
        known += FILES
        child = start(lake, turns=1)
        while child.poll() is None:
            assert rows_read(engine) == list(range(known)), turn
            answers += 1
        assert child.wait() == 0
    assert answers > 4
    assert len(lake.files(SIGNALS)) == 3
