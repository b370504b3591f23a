"""One writer at a time: what keeps a writer whose turn is over from committing, whatever the clocks say."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from deltalake.exceptions import DeltaError

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.door.importing import import_files
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.door.storing import store_rows
from openxmo.core.signals.keeping.compaction import vacuum
from openxmo.core.signals.keeping.doctor import examine
from openxmo.core.signals.keeping.erasure import erase
from openxmo.core.signals.keeping.marks import mark_signals
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake, commit_info, newest_version
from openxmo.core.signals.store.object_store import RemotePlace
from openxmo.core.signals.store.receipts import read_head, read_receipts, verify_chain
from openxmo.core.signals.store.tables import SIGNALS, SUPERSEDED, TABLES
from tests.functional.object_store.stores import FreeLease, make_remote, names_at, open_remote, rows_of
from tests.spec.signals.door import AT, row, take, write
from tests.spec.signals.lakes import day, signal


@pytest.fixture
def lake(tmp_path: Path, address: str) -> Lake:
    made = make_remote(tmp_path, address)
    take(made, write(tmp_path / "first.ndjson", [row(1), row(2)]))
    return made


@pytest.fixture
def other(lake: Lake, tmp_path: Path) -> Lake:
    """The same office on another machine, whose turn comes because this one's ran out."""
    shutil.copytree(lake.home.path, tmp_path / "other")
    found = open_remote(Home.at(tmp_path / "other"))
    lease_of(found).left_open = True
    return found


def lease_of(lake: Lake) -> FreeLease:
    assert lake.turn is not None
    assert isinstance(lake.turn.lease, FreeLease)
    return lake.turn.lease


def add(lake: Lake, number: int) -> None:
    import pyarrow as pa

    rows = pa.Table.from_pylist([signal(number, day(1))], schema=SIGNALS.schema)
    lake.append(SIGNALS, rows)


def test_a_writer_that_was_overtaken_cannot_commit_although_its_lease_says_that_it_may(
    lake: Lake, other: Lake, tmp_path: Path
) -> None:
    with writing(lake):
        take(other, write(tmp_path / "b.ndjson", [row(3)]))
        files = names_at(str(lake.address))
        with pytest.raises(UnreadableInput, match="Another writer came in between"):
            add(lake, 77)
    assert names_at(str(lake.address)) == files  # what it had written is gone
    assert [one["id"] for one in rows_of(lake)] == ["1", "2", "3"]
    assert verify_chain(read_receipts(lake)) == []
    add_again = take(lake, write(tmp_path / "c.ndjson", [row(4)]))
    assert add_again.accepted == 1


def test_nor_where_the_other_has_written_to_no_table_yet(lake: Lake, other: Lake) -> None:
    overtaken = pytest.raises(UnreadableInput, match="Another writer came in between")
    with writing(lake), writing(other, what="an erasure, which looks before it writes"), overtaken:
        add(lake, 77)
    assert len(rows_of(lake)) == 2


def test_a_commit_that_comes_before_the_takeover_is_seen_by_it(lake: Lake, other: Lake) -> None:
    with writing(lake):
        add(lake, 1 << 40)
        with writing(other):
            add(other, 2 << 40)
    assert len(rows_of(lake)) == 4


def test_a_lease_that_ran_out_ends_the_work_before_anything_is_put(lake: Lake, tmp_path: Path) -> None:
    versions = [newest_version(lake.place(table)) for table in TABLES]
    lease_of(lake).runs = False
    with pytest.raises(UnreadableInput, match="Another writer came in between"):
        import_files(
            lake,
            [write(tmp_path / "b.ndjson", [row(3)])],
            source=None,
            mapping=None,
            sources={},
            by="ann",
            at=AT,
        )
    assert [newest_version(lake.place(table)) for table in TABLES] == versions
    assert list(lake.home.inbox.iterdir()) == []
    assert lease_of(lake).told[-1] == "released"
    parquet = [name for name in names_at(str(lake.address)) if name.startswith("signals/month")]
    assert len(parquet) == 1


def test_files_are_not_taken_away_once_the_turn_is_over(lake: Lake) -> None:
    place = lake.place(SIGNALS)
    sink = place.create("month=2026-01/part-of-the-next-writer.parquet")
    place.finish("month=2026-01/part-of-the-next-writer.parquet", sink)
    with writing(lake):
        lease_of(lake).runs = False
        with pytest.raises(UnreadableInput, match="came in between"):
            vacuum(lake)
    assert place.size("month=2026-01/part-of-the-next-writer.parquet") == 0


def test_outside_of_a_turn_nothing_is_committed(lake: Lake) -> None:
    with pytest.raises(KeyError):
        add(lake, 77)
    reader = Lake.open(lake.home)
    with pytest.raises(UnreadableInput, match="only the office itself writes"), writing(reader):
        pass
    with pytest.raises(UnreadableInput, match="only the office itself writes"):
        mark_signals(reader, mark="spam", ids=[("shop", "1")], by="ann", at=AT)


