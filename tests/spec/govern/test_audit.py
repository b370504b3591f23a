"""The audit: who did what, and when, by ids alone, and nothing in it is ever lost or changed."""

from datetime import timedelta, timezone
from pathlib import Path

import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.office.govern import ledger
from openxmo.office.govern.audit import Entry, read_audit, record
from tests.spec.govern.offices import MONDAY, TUESDAY, new_home


def test_what_was_done_is_read_back_in_its_order(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    record(home, "import", by="ann", at=MONDAY, on=["receipt:1"])
    record(home, "withdraw", by="bob", at=TUESDAY, on=["receipt:1", "receipt:2"])
    assert read_audit(home) == [
        Entry(at=MONDAY, by="ann", what="import", on=("receipt:1",)),
        Entry(at=TUESDAY, by="bob", what="withdraw", on=("receipt:1", "receipt:2")),
    ]
    assert [entry.what for entry in read_audit(home, by="bob")] == ["withdraw"]
    assert [entry.by for entry in read_audit(home, what="import")] == ["ann"]


def test_an_office_without_deeds_has_an_empty_audit(tmp_path: Path) -> None:
    assert read_audit(new_home(tmp_path)) == []


def test_moments_are_kept_in_utc(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    entry = record(home, "import", by="ann", at=MONDAY.astimezone(timezone(timedelta(hours=5))))
    assert entry == read_audit(home)[0]
    assert entry.at.utcoffset() == timedelta(0)
    assert entry.at == MONDAY


def test_lines_are_only_added(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    record(home, "import", by="ann", at=MONDAY)
    path = home.office / "audit" / "audit.ndjson"
    before = path.read_bytes()
    record(home, "import", by="ann", at=MONDAY)
    assert path.read_bytes() == before + before


def test_a_torn_line_does_not_hide_the_others(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    record(home, "import", by="ann", at=MONDAY)
    path = home.office / "audit" / "audit.ndjson"
    path.write_bytes(path.read_bytes() + b'{"at":"2026-03')
    assert len(read_audit(home)) == 1
    record(home, "export", by="ann", at=TUESDAY)
    assert [entry.what for entry in read_audit(home)] == ["import", "export"]


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = new_home(tmp_path)
    monkeypatch.setattr(ledger, "PATIENCE", 0.05)
    with ledger.locked(home.office / "audit"), pytest.raises(UnreadableInput, match="Somebody else is changing"):
        record(home, "import", by="ann", at=MONDAY)
    record(home, "import", by="ann", at=MONDAY)
    assert len(read_audit(home)) == 1
