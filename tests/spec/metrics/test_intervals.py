"""Intervals against published answers, by their properties, and by how often they hold the truth."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openxmo.core.metrics.intervals import (
    adjusted_wald,
    critical_z,
    order_ranks,
    order_statistics,
    p_by_inversion,
    quantile,
    square_and_add,
    wilson,
)

Z95 = critical_z(0.95)


# Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (81, 263, 0.255288519878, 0.366209576983),
        (15, 148, 0.0623863995307, 0.160487241723),
        (0, 20, 0.0, 0.161125158053),
        (1, 29, 0.00611321429276, 0.171755218793),
    ],
)
def test_wilson_gives_newcombes_published_intervals(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits / n, n, Z95) == pytest.approx((low, high), abs=1e-9)


# Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10: 56/70 against 48/80.
def test_square_and_add_gives_newcombes_published_difference() -> None:
    low, high = square_and_add([56 / 70, 48 / 80], [wilson(56 / 70, 70, Z95), wilson(48 / 80, 80, Z95)], [1.0, -1.0])
    assert (low, high) == pytest.approx((0.0524314724024, 0.333872654037), abs=1e-9)


# Rocks, The American Statistician 70 (2016): 130 promoters, 85 passives, 35 detractors.
def test_the_adjusted_wald_interval_of_a_promoter_score() -> None:
    assert adjusted_wald(130 / 250, 35 / 250, 250, Z95) == pytest.approx((0.286885032256, 0.464103110037), abs=1e-9)


def test_an_unknown_bound_leaves_only_the_side_that_needs_it_unknown() -> None:
    low, high = square_and_add([3.0, 1.0], [(2.0, None), (0.5, 1.5)], [1.0, -1.0])
    assert low == pytest.approx(2 - math.hypot(1.0, 0.5))
    assert high is None


# Ranks for a median, 95 %: Campbell & Gardner, British Medical Journal 296 (1988) 1454-1456.
@pytest.mark.parametrize(("n", "ranks"), [(6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (100, (40, 61))])
def test_order_ranks_of_a_median(n: int, ranks: tuple[int, int]) -> None:
    assert order_ranks(n, 0.5, Z95) == ranks


def test_five_values_cannot_bound_their_median_at_95_percent() -> None:
    assert order_ranks(5, 0.5, Z95) == (None, None)


def test_ranks_leave_at_most_the_tail_on_each_side_and_no_rank_could_be_spared() -> None:
    for n, q in [(17, 0.5), (40, 0.9), (300, 0.25), (1000, 0.99)]:
        below = np.cumsum([math.comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(n + 1)])
        low, high = order_ranks(n, q, Z95)
        expected_low = max((r for r in range(1, n + 1) if below[r - 1] <= 0.025), default=None)
        expected_high = min((r for r in range(1, n + 1) if 1 - below[r - 1] <= 0.025 + 1e-15), default=None)
        assert (low, high) == (expected_low, expected_high)


def test_an_unweighted_quantile_is_linear_between_neighbours() -> None:
    values = np.array([1.0, 2.0, 4.0, 8.0])
    assert quantile(values, np.ones(4), 0.5) == 3.0
    assert quantile(values, np.ones(4), 0.9) == pytest.approx(np.quantile(values, 0.9))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 4)), min_size=2, max_size=12), st.floats(0.05, 0.95))
@settings(max_examples=60, deadline=None)
def test_a_weighted_median_is_the_median_of_values_written_out_as_often_as_they_weigh(
    pairs: list[tuple[int, int]], q: float
) -> None:
    pairs = sorted(pairs)
    values, weights = np.array([float(v) for v, _ in pairs]), np.array([float(w) for _, w in pairs])
    if len(set(weights)) == 1:
        weights[0] += 1
    written_out = np.repeat(values, weights.astype(int))
    assert quantile(values, weights, q) == np.quantile(written_out, q, method="averaged_inverted_cdf")


@given(st.integers(0, 500), st.integers(1, 500), st.floats(0.5, 0.999), st.floats(0.5, 0.999))
@settings(max_examples=100, deadline=None)
def test_wilson_stays_within_0_and_1_holds_the_share_and_widens_with_confidence(
    hits: int, n: int, one: float, other: float
) -> None:
    share = min(1.0, hits / n)
    near, far = (wilson(share, n, critical_z(level)) for level in sorted((one, other)))
    assert 0 <= far[0] <= near[0] <= share <= near[1] <= far[1] <= 1
    assert near[1] > near[0]


def test_p_by_inversion_of_a_normal_interval_is_the_normal_p() -> None:
    assert p_by_inversion(lambda z: (1.96 - z, 1.96 + z)) == pytest.approx(0.0499957902964, abs=1e-12)


def test_wilson_and_order_statistics_hold_the_truth_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(7)
    shares = [wilson(k / 40, 40, Z95) for k in random.binomial(40, 0.12, 4000)]
    assert 0.935 < np.mean([low <= 0.12 <= high for low, high in shares]) < 0.975
    waits = np.sort(random.exponential(1.0, (2000, 60)), axis=1)
    medians = [order_statistics(row, np.ones(60), 0.5, Z95) for row in waits]
    held = [low is not None and high is not None and low <= math.log(2) <= high for low, high in medians]
    assert 0.945 < np.mean(held) < 0.985


def test_a_weighted_order_statistics_interval_holds_the_truth() -> None:
    random = np.random.default_rng(11)
    held = []
    for _ in range(1500):
        values = np.sort(random.exponential(1.0, 80))
        low, high = order_statistics(values, random.choice([1.0, 3.0], 80), 0.5, Z95)
        assert low is not None
        assert high is not None
        held.append(low <= math.log(2) <= high)
    assert np.mean(held) > 0.94
