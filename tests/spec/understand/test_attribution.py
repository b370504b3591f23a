"""Mix and rate against a published decomposition, exactly adding up, with intervals checked by resampling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openxmo.core.understand.attribution import attribute, effect_errors
from openxmo.core.understand.sums import Sums
from tests.spec.metrics.tallies import hits, ratio, tally

# Household headship in the United States 1970 and 1985: Kitagawa (1955), Das Gupta (1993, Census P23-186).
SIZE_1970 = [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9]
SIZE_1985 = [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5]
RATE_1970 = [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8]
RATE_1985 = [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2]
CENTRED_MIX = [1.2364912, -0.0634812, -0.0096684, 0.1403484, 0.1190336, -0.0517272, -0.1768608, -0.1789128]
CENTRED_MIX += [-0.0821772, 0.0, 0.0685584, 0.0855584, 0.1397376]
RATE = [0.0345, -0.16575, 0.01055, 0.27405, 0.4214, 0.322, 0.3129, 0.1725, -0.09975, 0.0472, 0.0539, 0.076, 0.2808]


def sums(shares: list[float], rates: list[float]) -> Sums:
    x, y = np.array(shares), np.array(shares) * np.array(rates)
    return Sums(np.column_stack([x * 10, x, y, x, y, y * np.array(rates)]))


def test_household_headship_is_taken_apart_as_published() -> None:
    parts = attribute(sums(SIZE_1970, RATE_1970), sums(SIZE_1985, RATE_1985))
    assert parts.mix.sum() == pytest.approx(1.2269, abs=1e-4)
    assert parts.rate.sum() == pytest.approx(1.7403, abs=1e-4)
    assert parts.effect.sum() == pytest.approx(2.9672, abs=1e-4)
    assert parts.mix == pytest.approx(CENTRED_MIX, abs=1e-4)
    assert parts.rate == pytest.approx(RATE, abs=1e-4)


def test_the_growth_of_an_average_group_is_no_cause() -> None:
    before = Sums.of([hits(50, 100), hits(80, 100), hits(20, 100)])
    after = Sums.of([hits(500, 1000), hits(80, 100), hits(20, 100)])
    parts = attribute(before, after)
    assert parts.effect[0] == pytest.approx(0.0, abs=1e-12)


def test_a_new_group_and_one_that_vanished_have_only_a_mix() -> None:
    before = Sums.of([hits(70, 100), hits(20, 50), None])
    after = Sums.of([hits(70, 100), None, hits(10, 50)])
    parts = attribute(before, after)
    assert parts.rate[1:] == pytest.approx([0.0, 0.0], abs=1e-12)
    middle = 100 * (90 / 150 + 80 / 150) / 2
    assert parts.effect[1] == pytest.approx(-(40 - middle) / 3)  # that a low group leaves lifts the whole
    assert parts.effect[2] == pytest.approx((20 - middle) / 3)
    assert parts.effect.sum() == pytest.approx(100 * (80 / 150 - 90 / 150))


def test_every_group_can_improve_while_the_whole_falls() -> None:
    """Simpson's reversal: both groups score higher, but the lower one has grown."""
    before = Sums.of([hits(720, 900), hits(40, 100)])
    after = Sums.of([hits(90, 100), hits(450, 900)])
    parts = attribute(before, after)
    assert parts.rate[0] > 0
    assert parts.rate[1] > 0
    assert parts.effect.sum() == pytest.approx(54 - 76)
    assert parts.mix.sum() == pytest.approx(-32)


cell = st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(0.01, 20)), max_size=6)


@given(st.lists(st.tuples(cell, cell), min_size=1, max_size=8))
@settings(max_examples=120, deadline=None)
def test_the_parts_of_a_weighted_mean_add_up_to_the_change(
    groups: list[tuple[list[tuple[float, float]], list[tuple[float, float]]]],
) -> None:
    anchored = [*groups, ([(1.0, 1.0)], [(2.0, 1.0)])]
    before, after = (
        Sums.of([tally([s for s, _ in pair[k]], [w for _, w in pair[k]]) for pair in anchored]) for k in (0, 1)
    )
    parts = attribute(before, after)
    change = float((after.total().rates() - before.total().rates())[0])
    assert parts.effect.sum() == pytest.approx(change, abs=1e-8)
    assert np.all(np.isfinite(effect_errors(before, after)))


