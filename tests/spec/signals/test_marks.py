"""Marking signals and lifting marks."""

from pathlib import Path

import pytest

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.keeping.marks import lift_marks, mark_signals
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import MARKS
from tests.spec.signals.lakes import add, day, make_lake, marks_read, signal, supersede


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = make_lake(tmp_path)
    add(made, signal(1, day(1)), signal(2, day(2)), signal(3, day(2)))
    return made


@pytest.fixture
def engine(lake: Lake) -> DuckdbEngine:
    return DuckdbEngine(lake)


def test_signals_are_marked_by_row_or_by_source_and_id(lake: Lake, engine: DuckdbEngine) -> None:
    assert mark_signals(lake, mark="spam", rows=[1], by="ann", at=day(7)) == 1
    assert mark_signals(lake, mark="duplicate", ids=[("survey", "id-3")], reason="sent twice", by="ann", at=day(7)) == 1
    assert marks_read(engine) == {1: "spam", 3: "sent twice"}


def test_marking_again_changes_nothing(lake: Lake) -> None:
    assert mark_signals(lake, mark="spam", rows=[1, 2], by="ann", at=day(7)) == 2
    assert mark_signals(lake, mark="spam", rows=[1, 2], by="bob", at=day(8)) == 0
    assert lake.read(MARKS).num_rows == 2


def test_a_lifted_mark_can_be_set_again(lake: Lake, engine: DuckdbEngine) -> None:
    mark_signals(lake, mark="spam", rows=[1], by="ann", at=day(7))
    assert lift_marks(lake, mark="spam", ids=[("survey", "id-1")], by="bob", at=day(8)) == 1
    assert marks_read(engine) == {}
    assert lift_marks(lake, mark="spam", rows=[1], by="bob", at=day(9)) == 0
    assert mark_signals(lake, mark="spam", rows=[1], by="ann", at=day(10)) == 1
    assert marks_read(engine) == {1: "spam"}
    assert marks_read(engine, known_at=day(8)) == {}
    assert marks_read(engine, known_at=day(7)) == {1: "spam"}


def test_excluding_takes_a_reason_and_a_second_person(lake: Lake, engine: DuckdbEngine) -> None:
    with pytest.raises(WrongUsage, match="for a reason"):
        mark_signals(lake, mark="excluded", rows=[1], by="ann", confirmed_by="bob", at=day(7))
    for second in (None, "ann"):
        with pytest.raises(NotAllowed, match="two people"):
            mark_signals(lake, mark="excluded", rows=[1], reason="test call", by="ann", confirmed_by=second, at=day(7))
    assert marks_read(engine) == {}
    mark_signals(lake, mark="excluded", rows=[1], reason="test call", by="ann", confirmed_by="bob", at=day(7))
    assert marks_read(engine) == {1: "test call"}
    (line,) = lake.read(MARKS).to_pylist()
    assert (line["marked_by"], line["confirmed_by"], line["month"]) == ("ann", "bob", "2026-01")


def test_a_signal_that_is_not_there_is_named_and_nothing_is_marked(lake: Lake) -> None:
    supersede(lake, 2, "2026-02", day(7))
    with pytest.raises(WrongUsage, match="survey/id-9"):
        mark_signals(lake, mark="spam", ids=[("survey", "id-1"), ("survey", "id-9")], by="ann", at=day(8))
    with pytest.raises(WrongUsage, match="1 of the named signals are not in the lake: 2"):
        mark_signals(lake, mark="spam", rows=[1, 2], by="ann", at=day(8))
    assert lake.read(MARKS).num_rows == 0
