"""The audit: who did what, and when, by ids alone, and nothing in it is ever lost or changed."""

import sqlite3
from contextlib import closing
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from django.db import connections, transaction

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit, record
from openxmo.office.govern import store
from openxmo.office.govern.actions import put
from openxmo.office.govern.organisation import Unit
from openxmo.office.lib.database import database_of
from tests.spec.govern.offices import MONDAY, TUESDAY, new_home


def test_what_was_done_is_read_back_in_its_order(tmp_path: Path) -> None:
    home = new_home(tmp_path).path
    record("import", by="ann", at=MONDAY, on=["receipt:1"], home=home)
    record("withdraw", by="bob", at=TUESDAY, on=["receipt:1", "receipt:2"], home=home)
    assert [(row.at, row.by, row.what, row.on) for row in read_audit(home)] == [
        (MONDAY, "ann", "import", ["receipt:1"]),
        (TUESDAY, "bob", "withdraw", ["receipt:1", "receipt:2"]),
    ]
    assert [row.what for row in read_audit(home, by="bob")] == ["withdraw"]
    assert [row.by for row in read_audit(home, what="import")] == ["ann"]


def test_an_office_without_deeds_has_an_empty_audit_and_reading_makes_no_file(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    assert list(read_audit(home.path)) == []
    assert not list(home.office.iterdir())


def test_moments_are_kept_in_utc(tmp_path: Path) -> None:
    home = new_home(tmp_path).path
    row = record("import", by="ann", at=MONDAY.astimezone(timezone(timedelta(hours=5))), home=home)
    assert row.at.utcoffset() == timedelta(0)
    assert read_audit(home)[0].at == MONDAY


def test_each_home_has_an_audit_of_its_own(tmp_path: Path) -> None:
    first, second = new_home(tmp_path / "first").path, new_home(tmp_path / "second").path
    record("import", by="ann", at=MONDAY, home=first)
    record("export", by="bob", at=MONDAY, home=second)
    assert [row.what for row in read_audit(first)] == ["import"]
    assert [row.what for row in read_audit(second)] == ["export"]


def test_a_deed_that_fails_leaves_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = new_home(tmp_path)
    put(home, Unit(key="north"), by="ann", at=MONDAY)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("openxmo.office.govern.actions.audit.record", die)
        with pytest.raises(KeyboardInterrupt):
            put(home, Unit(key="south"), by="ann", at=TUESDAY)
    assert [change.number for change in store.read_history(home)] == [1]
    assert len(read_audit(home.path)) == 1


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    put(home, Unit(key="north"), by="ann", at=MONDAY)
    file = connections[database_of(home.path)].settings_dict["NAME"]
    with closing(sqlite3.connect(file, isolation_level=None)) as other, impatient(home):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnreadableInput, match="Somebody else is changing"):
            put(home, Unit(key="south"), by="bob", at=TUESDAY)
        other.execute("ROLLBACK")
        put(home, Unit(key="south"), by="bob", at=TUESDAY)
    assert [row.by for row in read_audit(home.path)] == ["ann", "bob"]


def impatient(home: Home) -> "Impatient":
    return Impatient(database_of(home.path))


class Impatient:
    """A writer waits 50 ms for another one, not 20 s."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def __enter__(self) -> None:
        connections[self.alias].cursor().execute("PRAGMA busy_timeout=50")

    def __exit__(self, *_: object) -> None:
        connections[self.alias].cursor().execute("PRAGMA busy_timeout=20000")


def test_a_row_of_a_transaction_that_is_rolled_back_is_not_there(tmp_path: Path) -> None:
    home = new_home(tmp_path).path
    record("import", by="ann", at=MONDAY, home=home)
    with transaction.atomic(using=database_of(home)):
        record("export", by="ann", at=MONDAY, home=home)
        transaction.set_rollback(True, using=database_of(home))
    assert [row.what for row in read_audit(home)] == ["import"]
