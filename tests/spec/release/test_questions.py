"""The office's own questions at the exit door: scores and explanations of what employees said."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from openxmo.core.errors import NotAllowed
from openxmo.core.metrics.metric import Dimension
from openxmo.core.release import MemoryHistory, release, rules_of
from openxmo.questions.explain import explain
from openxmo.questions.score import score
from tests.cast import ADA
from tests.spec.metrics.heard import AS_OF, Heard, measure

PULSE = measure("mean", key="pulse", min_n=1)
TEAMS = {"T1": 34, "T2": 6, "T3": 15, "T4": 11}


@pytest.fixture
def pulse(heard: Heard) -> Heard:
    """Two months in which everybody of four teams answers; in the second T3 is unhappier."""
    rng = np.random.default_rng(41)
    heard.hear(
        *(
            {
                "name": "answer",
                "scale": "0..10",
                "value": float(rng.integers(3, 10) - 2 * (team == "T3" and month == 2)),
                "subject": f"{team}-{place}",
                "subject_kind": "employee",
                "protected": True,
                "team": team,
                "happened_at": f"2026-0{month}-10",
            }
            for month in (1, 2)
            for team, size in TEAMS.items()
            for place in range(size)
        )
    )
    heard.define(Dimension(key="crew", column="team", employees=True))
    return heard


def score_pulse(heard: Heard, history: MemoryHistory, **asked: Any) -> list[dict[str, Any]]:
    found = score(PULSE, engine=heard.engine, definitions=heard.definitions, as_of=AS_OF, **asked)
    return release(found, ADA, history=history, at=AS_OF, rules=rules_of(heard.definitions)).to_records()


def test_a_small_team_and_its_smallest_sibling_are_withheld_in_every_month(pulse: Heard) -> None:
    rows = score_pulse(pulse, MemoryHistory(), by=["crew"], every="month")
    assert [(row["crew"], row["period"], row["n"]) for row in rows if not row["suppressed"]] == [
        ("T1", "2026-01", 34),
        ("T3", "2026-01", 15),
        ("T1", "2026-02", 34),
        ("T3", "2026-02", 15),
    ]
    assert all(row["value"] is row["low"] is row["n"] is None for row in rows if row["suppressed"])


def test_months_and_all_time_stand_beside_each_other_as_they_add_up(pulse: Heard) -> None:
    history = MemoryHistory()
    assert [row["n"] for row in score_pulse(pulse, history, every="month")] == [66, 66]
    assert [row["n"] for row in score_pulse(pulse, history)] == [132]
    assert [row["n"] for row in score_pulse(pulse, history, every="year")] == [132]


def test_judging_a_day_later_does_not_give_the_answers_of_that_day_away(pulse: Heard) -> None:
    pulse.hear(
        {
            "name": "answer",
            "scale": "0..10",
            "value": 1.0,
            "subject": "late",
            "subject_kind": "employee",
            "protected": True,
            "team": "T1",
            "happened_at": "2026-02-20",
        }
    )
    history, rules = MemoryHistory(), rules_of(pulse.definitions)
    shown = []
    for day in (19, 21):
        found = score(
            PULSE,
            engine=pulse.engine,
            definitions=pulse.definitions,
            every="month",
            as_of=datetime(2026, 2, day, tzinfo=UTC),
        )
        records = release(found, ADA, history=history, at=AS_OF, rules=rules).to_records()
        shown.append([row["n"] for row in records])
    assert shown == [[66, 66], [66, None]]


def test_an_explanation_folds_the_small_team_with_others_and_still_adds_up(pulse: Heard) -> None:
    history = MemoryHistory()
    found = explain(
        PULSE,
        engine=pulse.engine,
        definitions=pulse.definitions,
        before=(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
        after=(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        by=["crew"],
        as_of=AS_OF,
    )
    document = release(found, ADA, history=history, at=AS_OF, rules=rules_of(pulse.definitions)).to_document()
    assert {part["by"]["crew"] for part in document["parts"] if part["by"]} == {"T1", "T3"}
    folded = next(part for part in document["parts"] if part["by"] is None)
    assert folded["n_before"] == 17
    total = sum(part["mix"] + part["rate"] for part in document["parts"])
    assert total == pytest.approx(document["change"]["value"], abs=1e-9)
    rows = score_pulse(pulse, history, by=["crew"], every="month")
    assert [row["crew"] for row in rows if not row["suppressed"]] == ["T1", "T3"] * 2


def test_a_metric_of_the_askers_own_making_is_the_cut_that_it_is(pulse: Heard) -> None:
    own = measure("mean", key="my-own", min_n=1, where={"attrs.birthday": "1 May"})
    found = score(own, engine=pulse.engine, definitions=pulse.definitions, as_of=AS_OF)
    spied = replace(found, rows=tuple(replace(row, people=frozenset(range(40))) for row in found.rows))
    with pytest.raises(NotAllowed, match=r"not cut by attrs\.birthday"):
        release(spied, ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(pulse.definitions))


def test_the_same_answers_under_another_metrics_name_are_judged_with_the_first(pulse: Heard) -> None:
    history, rules = MemoryHistory(), rules_of(pulse.definitions)
    assert [row["n"] for row in score_pulse(pulse, history, every="month")] == [66, 66]
    other = measure("top_box", top=7, key="happy", min_n=1, where={"crew": ("T1", "T3", "T4")})
    found = score(other, engine=pulse.engine, definitions=pulse.definitions, every="month", as_of=AS_OF)
    records = release(found, ADA, history=history, at=AS_OF, rules=rules).to_records()
    assert [row["suppressed"] for row in records] == ["privacy", "privacy"]  # 60 of the 66: six are left over


@pytest.mark.parametrize("score_of_it", [3.0, 11.0])
def test_whether_somebody_gave_an_answer_cannot_be_asked_by_what_is_refused(pulse: Heard, score_of_it: float) -> None:
    """Else ten questions tell the answer of one person: the nine that hold nobody, and the one that is refused."""
    with pytest.raises(NotAllowed, match="not cut by subject"):
        score_pulse(pulse, MemoryHistory(), where=[("subject", "T1-3"), ("value", score_of_it)])
    own = structs.replace(PULSE, where={"subject": "T1-3", "value": score_of_it})
    found = score(own, engine=pulse.engine, definitions=pulse.definitions, as_of=AS_OF)
    with pytest.raises(NotAllowed, match="not cut by subject"):
        release(found, ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(pulse.definitions))


def test_customers_among_employees_are_narrowed_freely(pulse: Heard) -> None:
    pulse.hear({"name": "answer", "scale": "0..10", "value": 4.0, "subject": "c1", "channel": "chat"})
    asked = [("subject_kind", "customer"), ("channel", "chat")]
    assert [row["n"] for row in score_pulse(pulse, MemoryHistory(), where=asked)] == [1]
    assert [row["n"] for row in score_pulse(pulse, MemoryHistory(), where=[asked[0], ("channel", "fax")])] == [0]


def test_weights_that_leave_two_people_of_many_withhold_what_they_said(pulse: Heard) -> None:
    rows = [
        {"name": "voice", "scale": "0..10", "value": float(place % 10), "subject": f"v{place}", "protected": True}
        | {"subject_kind": "employee", "weight": 1.0 if place in (3, 5) else 1e-6}
        for place in range(30)
    ]
    pulse.hear(*rows)
    voices = structs.replace(PULSE, signal="voice")
    told = []
    for weighted in (False, True):
        found = score(voices, engine=pulse.engine, definitions=pulse.definitions, as_of=AS_OF, weighted=weighted)
        told += release(found, ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(pulse.definitions)).to_records()
    assert [row["suppressed"] for row in told] == [None, "privacy"]


ITEMS = {"q1": 30, "q2": 3}  # how many people answered each


def hear_items(heard: Heard) -> None:
    heard.hear(
        *(
            {"name": "voice", "scale": "1..5", "value": 1.0 + place % 5, "item": item, "happened_at": "2026-03-10"}
            | {"subject": f"{item}-{place}", "subject_kind": "employee", "protected": True}
            for item, count in ITEMS.items()
            for place in range(count)
        )
    )


@pytest.mark.parametrize("items", ["q1", ("q1", "q3")])
@pytest.mark.parametrize("is_pooled_first", [True, False])
def test_a_total_over_items_and_one_of_them_do_not_tell_what_a_few_answered(
    heard: Heard, items: Any, is_pooled_first: bool
) -> None:
    hear_items(heard)
    pooled = measure("mean", key="em", signal="voice", min_n=1)
    asked = [pooled, structs.replace(pooled, key="emi", where={"item": items})]
    history, told = MemoryHistory(), []
    for metric in asked if is_pooled_first else reversed(asked):
        found = score(metric, engine=heard.engine, definitions=heard.definitions, as_of=AS_OF)
        told += release(found, ADA, history=history, at=AS_OF, rules=rules_of(heard.definitions)).to_records()
    assert [row["suppressed"] for row in told] == [None, "privacy"]


def test_items_that_many_answered_stand_beside_their_total_and_each_other(heard: Heard) -> None:
    rows = [
        {"name": "voice", "scale": "1..5", "value": 1.0 + (place + number) % 5, "item": item}
        | {"subject": f"s{place}", "subject_kind": "employee", "protected": True}
        for number, item in enumerate(("q1", "q2", "q3"))
        for place in range(30 - number)  # one fewer answers each: nobody is singled out, for items differ
    ]
    heard.hear(*rows)
    pooled = measure("mean", key="em", signal="voice", min_n=1)
    items = [structs.replace(pooled, key=item, where={"item": item}) for item in ("q1", "q2", "q3")]
    history, told = MemoryHistory(), []
    for metric in (*items, pooled):
        found = score(metric, engine=heard.engine, definitions=heard.definitions, as_of=AS_OF)
        told += release(found, ADA, history=history, at=AS_OF, rules=rules_of(heard.definitions)).to_records()
    assert [(row["n"], row["suppressed"]) for row in told] == [(30, None), (29, None), (28, None), (87, None)]


def test_an_index_is_withheld_where_few_answered_one_of_its_items(heard: Heard) -> None:
    hear_items(heard)
    metric = measure("index", key="care", signal="voice", min_n=1, items=("q1", "q2"))
    found = score(metric, engine=heard.engine, definitions=heard.definitions, as_of=AS_OF)
    (row,) = release(found, ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(heard.definitions)).to_records()
    assert row["suppressed"] == "privacy"
