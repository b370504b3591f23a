"""A lake at an object store takes in, answers, forgets and is kept as one on the local disk."""

import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.signals.door.importing import check_files
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.keeping.backup import backup, restore
from openxmo.core.signals.keeping.compaction import compact, list_files, vacuum
from openxmo.core.signals.keeping.doctor import examine
from openxmo.core.signals.keeping.erasure import erase
from openxmo.core.signals.keeping.expiry import ANSWERS, COMMENTS, expire
from openxmo.core.signals.keeping.marks import mark_signals
from openxmo.core.signals.keeping.withdrawal import withdraw
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.object_store import RemotePlace
from openxmo.core.signals.store.receipts import read_receipts, verify_chain
from openxmo.core.signals.store.tables import RECEIPTS, SIGNALS, SUPERSEDED, TABLES
from openxmo.library.direct import explain, score
from tests.functional.object_store.stores import everything_at, make_remote, names_at, open_remote, rows_of
from tests.spec.signals.door import AT, counts, make_lake, row, take, write

NPS = Metric(key="nps", signal="nps", score=Score(kind="nps"), min_n=5)
AMENDED = {"shop": Source(key="shop", amends=True)}
PERSON = "kunde-Zoë-4711"


def made_rows(count: int, *, seed: int = 1) -> list[dict[str, Any]]:
    """Answers of five months, of two channels, some with words, lists and attributes."""
    chance = random.Random(seed)
    start = datetime(2025, 10, 1, tzinfo=UTC)
    return [
        row(
            number,
            happened_at=(start + timedelta(minutes=chance.randrange(150 * 24 * 60))).isoformat(),
            value=chance.choice([0, 3, 6, 7, 8, 9, 10]),
            channel=chance.choice(["phone", "web", None]),
            text="all is well" if number % 3 == 0 else None,
            objects=[f"order:{number}"] if number % 5 == 0 else None,
            attrs={"plan": "a"} if number % 7 == 0 else None,
        )
        for number in range(count)
    ]


@pytest.fixture
def both(tmp_path: Path, address: str) -> tuple[Lake, Lake]:
    """The same signals on the local disk and at the store."""
    near = make_lake(tmp_path / "near")
    far = make_remote(tmp_path / "far", address)
    first = write(tmp_path / "first.ndjson", made_rows(900))
    second = write(tmp_path / "second.ndjson", [*made_rows(50, seed=2), *made_rows(20)[10:], row(5000, value=1)])
    for lake in (near, far):
        take(lake, first, sources=AMENDED)
        take(lake, second, sources=AMENDED, at=AT + timedelta(hours=1))
    return near, far


def without_receipts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two offices give the same import two receipts, and hash with two keys."""
    return [{name: value for name, value in one.items() if name not in ("receipt", "content")} for one in rows]


def told(lake: Lake) -> dict[str, Any]:
    """Two answers of many parts, without the lake's version, which counts commits."""
    scored = score(NPS, lake=lake, by=["channel"], since="2025-10-01", until="2026-03-01", every="month", as_of=str(AT))
    moved = explain(
        NPS,
        lake=lake,
        before=("2025-10-01", "2025-12-01"),
        after=("2025-12-01", "2026-02-01"),
        by=["channel"],
        as_of=str(AT),
    )
    return {"score": scored.to_document()["rows"], "explain": moved.to_document()["parts"]}


def test_both_lakes_hold_the_same_rows_and_answer_the_same(both: tuple[Lake, Lake]) -> None:
    near, far = both
    assert without_receipts(rows_of(far)) == without_receipts(rows_of(near))
    assert len(rows_of(far)) == 901
    assert told(far) == told(near)
    assert [counts(one) for one in read_receipts(far)] == [counts(one) for one in read_receipts(near)]
    since, until = datetime(2025, 11, 10, tzinfo=UTC), datetime(2026, 1, 3, 5, tzinfo=UTC)
    heard = [rows_of(lake, since=since, until=until, known_at=AT) for lake in both]
    assert without_receipts(heard[0]) == without_receipts(heard[1]) != []


