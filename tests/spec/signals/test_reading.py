"""What stands, of when, and as known when."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.engines.standing import STANDS_AGAIN
from openxmo.core.signals.reading import read_signals, with_person
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import IDENTITIES
from tests.spec.signals.lakes import add, add_mark, day, make_lake, marks_read, rows_read, signal, supersede


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return make_lake(tmp_path)


@pytest.fixture
def engine(lake: Lake) -> DuckdbEngine:
    return DuckdbEngine(lake)


def plan(engine: DuckdbEngine, asked: ibis.Table) -> str:
    statement = engine._backend.compile(asked)
    rows = engine._connection.execute(f"EXPLAIN {statement}").fetchall()
    return "\n".join(str(row[1]) for row in rows)


def test_a_superseded_row_is_left_out(lake: Lake, engine: DuckdbEngine) -> None:
    add(lake, signal(1, day(1)), signal(2, day(1)), signal(3, day(2)))
    supersede(lake, 1, "2026-01", day(5))
    assert rows_read(engine) == [2, 3]


def test_a_restored_row_stands_again(lake: Lake, engine: DuckdbEngine) -> None:
    add(lake, signal(1, day(1)), signal(2, day(1)))
    supersede(lake, 1, "2026-01", day(5))
    supersede(lake, 1, "2026-01", day(6), reason=STANDS_AGAIN)
    supersede(lake, 2, "2026-01", day(6), reason="withdrawn")
    assert rows_read(engine) == [1]
    supersede(lake, 1, "2026-01", day(7))
    assert rows_read(engine) == []


def test_memory_is_read_as_it_stood_then(lake: Lake, engine: DuckdbEngine) -> None:
    add(
        lake, signal(1, day(1), heard_at=day(2)), signal(2, day(1), heard_at=day(4)), signal(3, day(1), heard_at=day(8))
    )
    supersede(lake, 1, "2026-01", day(4))
    supersede(lake, 1, "2026-01", day(6), reason=STANDS_AGAIN)
    supersede(lake, 2, "2026-01", day(6), reason="withdrawn")
    assert rows_read(engine, known_at=day(1, 31)) == []
    assert rows_read(engine, known_at=day(2)) == [1]
    assert rows_read(engine, known_at=day(4)) == [2]
    assert rows_read(engine, known_at=day(5)) == [2]
    assert rows_read(engine, known_at=day(6)) == [1]
    assert rows_read(engine, known_at=day(9)) == [1, 3]
    assert rows_read(engine) == [1, 3]


def test_a_mark_stands_until_it_is_lifted(lake: Lake, engine: DuckdbEngine) -> None:
    add(lake, *(signal(row, day(row), heard_at=day(3, 30)) for row in (1, 2, 3)))
    add_mark(lake, 1, "2026-01", day(4))
    add_mark(lake, 2, "2026-02", day(4), mark="excluded", reason="test call")
    add_mark(lake, 2, "2026-02", day(4), mark="excluded", reason="test call", lifted_by="bob", lifted_at=day(6))
    assert marks_read(engine) == {1: "spam"}
    assert marks_read(engine, known_at=day(5)) == {1: "spam", 2: "test call"}
    assert marks_read(engine, known_at=day(3, 31)) == {}
    assert rows_read(engine) == [1, 2, 3]  # a mark leaves the row in: the question decides


def test_a_row_marked_twice_is_read_once(lake: Lake, engine: DuckdbEngine) -> None:
    add(lake, signal(1, day(1)))
    add_mark(lake, 1, "2026-01", day(4))
    add_mark(lake, 1, "2026-01", day(5), mark="duplicate")
    assert marks_read(engine) == {1: "duplicate"}
    assert rows_read(engine) == [1]


def test_until_is_excluded_and_as_of_included(lake: Lake, engine: DuckdbEngine) -> None:
    add(lake, *(signal(number, day(1, number)) for number in range(1, 6)))
    assert rows_read(engine, since=day(1, 2), until=day(1, 4)) == [2, 3]
    assert rows_read(engine, as_of=day(1, 4)) == [1, 2, 3, 4]
    assert rows_read(engine, since=day(1, 3), until=day(9), as_of=day(1, 4)) == [3, 4]
    assert rows_read(engine, since=day(3), until=day(2)) == []


def test_a_bound_in_another_zone_is_the_same_moment(lake: Lake, engine: DuckdbEngine) -> None:
    add(
        lake, signal(1, datetime(2026, 1, 31, 22, 30, tzinfo=UTC)), signal(2, datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    )
    berlin = datetime.fromisoformat("2026-02-01T00:00:00+01:00")
    assert rows_read(engine, since=berlin) == [2]
    assert rows_read(engine, until=berlin) == [1]


MOMENTS = st.integers(-60 * 24 * 60, 100 * 24 * 60).map(lambda minutes: day(1) + timedelta(minutes=minutes))
EDGES = st.sampled_from(
    [day(1), day(2), day(3), day(2) - timedelta(microseconds=1), day(2) + timedelta(microseconds=1)]
)
BOUND = st.none() | MOMENTS | EDGES


@settings(max_examples=40, deadline=None)
@given(since=BOUND, until=BOUND, as_of=BOUND)
def test_cutting_by_months_is_cutting_by_moments(
    tmp_path_factory: pytest.TempPathFactory, since: datetime | None, until: datetime | None, as_of: datetime | None
) -> None:
    edges = [day(1), day(2), day(3)]
    moments = [edge + timedelta(microseconds=step) for edge in edges for step in (-1, 0, 1)]
    moments += [day(1) + timedelta(days=7 * week, hours=5) for week in range(-6, 12)]
    engine = shared_engine(tmp_path_factory, moments)
    expected = [
        row
        for row, moment in enumerate(moments)
        if (since is None or moment >= since)
        and (until is None or moment < until)
        and (as_of is None or moment <= as_of)
    ]
    assert rows_read(engine, since=since, until=until, as_of=as_of) == expected


kept: list[DuckdbEngine] = []


def shared_engine(factory: pytest.TempPathFactory, moments: list[datetime]) -> DuckdbEngine:
    if not kept:
        lake = make_lake(factory.mktemp("months"))
        add(lake, *(signal(row, moment) for row, moment in enumerate(moments)))
        kept.append(DuckdbEngine(lake))
    return kept[0]


def test_a_lake_without_superseded_rows_and_marks_is_read_without_a_join(lake: Lake, engine: DuckdbEngine) -> None:
    add(lake, *(signal(row, day(1 + row)) for row in range(3)))
    engine.refresh()
    asked = read_signals(engine, since=day(1), until=day(4)).group_by("month").agg(n=ibis._.value.sum())
    found = plan(engine, asked)
    assert "JOIN" not in found
    assert "happened_at" not in found
    assert not re.search(r"\brow\b(?!s)", re.sub(r"~\d+ rows?", "", found))


def test_only_the_months_concerned_pay_for_superseded_rows(lake: Lake, engine: DuckdbEngine) -> None:
    add(lake, *(signal(row, day(1 + row)) for row in range(3)))
    supersede(lake, 1, "2026-02", day(5))
    engine.refresh()
    counted = read_signals(engine, since=day(3), until=day(4)).agg(n=ibis._.value.sum())
    assert engine.fetch(counted).column("n").to_pylist() == [9.0]
    joined = plan(engine, counted).split("MARK")[1]
    assert "Scanning Files: 0/3" in joined  # the join is left with no file to read


def test_a_merged_subject_is_read_as_the_person_until_the_merge_is_undone(lake: Lake, engine: DuckdbEngine) -> None:
    add(lake, signal(1, day(1), subject="a"), signal(2, day(1), subject="b"), signal(3, day(1)))
    lines = [
        {"subject": "a", "person": "p", "from_at": day(7), "to_at": None, "merged_by": "ann"},
        {"subject": "b", "person": "p", "from_at": day(7), "to_at": day(8), "merged_by": "ann"},
    ]
    lake.append(IDENTITIES, pa.Table.from_pylist(lines, schema=IDENTITIES.schema))
    engine.refresh()

    def persons(known_at: datetime | None) -> dict[int, str | None]:
        asked = with_person(engine, read_signals(engine, known_at=known_at), known_at=known_at)
        return {line["row"]: line["person"] for line in engine.fetch(asked.select("row", "person")).to_pylist()}

    assert persons(None) == {1: "p", 2: "b", 3: None}
    assert persons(day(7, 15)) == {1: "p", 2: "p", 3: None}
    assert persons(day(6, 15)) == {1: "a", 2: "b", 3: None}
