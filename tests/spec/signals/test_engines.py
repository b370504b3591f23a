"""The engines answer the same expressions alike, over the newest version, and touch nothing else."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.engines import Engine, cursors, open_duckdb, warm_up
from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.engines.spark import SparkEngine
from openxmo.core.signals.engines.standing import STANDING
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import SIGNALS, TABLES
from tests.spec.signals.lakes import add, add_mark, day, make_lake, rows_read, signal, supersede


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return make_lake(tmp_path)


@pytest.fixture(params=["duckdb", "spark"])
def engine(lake: Lake, request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "duckdb":
        yield DuckdbEngine(lake)
    else:
        found = SparkEngine(lake, remote=request.getfixturevalue("spark_remote"))
        yield found
        found.close()


def fill(lake: Lake) -> None:
    full = {"objects": ["order:1", "order:2"], "attrs": [("plan", "gold")], "subject": "c1", "ended_at": day(2, 2)}
    add(lake, signal(1, day(1, 5), channel="chat"), signal(2, day(2, 5), channel="phone", **full))
    add(lake, signal(3, day(2, 6), channel="chat", value=3.0), signal(4, day(3, 5), channel=None))


def test_empty_tables_answer_with_their_columns_and_no_rows(engine: Engine) -> None:
    for table in (*TABLES, STANDING):
        found = engine.fetch(engine.table(table))
        assert found.num_rows == 0
        assert found.column_names == table.schema.names


def test_an_expression_built_before_the_lake_grew_reads_what_came(lake: Lake, engine: Engine) -> None:
    signals = read_signals(engine)
    counted = signals.group_by("channel").agg(n=signals.count(), mean=signals.value.mean()).order_by("channel")
    assert engine.fetch(counted).num_rows == 0
    before = engine.lake_version
    fill(lake)
    assert engine.fetch(counted).num_rows == 0  # one version until refreshed
    engine.refresh()
    assert engine.lake_version == lake.version == before + 2
    found = {line["channel"]: (line["n"], line["mean"]) for line in engine.fetch(counted).to_pylist()}
    assert found == {"chat": (2, 6.0), "phone": (1, 9.0), None: (1, 9.0)}


def test_both_engines_give_the_same_rows_and_types(lake: Lake, spark_remote: str) -> None:
    fill(lake)
    supersede(lake, 3, "2026-02", day(5))
    add_mark(lake, 4, "2026-03", day(5))
    asked: list[Any] = [
        lambda e: read_signals(e).order_by("row"),
        lambda e: read_signals(e, since=day(1, 20), until=day(3, 6)).order_by("row"),
        lambda e: read_signals(e, known_at=day(7)).filter(ibis._.attrs["plan"] == "gold"),
        lambda e: read_signals(e).group_by("month", "mark").agg(n=ibis._.count()).order_by("month"),
    ]
    spark = SparkEngine(lake, remote=spark_remote)
    local = DuckdbEngine(lake)
    for build in asked:
        one, other = local.fetch(build(local)), spark.fetch(build(spark))
        assert one.num_rows > 0
        assert one.schema == other.schema
        assert one.equals(other)
    spark.close()


def test_the_partition_and_nested_columns_keep_their_types(lake: Lake, engine: Engine) -> None:
    fill(lake)
    engine.refresh()
    signals = engine.table(SIGNALS)
    (found,) = engine.fetch(signals.filter(signals.row == 2)).to_pylist()
    assert found["month"] == "2026-02"
    assert found["objects"] == ["order:1", "order:2"]
    assert dict(found["attrs"]) == {"plan": "gold"}
    assert found["happened_at"] == day(2, 5)
    assert found["content"] == (2).to_bytes(16, "big")


def test_tables_brought_along_can_be_joined(lake: Lake, engine: Engine) -> None:
    fill(lake)
    engine.refresh()
    brought = ibis.memtable(pa.table({"channel": ["chat"], "how": ["written"]}))
    joined = read_signals(engine).join(brought, "channel").select("row", "how").order_by("row")
    assert engine.fetch(joined).to_pylist() == [{"row": 1, "how": "written"}, {"row": 3, "how": "written"}]


def test_a_file_that_vanished_is_read_from_the_newest_version(lake: Lake) -> None:
    fill(lake)
    engine = DuckdbEngine(lake)
    assert rows_read(engine) == [1, 2, 3, 4]
    delta = lake.delta(SIGNALS)
    assert delta is not None
    delta.optimize.compact()
    delta.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)
    assert sorted(engine.fetch(read_signals(engine).select("row")).column("row").to_pylist()) == [1, 2, 3, 4]


def test_rows_that_come_some_at_a_time_are_those_fetched_and_in_their_order(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in range(1, 7):
        add(lake, *(signal(row, day(month)) for row in range(month * 10000, month * 10000 + 5000)))
    monkeypatch.setattr(cursors, "STREAMED", 2048)
    engine = DuckdbEngine(lake, threads=2)
    rows = read_signals(engine).select("row", "happened_at")
    pieces = engine.read(rows, list)
    assert len(pieces) > 6
    assert pa.concat_tables(pieces).equals(engine.fetch(rows))


def test_tables_brought_along_can_be_joined_some_at_a_time_too(lake: Lake, engine: Engine) -> None:
    fill(lake)
    engine.refresh()
    brought = ibis.memtable(pa.table({"channel": ["chat"], "how": ["written"]}))
    joined = read_signals(engine).join(brought, "channel").select("row", "how").order_by("row")
    found = engine.read(joined, lambda pieces: [row for piece in pieces for row in piece.to_pylist()])
    assert found == [{"row": 1, "how": "written"}, {"row": 3, "how": "written"}]


@pytest.mark.parametrize("error", [OSError, pa.ArrowInvalid, duckdb.IOException])
def test_what_vanishes_midway_is_taken_anew(lake: Lake, error: type[Exception]) -> None:
    fill(lake)
    engine = DuckdbEngine(lake)
    tries: list[int] = []

    def take(pieces: Iterator[pa.Table]) -> list[int]:
        found = [row for piece in pieces for row in piece.column("row").to_pylist()]
        tries.append(len(found))
        if len(tries) == 1:
            raise error("IO Error: Cannot open file part-1.parquet")
        return found

    assert sorted(engine.read(read_signals(engine).select("row"), take)) == [1, 2, 3, 4]
    assert len(tries) == 2

    def never(pieces: Iterator[pa.Table]) -> None:
        next(pieces)
        raise error("IO Error: Cannot open file part-1.parquet")

    with pytest.raises(UnreadableInput, match="A file of the lake cannot be read"):
        engine.read(read_signals(engine).select("row"), never)


def test_a_lake_put_in_the_place_of_another_is_read_anew(lake: Lake, tmp_path: Path) -> None:
    add(lake, signal(1, day(1)))
    engine = DuckdbEngine(lake)
    other = make_lake(tmp_path / "other")
    add(other, signal(2, day(2)))
    assert other.version == lake.version
    shutil.rmtree(lake.home.path)
    shutil.move(other.home.path, lake.home.path)
    assert rows_read(engine) == [2]


def test_a_file_that_is_lost_is_said_in_a_sentence(lake: Lake) -> None:
    fill(lake)
    engine = DuckdbEngine(lake)
    first, second = (Path(path) for path in lake.files(SIGNALS)[:2])
    second.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(UnreadableInput, match="A file of the lake cannot be read"):
        engine.fetch(read_signals(engine).select("id"))
    first.unlink()
    with pytest.raises(UnreadableInput, match="A file of the lake cannot be read"):
        engine.fetch(read_signals(engine).select("id"))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/outside.csv'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "ATTACH '/tmp/other.db'",
    ],
)
def test_the_database_reaches_nothing_outside_the_lake(lake: Lake, statement: str) -> None:
    engine = DuckdbEngine(lake, threads=1, memory_limit="200MB")
    with pytest.raises(duckdb.Error):
        engine._connection.execute(statement)


def test_threads_and_memory_are_as_asked(lake: Lake) -> None:
    engine = DuckdbEngine(lake, threads=1, memory_limit="200MiB")
    found = engine._connection.execute("SELECT current_setting('threads'), current_setting('memory_limit')").fetchone()
    assert found == (1, "200.0 MiB")


def test_a_process_shares_one_engine_and_moves_it_on(lake: Lake) -> None:
    first = open_duckdb(lake)
    fill(lake)
    second = open_duckdb(lake)
    assert second is first
    assert first.lake_version == lake.version
    assert open_duckdb(lake, threads=1) is not first


def test_an_engine_refuses_to_be_used_after_a_fork(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DuckdbEngine(lake)
    other = os.getpid() + 1
    monkeypatch.setattr(os, "getpid", lambda: other)
    with pytest.raises(RuntimeError, match="fork"):
        engine.fetch(read_signals(engine).count())


def test_several_threads_read_while_the_lake_grows(lake: Lake) -> None:
    engine = DuckdbEngine(lake)
    counted = read_signals(engine).agg(n=ibis._.count())
    seen: list[int] = []
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            seen.extend(engine.fetch(counted).column("n")[0].as_py() for _ in range(20))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(10):
        add(lake, signal(number, day(1, 1 + number)))
        engine.refresh()
    for thread in threads:
        thread.join()
    assert not failed
    assert set(seen) <= set(range(11))
    assert rows_read(engine) == list(range(10))


def test_a_home_with_odd_letters_in_its_path_is_read(tmp_path: Path) -> None:
    lake = make_lake(tmp_path / "Ünit [a] it's *100%")
    fill(lake)
    engine = DuckdbEngine(lake)
    warm_up(engine)
    assert rows_read(engine) == [1, 2, 3, 4]


def test_what_was_planned_before_the_lake_grew_is_planned_anew(lake: Lake) -> None:
    fill(lake)
    engine = open_duckdb(lake, threads=1)
    signals = engine.table(SIGNALS)
    counted = signals.agg(n=signals.count())
    before = [engine.fetch(counted)["n"][0].as_py() for _ in range(3)]
    add(lake, signal(900, day(2, 7)))
    engine.refresh()
    after = [engine.fetch(counted)["n"][0].as_py() for _ in range(3)]
    assert (set(before), set(after)) == ({before[0]}, {before[0] + 1})


def test_more_statements_than_plans_are_kept_are_answered_again_and_again(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(lake)
    engine = open_duckdb(lake, threads=1)
    monkeypatch.setattr(cursors, "KEPT_PLANS", 3)
    signals = engine.table(SIGNALS)
    asked = [signals.agg(n=signals.count() + more) for more in range(8)]
    rounds = [[engine.fetch(one)["n"][0].as_py() for one in asked] for _ in range(3)]
    assert rounds == [[rounds[0][0] + more for more in range(8)]] * 3


def test_a_large_answer_is_not_prepared_and_comes_whole(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(lake)
    engine = open_duckdb(lake, threads=1)
    monkeypatch.setattr(cursors, "SMALL", 0)
    signals = engine.table(SIGNALS)
    rows = [engine.fetch(signals.select("id")).num_rows for _ in range(2)]
    assert rows[0] == rows[1] == engine.fetch(signals.agg(n=signals.count()))["n"][0].as_py()