def test_nothing_of_the_lake_lies_in_the_home_and_nothing_secret_anywhere(both: tuple[Lake, Lake]) -> None:
    _, far = both
    assert list(far.home.lake.iterdir()) == []
    assert far.files(SIGNALS)
    assert all(name.startswith(f"{far.address}/signals/month=") for name in far.files(SIGNALS))
    secret = (far.home.keys / "secret").read_bytes().decode(errors="replace")
    assert secret not in everything_at(str(far.address))
    assert "nothing" not in far.home.settings_file.read_text()


def test_the_engine_reaches_nothing_but_what_it_is_handed(both: tuple[Lake, Lake], tmp_path: Path) -> None:
    _, far = both
    engine = open_duckdb(far)
    assert isinstance(engine, DuckdbEngine)
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n")
    for statement in (f"SELECT * FROM read_csv('{outside}')", f"SELECT * FROM '{far.files(SIGNALS)[0]}'"):
        with pytest.raises(Exception, match=r"(?i)disabled|permission|not allowed"):
            engine._connection.execute(statement)


def test_a_question_reads_only_the_months_and_columns_that_it_needs(
    both: tuple[Lake, Lake], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, far = both
    opened: list[str] = []
    engine = open_duckdb(far)
    signals = engine.table(SIGNALS)
    month = signals.filter(signals.month == "2025-11")
    plan = month.agg(n=month.count(), worst=month.value.min())
    from deltalake.fs import DeltaStorageHandler

    reading = DeltaStorageHandler.open_input_file

    def noting(self: Any, path: str) -> Any:
        opened.append(path)
        return reading(self, path)

    monkeypatch.setattr(DeltaStorageHandler, "open_input_file", noting)
    assert engine.fetch(plan)["n"].to_pylist()[0] > 100
    assert opened
    assert {name.split("/")[0] for name in opened} == {"month=2025-11"}


def test_a_check_changes_nothing_and_counts_right(both: tuple[Lake, Lake], tmp_path: Path) -> None:
    _, far = both
    before = names_at(str(far.address))
    file = write(tmp_path / "again.ndjson", [*made_rows(10, seed=2), row(7000), b"no row"])
    found = check_files(far, [file], source=None, mapping=None, sources=AMENDED, by="ann", at=AT)
    assert counts(found) == (12, 1, 10, 0, 1)
    assert names_at(str(far.address)) == before


def test_what_was_withdrawn_marked_and_amended_counts_alike(both: tuple[Lake, Lake], tmp_path: Path) -> None:
    newer = write(tmp_path / "newer.ndjson", [row(3, value=0, revision=7)])
    for lake in both:
        take(lake, newer, sources=AMENDED, at=AT + timedelta(hours=2))
        mark_signals(lake, mark="spam", ids=[("shop", "111")], by="ann", at=AT)
        done = withdraw(lake, read_receipts(lake)[1].receipt, reason="wrong file", by="ann", at=AT)
        assert done.withdrawn == 51  # and what they had amended stands again
    near, far = both
    assert without_receipts(rows_of(far)) == without_receipts(rows_of(near))
    assert {one["id"] for one in rows_of(far) if one["mark"]} == {"111"}
    assert "5000" not in {one["id"] for one in rows_of(far)}


def test_the_index_is_made_anew_from_the_store(both: tuple[Lake, Lake], tmp_path: Path) -> None:
    _, far = both
    shutil.rmtree(far.home.fingerprints)
    again = take(far, write(tmp_path / "again.ndjson", made_rows(900)[50:]), sources=AMENDED)
    assert counts(again) == (850, 0, 850, 0, 0)


def test_many_small_imports_are_merged_and_old_files_go_while_a_reader_goes_on(tmp_path: Path, address: str) -> None:
    lake = make_remote(tmp_path, address)
    for number in range(18):
        take(lake, write(tmp_path / "one.ndjson", [row(number)]))
    engine = open_duckdb(lake)
    before = rows_of(lake)
    with writing(lake):
        done = compact(lake, at=AT)
    assert (done.files_before, done.files_after) == (36, 2)
    assert [len(list_files(lake, table)) for table in (SIGNALS, RECEIPTS)] == [1, 1]
    with writing(lake):
        assert vacuum(lake) == 0  # a week has not passed
        assert vacuum(lake, keep=timedelta(0)) == 36
    signals = engine.table(SIGNALS)
    assert engine.fetch(signals.count())[0].to_pylist() == [18]  # without being told, by files that are gone
    assert rows_of(lake) == before
    parquet = [name for name in names_at(address) if name.endswith(".parquet") and "_delta_log" not in name]
    assert len(parquet) == 2


def test_a_merge_too_large_for_one_row_group_sorts_by_the_engine(
    both: tuple[Lake, Lake], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, far = both
    before = rows_of(far)
    monkeypatch.setattr("openxmo.core.signals.keeping.compaction.ROW_GROUP", 100)
    with writing(far):
        compact(far, at=AT, everything=True)
    assert rows_of(far) == before


def test_after_an_erasure_no_byte_at_the_store_tells_of_the_person(tmp_path: Path, address: str) -> None:
    lake = make_remote(tmp_path, address)
    own = [row(1, subject=PERSON, text="unmistakable marmalade"), row(2, subject=PERSON, revision=2)]
    others = [row(10, text=f"I know {PERSON} well"), row(11, subject="bob-18", about=f"customer:{PERSON}"), row(12)]
    for number, rows in enumerate(([*own, *others], [row(2, subject=PERSON, revision=3, value=1)])):
        take(lake, write(tmp_path / "a.ndjson", rows), sources=AMENDED, at=AT + timedelta(hours=number))
    with writing(lake):
        compact(lake, at=AT, everything=True)
    assert "marmalade" in everything_at(address)
    done = erase(lake, PERSON, sources={}, by="officer", at=AT + timedelta(days=1))
    assert (done.signals_erased, done.signals_changed, done.leftovers) == (3, 2, ())
    found = everything_at(address)
    assert [word for word in (PERSON, "Zoë-4711", "marmalade") if word in found] == []
    assert [one["id"] for one in rows_of(lake)] == ["10", "11", "12"]
    assert verify_chain(read_receipts(lake)) == []
    again = take(lake, write(tmp_path / "b.ndjson", own))
    assert dict(again.reasons) == {"erased": 2}


def test_an_everyday_word_that_stays_is_told_by_its_address(tmp_path: Path, address: str) -> None:
    lake = make_remote(tmp_path, address)
    take(lake, write(tmp_path / "a.ndjson", [row(1, subject="an"), row(2, text="send an offer")]))
    done = erase(lake, "an", sources={}, by="officer", at=AT)
    assert f"{address}/signals/month=2026-01" in done.leftovers


def test_what_is_past_its_time_goes(tmp_path: Path, address: str) -> None:
    lake = make_remote(tmp_path, address)
    old = row(1, happened_at="2020-01-01T10:00:00Z", text="an old word")
    take(lake, write(tmp_path / "a.ndjson", [old, row(2, text="a new word")]))
    gone = expire(lake, months={ANSWERS: 36, COMMENTS: 12}, zone="UTC", by="worker", at=AT)
    assert (gone.answers, gone.comments) == (1, 0)
    assert [one["id"] for one in rows_of(lake)] == ["2"]


def test_a_backup_holds_the_signals_and_is_restored_here_and_there(
    both: tuple[Lake, Lake], store: Any, tmp_path: Path
) -> None:
    _, far = both
    file = tmp_path / "office.tar.zst"
    done = backup(far, file, at=AT)
    here = restore(file, Home.at(tmp_path / "here"), by="ann", at=AT)
    assert here.signals == 951
    assert Lake.open(here.home).address is None
    assert rows_of(Lake.open(here.home)) == rows_of(far)
    elsewhere = store.new_address()
    there = restore(file, Home.at(tmp_path / "there"), by="ann", at=AT, address=elsewhere)
    again = open_remote(there.home)
    assert again.address == elsewhere
    assert list(again.home.lake.iterdir()) == []
    assert rows_of(again) == rows_of(far)
    assert there.files == here.files == done.files
    take(again, write(tmp_path / "more.ndjson", [row(8000)]), sources=AMENDED)
    assert examine(again.home, at=AT + timedelta(days=1)).ok


def test_a_restore_erases_again_before_anything_reaches_the_store(tmp_path: Path, store: Any, address: str) -> None:
    lake = make_remote(tmp_path, address)
    take(lake, write(tmp_path / "a.ndjson", [row(1, subject=PERSON), row(2)]))
    file = tmp_path / "office.tar.gz"
    backup(lake, file, at=AT)
    erase(lake, PERSON, sources={}, by="officer", at=AT)
    elsewhere = store.new_address()
    done = restore(
        file,
        Home.at(tmp_path / "again"),
        by="ann",
        at=AT,
        address=elsewhere,
        tombstones_from=[lake.home.keys / "tombstones.json"],
    )
    assert done.erased is not None
    assert PERSON not in everything_at(elsewhere)


def test_a_restore_that_breaks_off_leaves_nothing_at_the_store(
    both: tuple[Lake, Lake], store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, far = both
    backup(far, tmp_path / "office.tar", at=AT)
    elsewhere = store.new_address()
    finish, sent = RemotePlace.finish, []

    def failing(self: RemotePlace, name: str, sink: Any) -> tuple[int, int]:
        sent.append(name)
        if len(sent) == 5:
            raise self.refused(OSError("the line broke"))
        return finish(self, name, sink)

    monkeypatch.setattr(RemotePlace, "finish", failing)
    with pytest.raises(UnreadableInput, match="the line broke"):
        restore(tmp_path / "office.tar", Home.at(tmp_path / "x"), by="ann", at=AT, address=elsewhere)
    assert names_at(elsewhere) == []
    assert not (tmp_path / "x").exists()


def test_a_check_up_says_where_the_signals_lie_and_finds_what_is_missing_or_cut(both: tuple[Lake, Lake]) -> None:
    _, far = both
    found = examine(far.home, at=AT + timedelta(days=1))
    assert found.ok
    assert str(far.address) in found.checks[0].found
    place = far.place(SIGNALS)
    name = list_files(far, SIGNALS)[0].path
    place.remove([name])
    missing = examine(far.home, at=AT + timedelta(days=1))
    assert [check.name for check in missing.checks if not check.ok] == ["files"]
    sink = place.create(name)
    sink.write(b"PAR1 and no more")
    place.finish(name, sink)
    assert "missing or cut" in examine(far.home, at=AT + timedelta(days=1)).checks[1].found


def test_now_and_then_the_log_is_summed_up(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openxmo.core.signals.store.lake.CHECKPOINT_EVERY", 3)
    lake = make_remote(tmp_path, address)
    for number in range(4):
        take(lake, write(tmp_path / "one.ndjson", [row(number)]))
    summed = [name for name in names_at(address) if name.endswith(".checkpoint.parquet")]
    assert {name.split("/")[0] for name in summed} == {"signals", "receipts"}
    assert len(rows_of(lake)) == 4


def test_versions_and_tables_are_those_of_a_local_lake(both: tuple[Lake, Lake]) -> None:
    near, far = both
    assert far.version == near.version
    assert [far.read(table).schema for table in TABLES] == [near.read(table).schema for table in TABLES]
    assert far.read(SUPERSEDED).num_rows == near.read(SUPERSEDED).num_rows
