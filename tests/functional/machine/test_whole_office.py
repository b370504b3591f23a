"""The whole office goes into a backup and comes back; nobody erased comes with it; the doctor sees what is broken."""

import shutil
import sqlite3
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connections

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit, record
from openxmo.office.accounts.keys import add_key
from openxmo.office.accounts.models import ApiKey, User
from openxmo.office.lib.clock import now
from openxmo.office.lib.database import FILE, database_of, directed_to, make_database
from openxmo.office.portability.erasing import rooms_that_forget
from openxmo.office.portability.rows import ROWS, bring_back, dump
from tests.functional.homes import answers, ask, make_office, refuse, take_in, xmo
from tests.people import make_office_with_people

SECRET_NAME = "Quillon-Ferrabee"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = make_office_with_people(tmp_path / "office")
    take_in(folder, *answers([9, 3]))
    with directed_to(folder):
        User(username="Lea", password="!").save(using=database_of(folder))
        ApiKey(
            name="shop", digest="d", scopes=["signals:write"], acts_as=SECRET_NAME, made_at=now(), made_by="Lea"
        ).save()
    return folder


def rows_of(home: Path) -> dict[str, int]:
    alias = database_of(home)
    return {
        "users": User.objects.using(alias).count(),
        "keys": ApiKey.objects.using(alias).count(),
        "audit": read_audit(home).count(),
    }


def close(home: Path) -> None:
    connections[database_of(home)].close()


def test_a_restored_office_has_its_signals_and_its_rows(office: Path, tmp_path: Path) -> None:
    before = rows_of(office)
    ask(office, "backup", tmp_path / "b.tar.zst")
    again = tmp_path / "again"
    assert ask(again, "restore", tmp_path / "b.tar.zst")["signals"] == 2
    assert rows_of(again) == before
    assert ask(again, "doctor")["ok"]
    assert ask(again, "export") if False else xmo("export", "--home", again).out == xmo("export", "--home", office).out


def test_a_backup_holds_one_whole_database_whoever_writes_meanwhile(office: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            record("looked", by="Lea", at=now(), home=office)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            ask(office, "backup", tmp_path / f"{number}.tar")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        with tarfile.open(tmp_path / f"{number}.tar") as tar:
            names = [name for name in tar.getnames() if "sqlite3" in name]
            assert names == [FILE.as_posix()]
            tar.extract(FILE.as_posix(), tmp_path / f"{number}", filter="data")
        with closing(sqlite3.connect(tmp_path / f"{number}" / FILE)) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_rows_go_from_one_database_to_another_and_back(office: Path, tmp_path: Path) -> None:
    before = rows_of(office)
    copy = tmp_path / "copy"
    close(office)
    shutil.copytree(office, copy)
    dump(database_of(office), copy / ROWS)
    for path in copy.glob("office/office.sqlite3*"):
        path.unlink()
    bring_back(Home.at(copy))
    assert rows_of(copy) == before
    assert not (copy / ROWS).exists()
    assert xmo("export", "--home", copy).out == xmo("export", "--home", office).out
    with directed_to(copy):  # numbers go on after the last
        assert add_key("new", scopes=["signals:write"], by="Lea", at=now())[0].pk > 1


def bytes_that_name(home: Path, name: str) -> list[str]:
    close(home)
    files = [path for path in home.rglob("*") if path.is_file()]
    return [path.relative_to(home).as_posix() for path in files if name.encode() in path.read_bytes()]


def test_an_erased_person_leaves_the_rows_of_all_rooms(office: Path) -> None:
    assert {"accounts", "jobs"} <= {room for room, _ in rooms_that_forget()}
    assert bytes_that_name(office, SECRET_NAME) != []
    done = ask(office, "erase", SECRET_NAME)
    assert done["lines"] >= 1
    assert done["leftovers"] == []
    assert bytes_that_name(office, SECRET_NAME) == []
    key = ApiKey.objects.using(database_of(office)).get(name="shop")
    assert (key.acts_as, key.revoked_by) == ("(erased)", "operator")


def test_a_restore_keeps_away_who_was_erased_since(office: Path, tmp_path: Path) -> None:
    ask(office, "backup", tmp_path / "b.tar")
    ask(office, "erase", SECRET_NAME)
    again = tmp_path / "again"
    ask(again, "restore", tmp_path / "b.tar", "--tombstones", office / "keys" / "tombstones.json")
    assert bytes_that_name(again, SECRET_NAME) == []
    assert ApiKey.objects.using(database_of(again)).get(name="shop").acts_as == "(erased)"
    assert User.objects.using(database_of(again)).count() == 1


# THE DOCTOR, AND A NEW VERSION


def change_file(office: Path, *statements: str) -> None:
    close(office)
    with closing(sqlite3.connect(office / FILE)) as rows:
        for statement in statements:
            rows.execute(statement)
        rows.commit()


@pytest.mark.parametrize(
    ("statements", "check"),
    [
        (["DELETE FROM django_migrations WHERE app = 'jobs'"], "migrations"),
        (["INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '0099_later', 0)"], "migrations"),
        (["PRAGMA foreign_keys=OFF", "INSERT INTO accounts_user_groups (user_id, group_id) VALUES (99, 99)"], "rows"),
    ],
)
def test_the_doctor_sees_what_is_wrong_with_the_rows(office: Path, statements: list[str], check: str) -> None:
    change_file(office, *statements)
    answer = xmo("doctor", "--home", office, "--json")
    assert answer.code == 1
    assert [one["name"] for one in answer.document["checks"] if not one["ok"]] == [check]


def test_the_doctor_sees_a_damaged_database(office: Path) -> None:
    close(office)
    with (office / FILE).open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)
    answer = xmo("doctor", "--home", office, "--json")
    assert answer.code == 1
    assert "database" in [one["name"] for one in answer.document["checks"] if not one["ok"]]


def test_an_upgrade_makes_a_backup_and_then_the_tables_of_this_version(office: Path) -> None:
    assert ask(office, "upgrade")["migrated"] == 0
    change_file(
        office,
        "DROP TABLE jobs_jobrun",
        "DROP TABLE jobs_keptresponse",
        "DELETE FROM django_migrations WHERE app = 'jobs'",
    )
    done = ask(office, "upgrade")
    assert done["migrated"] == 1
    assert Path(done["backup"]).exists()
    assert ask(office, "doctor")["ok"]
    assert ask(office, "upgrade")["migrated"] == 0


def test_a_database_of_a_newer_version_is_refused_and_left_alone(office: Path) -> None:
    change_file(office, "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '0099_later', 0)")
    code, error = refuse(office, "upgrade")
    assert code == 3
    assert "newer OpenXMO" in error["what"]


def test_an_office_without_a_database_is_told_so(tmp_path: Path) -> None:
    home = make_office(tmp_path / "office")
    close(home)
    for path in home.glob("office/office.sqlite3*"):
        path.unlink()
    found = [one["name"] for one in xmo("doctor", "--home", home, "--json").document["checks"] if not one["ok"]]
    assert found == ["database"]
    make_database(home)
