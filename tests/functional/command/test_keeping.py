"""An office kept by the command: its inbox, backups, erasure, the doctor, versions."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from openxmo.core.signals.door.importing import put_batch
from openxmo.core.signals.store.home import Home
from tests.functional.command.told import PEOPLE, SCORES, score
from tests.functional.homes import answers, ask, make_office, refuse, take_in, xmo
from tests.spec.signals.door import as_lines


@pytest.mark.parametrize("key", ["c3", "7", "2026"])
def test_a_short_key_is_erased_and_not_seen_in_numbers(tmp_path: Path, key: str) -> None:
    rows = answers(SCORES)
    rows[0]["subject"] = key
    home = make_office(tmp_path / "home", *rows)
    erased = ask(home, "erase", key)
    assert (erased["signals"], erased["leftovers"]) == (2 if key == "c3" else 1, [])


def test_a_restored_office_has_forgotten_whom_it_erased_since(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES, agent="agent-vera"), office=PEOPLE)
    ask(home, "backup", tmp_path / "office.tar.zst")
    ask(home, "erase", "agent-vera")
    later = home / "keys" / "tombstones.json"
    ask(tmp_path / "again", "restore", tmp_path / "office.tar.zst", "--tombstones", later)
    found = [path for path in (tmp_path / "again").rglob("*") if path.is_file() and b"agent-vera" in path.read_bytes()]
    assert found == []


def test_the_worker_stores_what_waits_in_the_inbox(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    at = datetime.now(UTC)
    for number in range(3):
        batch = as_lines(answers([9, 3], first=10 * number))
        put_batch(Home.at(home), [batch], source=None, by="api", at=at + timedelta(microseconds=number))
    assert score(home)[0]["n"] == 0
    done = ask(home, "worker", "--drain")
    assert (done["batches"], done["signals"], len(done["receipts"])) == (3, 6, 3)
    assert ask(home, "worker", "--drain")["batches"] == 0
    assert score(home)[0]["n"] == 6


def test_a_backup_comes_back_as_it_was(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES), office=PEOPLE)
    file = tmp_path / "copy.tar.zst"
    assert ask(home, "backup", file)["file"] == str(file)
    again = tmp_path / "again"
    assert xmo("restore", file, "--home", again, "--json").document["signals"] == 48
    assert score(again) == score(home)
    assert xmo("export", "--home", again).out == xmo("export", "--home", home).out
    assert refuse(home, "restore", file)[0] in (2, 3)
    assert refuse(home, "backup", file)[0] == 2
    assert ask(again, "doctor")["ok"]


def test_an_erased_person_is_gone_and_stays_away(tmp_path: Path) -> None:
    person = "maria.zwettler.4711"
    rows = answers(SCORES)
    rows[5]["subject"] = person
    home = make_office(tmp_path / "home", *rows)
    assert ask(home, "erase", person)["signals"] == 1
    assert score(home)[0]["n"] == 47
    assert [path for path in home.rglob("*") if path.is_file() and person.encode() in path.read_bytes()] == []
    again = take_in(home, *rows, name="again")
    assert (again["accepted"], again["duplicates"], again["rejected"]) == (0, 47, 1)
    assert ask(home, "doctor")["ok"]


def test_the_doctor_ends_with_1_where_something_is_lost(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES))
    assert xmo("doctor", "--home", home).code == 0
    next((home / "lake" / "signals").rglob("*.parquet")).unlink()
    answer = xmo("doctor", "--home", home, "--json")
    assert (answer.code, answer.document["ok"]) == (1, False)
    assert all(check["mend"] for check in answer.document["checks"] if not check["ok"])


def test_sources_tell_how_much_came_and_how_good_it_is(office: Path) -> None:
    document = ask(office, "sources")
    assert [(row["source"], row["signals"]) for row in document["rows"]] == [("web", 48)]
    assert all(0 <= row["quality"] <= 1 for row in document["rows"])


def test_an_office_of_this_version_is_not_upgraded(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    document = ask(home, "upgrade")
    assert (document["steps"], document["backup"]) == (0, None)


def test_an_office_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    settings = home / "openxmo.toml"
    lines = settings.read_text().splitlines()
    newer = [line.partition("=")[0] + "= 99" if line.startswith("format") else line for line in lines]
    assert newer != lines
    settings.write_text("\n".join(newer) + "\n")
    assert refuse(home, "score", "nps")[0] == 3
    assert refuse(home, "upgrade")[0] == 3


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgres://office:secret@127.0.0.1:1/office", "lets nobody in"),
        ("postgres://office:se/cret@127.0.0.1:1/office", "are written %2F"),
    ],
)
def test_a_database_server_that_cannot_be_reached_is_told_without_its_password(
    tmp_path: Path, address: str, told: str
) -> None:
    line = [sys.executable, "-m", "openxmo.cli", "user", "list", "--home", str(make_office(tmp_path / "home"))]
    done = subprocess.run(
        line, env={**os.environ, "DATABASE_URL": address}, capture_output=True, text=True, check=False
    )
    assert done.returncode in (2, 3)
    assert told in done.stderr
    assert "cret" not in done.stderr
    assert "not your doing" not in done.stderr
