"""Fixtures for all tests: where the public data lies, and a cast of people."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rich.style  # noqa: F401  (draws from the global generator once, when it is first imported)

PROJECT = Path(__file__).resolve().parent.parent


def find_shared() -> Path | None:
    named = os.environ.get("OPENXMO_DATA")
    folder = Path(named) if named else PROJECT.parent / "shared"
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder that holds `data` and `oracles`; without it the test is skipped, unless OPENXMO_DATA names it."""
    folder = find_shared()
    if folder is None:
        if os.environ.get("OPENXMO_DATA"):
            pytest.fail("OPENXMO_DATA names a folder that holds no `data`")
        pytest.skip("the public data sets are not here (set OPENXMO_DATA to their folder)")
    return folder


@pytest.fixture(scope="session")
def spark_remote() -> Iterator[str]:
    """The address of one Spark Connect server for all tests that ask for it."""
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    yield f"sc://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def refuse_global_chance() -> Iterator[None]:
    """A result that hangs on global randomness cannot be repeated: generators are arguments."""
    before = random.getstate(), np.random.get_state()[1].tobytes()  # type: ignore[index]
    yield
    after = random.getstate(), np.random.get_state()[1].tobytes()  # type: ignore[index]
    assert before == after, "global randomness was used; pass a seeded generator instead"


REAL = "real_data"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many tests read the public data sets: a green run without them proves less."""
    told = terminalreporter.stats
    passed = [report for report in told.get("passed", []) if report.when == "call" and REAL in report.keywords]
    others = [report for name in ("failed", "skipped") for report in told.get(name, []) if REAL in report.keywords]
    terminalreporter.write_line(f"Real data: {len(passed)} of {len(passed) + len(others)} tests ran and passed.")