def test_an_import_that_was_cut_off_after_its_commit_is_finished_by_whoever_takes_over(
    lake: Lake, other: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    file = write(tmp_path / "b.ndjson", [row(3), row(4)])
    with monkeypatch.context() as patched:
        patched.setattr("openxmo.core.signals.door.writer.finish_import", die)
        with pytest.raises(KeyboardInterrupt):
            import_files(lake, [file], source=None, mapping=None, sources={}, by="ann", at=AT)
    assert len(read_receipts(lake)) == 1
    with writing(other):
        assert commit_info(other.place(SIGNALS), newest_version(other.place(SIGNALS)))["receipt"]
    assert [receipt.accepted for receipt in read_receipts(other)] == [2, 2]
    assert verify_chain(read_receipts(other)) == []


def test_a_withdrawal_that_was_cut_off_is_finished_by_whoever_takes_over(
    lake: Lake, other: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openxmo.core.signals.keeping import withdrawal

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(withdrawal, "add_receipt", die)
    with pytest.raises(KeyboardInterrupt):
        withdrawal.withdraw(lake, read_head(lake).receipt, reason="wrong", by="ann", at=AT)
    with writing(other):
        pass
    assert [receipt.what for receipt in read_receipts(other)] == ["import", "withdrawal"]
    assert newest_version(other.place(SUPERSEDED)) == 2  # the withdrawal, and the takeover


def test_a_commit_whose_answer_was_lost_counts(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from openxmo.core.signals.store import lake as lakes

    put = lakes.put_entry
    lost: list[object] = []

    def losing(*given: Any, **options: Any) -> None:
        put(*given, **options)
        if not lost:
            lost.append(given)
            raise OSError("the line broke after all was sent")

    monkeypatch.setattr(lakes, "put_entry", losing)
    assert take(lake, write(tmp_path / "b.ndjson", [row(3)])).accepted == 1
    assert lost
    assert len(rows_of(lake)) == 3


def test_a_commit_that_does_not_arrive_counts_for_nothing(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openxmo.core.signals.store import lake as lakes

    def failing(*_: object, **__: object) -> None:
        raise OSError("the line broke")

    before = [newest_version(lake.place(table)) for table in TABLES]
    with monkeypatch.context() as patched:
        patched.setattr(lakes, "put_entry", failing)
        with pytest.raises(UnreadableInput, match="the line broke"):
            take(lake, write(tmp_path / "b.ndjson", [row(3)]))
    assert [newest_version(lake.place(table)) for table in TABLES] == before
    assert take(lake, write(tmp_path / "b.ndjson", [row(3)])).accepted == 1
    with writing(lake):
        assert vacuum(lake, keep=timedelta(0)) == 1  # its file was left, for it might have come


def test_a_takeover_that_breaks_off_is_taken_over_again(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    from openxmo.core.signals.store import lake as lakes

    def failing(*_: object, **__: object) -> None:
        raise OSError("the line broke")

    lease_of(lake).left_open = True
    with monkeypatch.context() as patched:
        patched.setattr(lakes, "put_entry", failing)
        with pytest.raises(UnreadableInput, match="the line broke"), writing(lake):
            pass
    assert lease_of(lake).told[-1] == "left"
    before = newest_version(lake.place(SIGNALS))
    with writing(lake):
        assert newest_version(lake.place(SIGNALS)) == before + 1
    assert lease_of(lake).told[-1] == "released"


def test_a_commit_that_arrives_late_is_whole_or_comes_too_late(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line breaks, the writer is told so and goes; what it sent may be carried out afterwards."""
    from openxmo.core.signals.store import lake as lakes

    put = lakes.put_entry
    waiting: list[Any] = []

    def holding(*given: Any, **options: Any) -> None:
        waiting.append((given, options))
        raise OSError("the line broke")

    def lose(number: int) -> None:
        file = write(tmp_path / "b.ndjson", [row(number)])
        with monkeypatch.context() as patched:
            patched.setattr(lakes, "put_entry", holding)
            with pytest.raises(UnreadableInput, match="the line broke"):
                take(lake, file)
        assert lease_of(lake).told[-1] == "left"

    lose(3)
    early, options = waiting.pop()
    put(*early, **options)  # before anybody else's turn
    with writing(lake):
        pass
    lose(4)
    late, options = waiting.pop()
    with writing(lake), pytest.raises(DeltaError):  # this turn was told that the one before was left open
        put(*late, **options)
    assert [one["id"] for one in rows_of(lake)] == ["1", "2", "3"]
    assert [receipt.accepted for receipt in read_receipts(lake)] == [2, 1]
    assert examine(lake.home, at=AT + timedelta(days=1)).ok


def test_an_erasure_cannot_be_undone_by_an_import_that_was_under_way(lake: Lake, other: Lake, tmp_path: Path) -> None:
    """The import read its rows before; that it must not store them any more it learns at its commit."""
    import_again = write(tmp_path / "again.ndjson", [row(1, revision=1), row(9, subject="c1")])
    place = lake.place(SIGNALS)
    from openxmo.core.signals.door import writer

    def overtaken(*given: Any, **options: Any) -> Any:
        stored = store_rows(*given, **options)
        erase(other, "c1", sources={}, by="officer", at=AT)
        return stored

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(writer, "store_rows", overtaken)
        with pytest.raises(UnreadableInput, match="came in between"):
            take(lake, import_again)
    assert {one["id"] for one in rows_of(other)} == {"2"}
    assert isinstance(place, RemotePlace)
    assert len([name for name in place.names_below("") if name.startswith("month")]) == 1
