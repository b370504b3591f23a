"""What must hold of turns between processes, on either database."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.functional.machine import serving
from tests.functional.object_store.stores import PROJECT


def start(home: Path, *words: object) -> "subprocess.Popen[str]":
    line = [sys.executable, "-m", "tests.functional.object_store.holder", str(home), *map(str, words)]
    return subprocess.Popen(line, cwd=PROJECT, stdout=subprocess.PIPE, text=True, env=serving.environment())


def heard(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().split()[-1]


def check_turns(home: Path) -> None:
    """Three processes, five turns each: never two at once, and each gets all of its own."""
    processes = [start(home, 60, 5, 0.05) for _ in range(3)]
    said = [process.communicate(timeout=120)[0].split() for process in processes]
    moments = sorted((float(at), word) for words in said for at, word in zip(words[::2], words[1::2], strict=True))
    assert [word for _, word in moments] == ["in", "out"] * 15


def check_killed(home: Path) -> None:
    """A holder that dies is waited for until its turn has run out, and no longer; the next is told that it did."""
    with start(home, 3, 1, 600) as died:
        assert heard(died) == "in"
        began = time.monotonic()
        with start(home, 3, 1, 0) as waits:
            time.sleep(4.5)  # longer than a turn: it was renewed all the while
            died.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            assert heard(waits) == "over"
            waited = time.monotonic() - killed
            assert heard(waits) == "out"
    assert killed - began >= 4.5
    assert waited > 1.0  # what was left of the turn
