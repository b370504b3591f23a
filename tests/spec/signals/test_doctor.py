"""What the doctor finds, and that it finds nothing in a healthy office."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.door.importing import import_files
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.keeping import doctor
from openxmo.core.signals.keeping.compaction import compact
from openxmo.core.signals.keeping.doctor import Check, examine
from openxmo.core.signals.keeping.erasure import erase
from openxmo.core.signals.keeping.withdrawal import withdraw
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, read_receipts
from openxmo.core.signals.store.tables import SIGNALS
from tests.spec.signals.lakes import add, add_mark, day, make_lake, signal


def take(lake: Lake, folder: Path, first: int, hour: int) -> Receipt:
    path = folder / "answers.ndjson"
    rows = [
        {"id": f"a{number}", "source": "survey", "kind": "O", "name": "contact", "happened_at": "2026-01-05T00:00:00Z"}
        | {"subject": f"s{number}"}
        for number in range(first, first + 3)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"id": "bad"}]))
    return import_files(lake, [path], source=None, mapping=None, sources={}, by="ann", at=day(6, 1, hour))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = make_lake(tmp_path)
    take(made, tmp_path, 0, 1)
    take(made, tmp_path, 3, 2)
    return made


def ailments(lake: Lake, at: datetime | None = None) -> dict[str, Check]:
    return {check.name: check for check in examine(lake.home, at=at or day(6, 2)).checks if not check.ok}


def test_a_healthy_office_passes_every_check(lake: Lake) -> None:
    found = examine(lake.home, at=day(6, 2))
    assert found.ok
    assert [check.name for check in found.checks] == ["lake", *doctor.CHECKS]
    assert found.to_document()["checks"][3]["found"] == "The receipts account for each of 6 signals."


def test_an_office_that_lived_is_healthy_too(lake: Lake, tmp_path: Path) -> None:
    wrong = take(lake, tmp_path, 6, 3)
    withdraw(lake, wrong.receipt, reason="r", by="bob", at=day(6, 1, 4))
    take(lake, tmp_path, 6, 5)
    erase(lake, "s1", sources={}, by="officer", at=day(6, 1, 6))
    with writing(lake.home):
        compact(lake, at=day(6, 1, 7), everything=True)
    assert ailments(lake) == {}


def test_a_file_that_is_missing_or_cut_is_found(lake: Lake) -> None:
    first, second = (Path(path) for path in lake.files(SIGNALS))
    second.write_bytes(second.read_bytes()[:-10])
    assert "1 files of the lake are missing or cut" in ailments(lake)["files"].found
    first.unlink()
    assert "2 files" in ailments(lake)["files"].found
    assert "xmo restore" in ailments(lake)["files"].mend


def test_signals_that_no_receipt_accounts_for_are_found(lake: Lake) -> None:
    add(lake, signal(1 << 40, day(1), receipt="unheard-of"))
    assert ailments(lake)["counts"].found == "1 signals too many, 0 there twice, 1 receipts unknown."


def test_a_signal_that_is_there_twice_is_found(lake: Lake) -> None:
    receipt = next(iter(read_receipts(lake)))
    add(lake, signal(9 << 32, day(1), receipt=receipt.receipt), signal(9 << 32, day(1), receipt=receipt.receipt))
    assert "1 there twice" in ailments(lake)["counts"].found


def test_a_changed_receipt_is_found(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    receipts = read_receipts(lake)
    object.__setattr__(receipts[0], "accepted", 99)
    monkeypatch.setattr("openxmo.core.signals.keeping.doctor.read_receipts", lambda _: receipts)
    found = ailments(lake)
    assert "was changed after it was written" in found["receipts"].found
    assert "counts" in found


def test_a_mark_on_nothing_is_found(lake: Lake) -> None:
    add_mark(lake, 77, "2026-01", day(6))
    assert ailments(lake)["references"].found == "Lines refer to signals that are not there: 1 in marks."


def test_a_batch_that_waits_too_long_is_found(lake: Lake) -> None:
    put_batch(lake.home, [b"{}\n"], source=None, by="api", at=day(6, 2))
    assert ailments(lake, day(6, 2) + timedelta(hours=2)) == {}
    late = ailments(lake, day(6, 5))
    assert "1 batches wait" in late["inbox"].found
    assert "xmo worker" in late["inbox"].mend


def test_a_lost_index_is_caught_up_by_the_next_import(lake: Lake, tmp_path: Path) -> None:
    shutil.rmtree(lake.home.fingerprints)
    lake.home.fingerprints.mkdir()
    assert ailments(lake) == {}
    assert take(lake, tmp_path, 0, 9).duplicates == 3
    assert ailments(lake) == {}


def test_a_clock_that_was_set_back_is_found(lake: Lake) -> None:
    assert "still to come" in ailments(lake, day(5))["clock"].found


def test_a_full_disk_is_found(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil.disk_usage(lake.home.path)._replace(free=1_000_000)
    monkeypatch.setattr("openxmo.core.signals.keeping.doctor.shutil.disk_usage", lambda _: full)
    assert "Make room" in ailments(lake)["disk"].mend


def test_a_lake_that_does_not_open_is_said_and_nothing_else_is_tried(lake: Lake) -> None:
    for path in (lake.folder(SIGNALS) / "_delta_log").iterdir():
        path.write_bytes(b"\0")
    found = examine(lake.home, at=day(6, 2))
    assert [check.name for check in found.checks] == ["lake"]
    assert "cannot be read" in found.checks[0].found
