"""Difference-in-differences: a published answer, properties, and how often its interval holds the truth."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.errors import WrongUsage
from openxmo.core.prove.did import Floats, Ints, Measured, did, did_of_means, panel_did, pre_trend
from openxmo.questions.prove_table import prove_table

VALUES = st.floats(-1e3, 1e3)


@pytest.mark.real_data
def test_the_minimum_wage_study_comes_out_as_published(shared_data: Path) -> None:
    # Card & Krueger 1994, table 3: 23.33 -> 21.17, 20.44 -> 21.03, difference 2.76; errors from R lm and sandwich.
    path = shared_data / "data" / "causal" / "card_krueger_njmin3_poe.csv"
    proof = prove_table(path, outcome="fte", treated="nj", after="d", errors="ols")
    assert [row.mean for row in proof.rows] == pytest.approx(
        [23.3311688312, 21.1655844156, 20.4394080997, 21.0274294671], abs=1e-6
    )
    assert proof.effect is not None
    assert proof.effect.value == pytest.approx(2.75360578298, abs=1e-6)
    assert proof.effect.value / proof.effect.standard_error == pytest.approx(1.63088775852, abs=1e-6)
    assert proof.standard_errors == pytest.approx({"ols": 1.68840913091, "hc1": 1.79545080961}, abs=1e-6)
    assert (proof.effect.n, proof.dropped) == (794, 26)
    assert proof.verdict is not None
    assert proof.verdict.word == "no effect larger than"


def two_by_two(rng: np.random.Generator, per_group: int, effect: float) -> tuple[Floats, Ints, Ints]:
    treated, after = np.repeat([0, 0, 1, 1], per_group), np.tile(np.repeat([0, 1], per_group), 2)
    spread = 1 + 2 * (treated & after)
    outcome = 3 + 2 * treated - after + effect * (treated & after) + spread * rng.standard_normal(4 * per_group)
    return outcome, treated, after


def test_the_effect_is_the_difference_of_two_differences() -> None:
    outcome, treated, after = two_by_two(np.random.default_rng(1), 20, 5.0)
    found = did(outcome, treated == 1, after == 1)
    means = {(t, a): outcome[(treated == t) & (after == a)].mean() for t in (0, 1) for a in (0, 1)}
    assert found.value == pytest.approx((means[1, 1] - means[1, 0]) - (means[0, 1] - means[0, 0]))


@given(VALUES, VALUES, VALUES)
def test_levels_and_common_shocks_change_nothing(level: float, gap: float, shock: float) -> None:
    outcome, treated, after = two_by_two(np.random.default_rng(2), 6, 1.0)
    plain = did(outcome, treated == 1, after == 1)
    moved = did(outcome + level + gap * treated + shock * after, treated == 1, after == 1)
    assert moved.value == pytest.approx(plain.value, abs=1e-8)
    assert moved.standard_error == pytest.approx(plain.standard_error, rel=1e-6)


def test_a_panel_of_two_periods_gives_the_same_effect_as_the_means() -> None:
    outcome, treated, after = two_by_two(np.random.default_rng(3), 8, 2.0)
    unit = np.tile(np.arange(8), 4) + 8 * treated
    pooled = did(outcome, treated == 1, after == 1)
    panel = panel_did(outcome, unit, after, treated == 1, after == 1)
    assert panel.value == pytest.approx(pooled.value)
    assert (panel.clusters, panel.freedom, panel.errors) == (16, 15, "cluster")


def test_four_means_give_the_same_effect_and_nearly_the_same_error() -> None:
    outcome, treated, after = two_by_two(np.random.default_rng(4), 200, 2.0)
    groups = [outcome[(treated == t) & (after == a)] for t in (0, 1) for a in (0, 1)]
    one, two, three, four = (
        Measured(float(g.mean()), float(g.std(ddof=1) / np.sqrt(len(g))), len(g) - 1.0, len(g)) for g in groups
    )
    robust, means = did(outcome, treated == 1, after == 1), did_of_means((one, two), (three, four))
    assert means.value == pytest.approx(robust.value)
    assert means.standard_error == pytest.approx(robust.standard_error, rel=0.01)


def panel(
    rng: np.random.Generator, *, units: int, periods: int, effect: float = 0.0, drift: float = 0.0
) -> tuple[Floats, Ints, Ints, Ints, Ints]:
    """Units whose rows move together, as districts' do; half are treated from the middle period on."""
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    treated, after = (unit < units // 2).astype(int), (period >= periods // 2).astype(int)
    own = rng.standard_normal((units, 1)) + np.cumsum(0.5 * rng.standard_normal((units, periods)), axis=1)
    noise = 0.5 * rng.standard_normal(units * periods)
    outcome = own.ravel() + 0.2 * period + effect * treated * after + drift * treated * period + noise
    return outcome, unit, period, treated, after


def test_clustered_intervals_of_a_panel_hold_the_truth() -> None:
    rng = np.random.default_rng(20)
    held = 0
    for _ in range(120):
        outcome, unit, period, treated, after = panel(rng, units=30, periods=8, effect=1.0)
        found = panel_did(outcome, unit, period, treated == 1, after == 1)
        held += found.low <= 1.0 <= found.high
    assert 0.89 <= held / 120 <= 0.995


def test_only_clustered_intervals_hold_the_truth_where_rows_of_a_unit_move_together() -> None:
    rng = np.random.default_rng(22)
    unit, after = np.repeat(np.arange(24), 20), np.tile(np.repeat([0, 1], 10), 24)
    treated, held = (unit < 12).astype(int), {"hc1": 0, "cluster": 0}
    for _ in range(120):
        outcome = rng.standard_normal((24, 2))[unit, after] + treated * after + rng.standard_normal(480)
        for errors in ("hc1", "cluster"):
            found = did(outcome, treated == 1, after == 1, errors=errors, clusters=unit)
            held[errors] += found.low <= 1.0 <= found.high
    assert held["cluster"] / 120 >= 0.87
    assert held["hc1"] / 120 < 0.7


def test_groups_that_were_drifting_apart_are_found_out_and_others_are_not() -> None:
    rng = np.random.default_rng(21)
    flagged = {0.0: 0, 0.6: 0}
    for drift in flagged:
        for _ in range(100):
            outcome, unit, period, treated, after = panel(rng, units=30, periods=10, drift=drift)
            found = pre_trend(outcome, unit, period, treated == 1, after == 1)
            assert found is not None
            flagged[drift] += found.p < 0.05
    assert flagged[0.6] >= 80
    assert flagged[0.0] <= 14


def test_two_earlier_periods_are_too_few_to_check_a_trend() -> None:
    outcome, unit, period, treated, after = panel(np.random.default_rng(5), units=10, periods=4)
    assert pre_trend(outcome, unit, period, treated == 1, after == 1) is None


def test_answers_behind_each_row_weigh() -> None:
    outcome, unit, period, treated, after = panel(np.random.default_rng(6), units=8, periods=4)
    times = np.arange(1, len(outcome) + 1) % 3 + 1
    weighed = panel_did(outcome, unit, period, treated == 1, after == 1, weights=times.astype(float))
    rows = np.repeat(np.arange(len(outcome)), times)
    repeated = panel_did(outcome[rows], unit[rows], period[rows], treated[rows] == 1, after[rows] == 1)
    assert weighed.value == pytest.approx(repeated.value)
    assert weighed.n == repeated.n


def test_an_empty_group_is_refused_and_named() -> None:
    outcome, treated, after = two_by_two(np.random.default_rng(7), 5, 0.0)
    rows = (treated == 1) | (after == 0)
    with pytest.raises(WrongUsage, match="comparison group has nothing measured after"):
        did(outcome[rows], treated[rows] == 1, after[rows] == 1)


def test_errors_are_not_clustered_over_two_clusters() -> None:
    outcome, treated, after = two_by_two(np.random.default_rng(8), 5, 0.0)
    with pytest.raises(WrongUsage, match="2 clusters"):
        did(outcome, treated == 1, after == 1, errors="cluster", clusters=treated)