def test_the_parts_of_a_ratio_add_up_also_where_a_group_has_only_a_numerator() -> None:
    before = Sums.of([ratio([3, 4], [1, 2]), ratio([5], [0]), ratio([2], [4])])
    after = Sums.of([ratio([6, 1], [2, 2]), None, ratio([4, 4], [3, 5])])
    parts = attribute(before, after)
    assert parts.effect.sum() == pytest.approx(15 / 12 - 14 / 7)
    assert parts.effect[1] == pytest.approx(-5 / 7)


def test_two_groups_taken_as_one_have_the_sum_of_their_effects() -> None:
    before = Sums.of([hits(7, 10), hits(30, 50), hits(3, 40)])
    after = Sums.of([hits(9, 30), hits(40, 50), hits(10, 20)])
    apart = attribute(before, after)
    joined = np.array([0, 1, 1])
    together = attribute(before.grouped(joined, 2), after.grouped(joined, 2))
    assert together.effect == pytest.approx([apart.effect[0], apart.effect[1:].sum()])


def resampled_effects(random: np.random.Generator, rows: list[np.ndarray], rounds: int) -> np.ndarray:
    """Effects of three groups when both periods are drawn anew from their rows (group, y, x)."""
    found = []
    for _ in range(rounds):
        sides = []
        for period in rows:
            taken = period[random.integers(0, len(period), len(period))]
            sides.append(Sums.of([ratio(taken[taken[:, 0] == g, 1], taken[taken[:, 0] == g, 2]) for g in range(3)]))
        found.append(attribute(sides[0], sides[1]).effect)
    return np.array(found)


@pytest.mark.parametrize("as_ratio", [False, True], ids=["mean", "ratio"])
def test_the_error_of_a_part_is_what_resampling_both_periods_gives(as_ratio: bool) -> None:
    random = np.random.default_rng(8)
    rows = []
    for chances in ((0.6, 0.3, 0.1), (0.4, 0.35, 0.25)):
        group = random.choice(3, 500, p=chances)
        x = random.integers(1, 5, 500) if as_ratio else np.ones(500)
        rows.append(np.column_stack([group, x * (3 + group) + random.normal(0, 2, 500), x]))
    sides = [Sums.of([ratio(p[p[:, 0] == g, 1], p[p[:, 0] == g, 2]) for g in range(3)]) for p in rows]
    by_formula = effect_errors(sides[0], sides[1])
    by_resampling = resampled_effects(random, rows, 1500).std(axis=0)
    assert by_formula == pytest.approx(by_resampling, rel=0.08)


def test_the_interval_of_a_part_holds_its_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(9)
    shares, rates = np.array([[0.6, 0.3, 0.1], [0.4, 0.35, 0.25]]), np.array([[0.8, 0.6, 0.5], [0.8, 0.5, 0.3]])
    overall = (shares * rates).sum(axis=1)
    truth = 100 * (shares[1] * (rates[1] - overall.mean()) - shares[0] * (rates[0] - overall.mean()))
    held = []
    for _ in range(1000):
        sides = []
        for k in (0, 1):
            n = random.multinomial(250, shares[k])
            sides.append(Sums.of([hits(int(random.binomial(m, r)), int(m)) for m, r in zip(n, rates[k], strict=True)]))
        parts = attribute(sides[0], sides[1])
        held.append(np.abs(parts.effect - truth) <= 1.96 * effect_errors(sides[0], sides[1]))
    assert np.all(np.mean(held, axis=0) > 0.93)
    assert np.all(np.mean(held, axis=0) < 0.97)
