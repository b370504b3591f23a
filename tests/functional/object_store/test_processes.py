"""Signals at an object store in a whole office: by the command, by killed processes, by web and worker."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openxmo.core.signals.door.importing import drain_inbox
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.receipts import read_receipts, verify_chain
from openxmo.office.lib.clock import now
from tests.functional.homes import answers
from tests.functional.machine.serving import command, serving, wait_until
from tests.functional.object_store.stores import everything_at, names_at, open_remote, rows_of
from tests.functional.object_store.taking_turns import check_killed, check_turns
from tests.spec.signals.door import as_lines

ROUNDS = int(os.environ.get("OPENXMO_ROUNDS", "3"))
MANY = 682  # of which eleven are a kind


def test_processes_take_turns(tmp_path: Path) -> None:
    command(tmp_path / "office", "init", tmp_path / "office")
    check_turns(tmp_path / "office")
    check_killed(tmp_path / "office")


def lines(folder: Path, rows: Any, name: str = "rows") -> Path:
    file = folder / f"{name}.ndjson"
    file.write_bytes(as_lines(list(rows)))
    return file


@pytest.mark.long  # each step by a process of its own; test_lake asks the same in one, and the how-to moves an office
@pytest.mark.timeout(600)
def test_an_office_is_made_used_kept_and_moved_by_the_command(tmp_path: Path, store: Any, address: str) -> None:
    home = tmp_path / "office"
    made = command(home, "init", home, "--lake", address)
    assert made["made"]
    zoe = answers([5], first=300, subject="kunde-zoe-4711")
    told = command(home, "import", lines(tmp_path, [*answers([9, 10, 3] * 20), *zoe]))
    assert (told["accepted"], told["rejected"]) == (61, 0)
    assert command(home, "erase", "kunde-zoe-4711")["signals"] == 1
    assert "kunde-zoe" not in everything_at(address)
    scored = command(home, "score", "nps", "--since", "2026-03-01", "--until", "2026-04-01")
    assert (scored["rows"][0]["n"], scored["rows"][0]["value"]) == (60, pytest.approx(100 / 3))
    more = command(home, "import", lines(tmp_path, answers([0] * 5, first=100)))
    assert command(home, "withdraw", more["receipt"], "--reason", "wrong")["withdrawn"] == 5
    assert command(home, "score", "nps", "--since", "2026-03-01")["rows"][0]["n"] == 60
    assert command(home, "worker", "--drain")["batches"] == 0
    examined = command(home, "doctor")
    assert examined["ok"]
    assert address in examined["checks"][0]["found"]
    file = tmp_path / "office.tar.zst"
    command(home, "backup", file)
    elsewhere = store.new_address()
    moved = tmp_path / "moved"
    assert command(moved, "restore", file, "--lake", elsewhere)["signals"] == 65
    assert command(moved, "score", "nps", "--since", "2026-03-01")["rows"][0]["n"] == 60
    assert command(moved, "import", lines(tmp_path, answers([9], first=500)))["accepted"] == 1
    here = tmp_path / "here"
    command(here, "restore", file)
    assert command(here, "score", "nps", "--since", "2026-03-01")["rows"][0]["n"] == 60
    assert "lake =" not in (here / "openxmo.toml").read_text()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_import_that_is_killed_at_any_moment_is_whole_or_not_there(
    tmp_path: Path, address: str, number: int
) -> None:
    home = tmp_path / "office"
    command(home, "init", home, "--lake", address)
    file = lines(tmp_path, answers(list(range(11)) * (MANY // 11)))
    chance = np.random.default_rng([20261122, number])
    line = [sys.executable, "-m", "openxmo.cli", "import", str(file), "--home", str(home), "--json"]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: (home / "writer.lock").exists() or process.poll() is not None, within=60)
        time.sleep(float(chance.uniform(0, 1.5)))
        process.send_signal(signal.SIGKILL)
    began = time.monotonic()
    told = command(home, "import", file)
    assert time.monotonic() - began < 50  # on the same machine nobody waits for a dead one's turn to run out
    assert told["accepted"] + told["duplicates"] == MANY
    lake = open_remote(Home.at(home))
    drain_inbox(lake, sources={}, by="worker", at=now())
    receipts = read_receipts(lake)
    assert verify_chain(receipts) == []
    assert sum(receipt.accepted for receipt in receipts) == MANY
    rows = rows_of(lake)
    assert len({row["id"] for row in rows}) == len(rows) == MANY


@pytest.mark.timeout(600)
def test_what_is_posted_reaches_the_store_and_the_questions(tmp_path: Path, address: str) -> None:
    home = tmp_path / "office"
    command(home, "init", home, "--lake", address)
    key = command(home, "key", "add", "shop", "--scope", "signals:write", "--scope", "questions:read")["key"]
    head = {"Authorization": f"Bearer {key}"}
    with serving(home, "web", "worker") as served:
        sent = served.call(
            "POST", "/api/v1/signals", as_lines(list(answers([9, 10, 2] * 12))),
            Content_Type="application/x-ndjson", **head,
        )  # fmt: skip
        assert sent[0] == 202
        wait_until(lambda: f"signals/_delta_log/{1:020}.json" in names_at(address), within=60)
    assert command(home, "score", "nps", "--since", "2026-03-01")["rows"][0]["n"] == 36
