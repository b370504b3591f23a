"""The reserved shapes and the rows made up from them are rows that the door takes in."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from openxmo.core.signals.contract import COLUMNS, Signal
from openxmo.core.signals.door.judging import Judge
from openxmo.core.signals.made_up import make_up
from openxmo.core.signals.shapes import RESERVED, SHAPES, Shape

START = datetime(2026, 1, 1, tzinfo=UTC)
# The names with a fixed meaning.
PROMISED = """
invitation_sent invitation_delivered invitation_opened invitation_answered invitation_bounced
invitation_refused contact resolved transferred escalation handoff handle_time complaint utterance
qa coaching training kb_search kb_view kb_gap stage_enter stage_leave expected experienced
login_time dropout revenue renewal churn expansion cost profile consent note promise
"""


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.name}-{shape.kind}")
def test_the_row_of_a_shape_is_a_signal_with_all_that_it_needs(shape: Shape) -> None:
    signal = msgspec.json.decode(shape.example_json(), type=Signal)
    assert (signal.name, signal.kind) == (shape.name, shape.kind)
    assert all(getattr(signal, column) is not None for column in shape.needs)
    assert set(shape.needs) <= {column.name for column in COLUMNS}
    assert signal.label in (*shape.labels, signal.label if not shape.labels else None)
    Judge(sources={}).judge_fields(json.loads(shape.example_json()))


def test_every_promised_name_is_there_once_for_each_kind() -> None:
    assert set(PROMISED.split()) <= RESERVED
    assert len({(shape.name, shape.kind) for shape in SHAPES}) == len(SHAPES)


def test_made_up_rows_are_taken_in_as_they_are() -> None:
    judge = Judge(sources={})
    rows = list(make_up(2000, seed=1, start=START))
    lines = [json.dumps(row).encode() for row in rows]
    assert [fault for line in lines if type(fault := judge.judge_line(line)).__name__ == "RowError"] == []
    assert len({row["id"] for row in rows}) == 2000
    assert {row["name"] for row in rows} == RESERVED
    assert all(START.isoformat() <= row["happened_at"] < "2026-04-01" for row in rows)


def test_made_up_rows_depend_on_the_seed_alone() -> None:
    first = list(make_up(50, seed=7, start=START))
    assert list(make_up(80, seed=7, start=START))[:50] == first
    assert list(make_up(50, seed=8, start=START)) != first
