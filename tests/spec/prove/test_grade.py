"""How good the evidence is, and the seal on what was promised."""

import pytest

from openxmo.core.prove.did import PreTrend
from openxmo.core.prove.grade import Evidence, grade_evidence
from openxmo.core.prove.seal import is_whole, seal_of

ALIKE = PreTrend(slope=0.1, low=-0.5, high=0.7, p=0.7, periods=6)
APART = PreTrend(slope=1.0, low=0.5, high=1.5, p=0.001, periods=6)


def test_a_lot_is_the_best_evidence() -> None:
    assert grade_evidence(compared=True, by_lot=True, drift=None, units=18) == Evidence("drawn by lot", ())


def test_a_comparison_counts_in_full_only_where_both_moved_alike_before() -> None:
    assert grade_evidence(compared=True, by_lot=False, drift=ALIKE, units=18).grade == "comparison group"
    assert grade_evidence(compared=True, by_lot=False, drift=None, units=18) == Evidence(
        "weak comparison", ("unchecked",)
    )


@pytest.mark.parametrize("by_lot", [True, False])
def test_groups_that_drifted_apart_are_weak_evidence_even_after_a_lot(by_lot: bool) -> None:
    found = grade_evidence(compared=True, by_lot=by_lot, drift=APART, units=18)
    assert found == Evidence("weak comparison", ("drifted",))


def test_one_changed_unit_is_weak_and_few_are_a_doubt() -> None:
    assert grade_evidence(compared=True, by_lot=False, drift=ALIKE, units=None).grade == "weak comparison"
    assert grade_evidence(compared=True, by_lot=False, drift=ALIKE, units=4) == Evidence(
        "comparison group", ("few units",)
    )


def test_a_plan_changed_after_the_start_is_not_what_was_promised() -> None:
    found = grade_evidence(compared=True, by_lot=True, drift=ALIKE, units=18, changed_after_start=True)
    assert found == Evidence("weak comparison", ("changed after the start",))


def test_a_baseline_that_reads_otherwise_now_is_told_as_a_doubt() -> None:
    found = grade_evidence(compared=True, by_lot=True, drift=ALIKE, units=18, baseline_moved=True)
    assert found == Evidence("drawn by lot", ("baseline moved",))


def test_before_and_after_alone_is_never_evidence() -> None:
    assert grade_evidence(compared=False, by_lot=False, drift=None, units=None).grade == "not evidence of effect"


def test_a_seal_breaks_with_any_change_and_not_with_the_order_of_keys() -> None:
    content = {"expected": 8.0, "treated": ["a", "b"], "since": None}
    seal = seal_of(content)
    assert is_whole({"since": None, "treated": ["a", "b"], "expected": 8.0}, seal)
    assert not is_whole(content | {"expected": 8.1}, seal)
    assert not is_whole(content | {"treated": ["b", "a"]}, seal)
