"""Fixtures for all tests, also those inside the rooms: where the public data lies, an office with its people."""

import os
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import numpy as np
import pytest
import rich.style  # noqa: F401  (draws from the global generator once, when it is first imported)

if TYPE_CHECKING:
    from django.test import Client

    from openxmo.core.signals.store.home import Home

# Django reads its settings once in a process: tests must never see the office of whoever runs them.
os.environ["OPENXMO_HOME"] = tempfile.mkdtemp(prefix="xmo-tests-")
(Path(os.environ["OPENXMO_HOME"]) / "office").mkdir()  # an empty database can be opened in it: it has no tables
os.environ.pop("DATABASE_URL", None)
if os.environ.get("OPENXMO_TEST_DATABASE"):  # the rows of all tests on a server: `make test-postgres`
    os.environ["DATABASE_URL"] = os.environ["OPENXMO_TEST_DATABASE"]

PROJECT = Path(__file__).resolve().parent

# The same examples each time, so that a red run is red for what was changed; `make test-long` looks for new ones.
hypothesis.settings.register_profile("fixed", derandomize=True)
hypothesis.settings.register_profile("wide", derandomize=False, print_blob=True)
hypothesis.settings.load_profile("fixed")


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


@pytest.fixture(scope="session", autouse=True)
def databases_of_homes(django_db_blocker: Any) -> Iterator[None]:
    """Tests that make homes of their own reach the databases in them. The one that is served takes the `db` fixture."""
    from django.test import SimpleTestCase

    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock():
        # Django forbids, for a whole test, each database that was known before it and was not asked for.
        patched.setattr(SimpleTestCase, "_add_databases_failures", classmethod(lambda _: None))
        patched.setattr(SimpleTestCase, "_remove_databases_failures", classmethod(lambda _: None))
        yield


@pytest.fixture(scope="session")
def office_as_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with the cast of `tests/people.py`, to be copied."""
    from tests.people import make_office_with_people

    return make_office_with_people(tmp_path_factory.mktemp("made") / "office")


@pytest.fixture
def home(office_as_made: Path, tmp_path: Path, settings: Any, db: None) -> "Home":  # noqa: ARG001
    """A fresh office with the cast in it, which pages, actions and the command of this test all see."""
    from tests.people import add_users, serve_copy

    made = serve_copy(office_as_made, tmp_path / "served", settings)
    add_users()
    return made


@pytest.fixture
def sign_in(home: "Home") -> "Callable[[str], Client]":  # noqa: ARG001
    """A browser without JavaScript in which this member of the cast is signed in: `sign_in("Tom").get("/")`."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    def client_of(name: str) -> Client:
        client = Client()
        client.force_login(get_user_model().objects.get(username=name))
        return client

    return client_of


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


SLOW = ("tests/functional/office/", "tests/functional/machine/", "tests/functional/object_store/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow ones first: what is shared out at the end is then quick, and makes no office a second time."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))
