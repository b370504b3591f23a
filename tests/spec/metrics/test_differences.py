"""Differences of two estimates: worked answers, agreement of interval and p, false alarms and coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from openxmo.core.metrics.differences import difference
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.tally import AnyTally, Tally
from tests.spec.metrics.tallies import hits, metric, ordered, promoters, ratio, tally

NPS = metric("nps")
TOP = metric("top_box", top=4)
MEAN = metric("mean")
RATIO = metric("ratio", over="base")
MEDIAN = metric("quantile", q=0.5)


def test_seven_points_of_nps_on_300_and_300_are_no_finding() -> None:
    """Two independent multinomials, unpooled z (Goodman 1965): 23.33 to 30.67."""
    found = difference(promoters(130, 110, 60), promoters(144, 104, 52), NPS)
    assert (found.value, found.p) == pytest.approx((7.33333333333, 0.233820208527), abs=1e-6)
    assert (found.low, found.high) == pytest.approx((-4.73903603362, 19.4057027003), abs=1e-6)


def test_a_difference_of_shares_has_newcombes_interval() -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10: 56/70 against 48/80."""
    found = difference(hits(48, 80), hits(56, 70), TOP)
    assert found.value == pytest.approx(20.0)
    assert (found.low, found.high) == pytest.approx((5.24314724024, 33.3872654037), abs=1e-4)
    assert found.p is not None
    assert 0.005 < found.p < 0.01  # the pooled z test gives 0.0082


def test_the_p_of_large_shares_is_that_of_the_z_test() -> None:
    found = difference(hits(5000, 10_000), hits(5100, 10_000), TOP)
    z = 0.01 / (0.5 * 0.5 / 10_000 + 0.51 * 0.49 / 10_000) ** 0.5
    assert found.p == pytest.approx(2 * stats.norm.sf(z), abs=2e-4)


def test_a_difference_of_means_is_welchs() -> None:
    one, two = [3.0, 4.0, 5.0, 4.5, 2.0], [5.0, 6.5, 4.0, 7.0, 6.0, 9.0]
    found = difference(tally(one), tally(two, origin=4.0), MEAN)
    welch = stats.ttest_ind(two, one, equal_var=False)
    low, high = welch.confidence_interval(0.95)
    assert (found.low, found.high, found.p) == pytest.approx((low, high, welch.pvalue), abs=1e-9)


def test_a_group_of_equal_scores_claims_no_certainty() -> None:
    one, other = tally([5.0] * 3), tally([1.0, 5.0, 3.0, 4.0, 5.0])
    found = difference(one, other, MEAN)
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low > 4
    assert difference(one, tally([4.0] * 9), MEAN).p is None
    assert difference(one, tally([4.0]), MEAN).low is None


def test_all_promoters_against_all_detractors_is_a_finding_only_with_enough_of_them() -> None:
    few, many = (
        difference(promoters(0, 0, 1), promoters(1, 0, 0), NPS),
        difference(promoters(0, 0, 9), promoters(9, 0, 0), NPS),
    )
    assert few.value == many.value == 200
    assert few.p is not None
    assert many.p is not None
    assert many.p < 0.001
    assert few.p > 0.05
    assert many.high == 200


def test_an_empty_period_has_no_difference() -> None:
    found = difference(Tally(), hits(3, 4), TOP)
    assert (found.value, found.low, found.high, found.p) == (None, None, None, None)


def test_a_ratio_that_doubles_is_found() -> None:
    random = np.random.default_rng(1)
    base = random.integers(1, 5, 200)
    found = difference(ratio(random.poisson(2 * base), base), ratio(random.poisson(4 * base), base), RATIO)
    assert found.value == pytest.approx(2, abs=0.4)
    assert found.p is not None
    assert found.p < 1e-6


def drawn(random: np.random.Generator, of: Metric, shift: float) -> AnyTally:
    match of.score.kind:
        case "nps":
            return promoters(*random.multinomial(60, [0.5 - shift, 0.3, 0.2 + shift]))
        case "top_box":
            return hits(random.binomial(60, 0.7 - shift), 60)
        case "ratio":
            base = random.integers(1, 5, 60)
            return ratio(random.poisson((3 - 4 * shift) * base), base)
        case "quantile":
            return ordered(list(random.exponential(1 - shift, 60)), 0.5)
    return tally(random.normal(3 - 4 * shift, 1, 60))


@pytest.mark.parametrize("of", [NPS, TOP, MEAN, RATIO, MEDIAN], ids=lambda of: of.score.kind)
def test_nothing_changed_is_called_a_change_about_one_time_in_twenty(of: Metric) -> None:
    random = np.random.default_rng(2)
    found = [difference(drawn(random, of, 0.0), drawn(random, of, 0.0), of) for _ in range(600)]
    alarms = np.mean([one.p is not None and one.p < 0.05 for one in found])
    assert 0.01 < alarms < 0.08


@pytest.mark.parametrize("of", [NPS, TOP, MEAN, RATIO, MEDIAN], ids=lambda of: of.score.kind)
def test_the_interval_leaves_zero_out_exactly_where_p_is_small_and_turns_with_the_periods(of: Metric) -> None:
    random = np.random.default_rng(4)
    for shift in np.linspace(0, 0.35, 25):
        one, two = drawn(random, of, 0.0), drawn(random, of, float(shift))
        found, turned = difference(one, two, of), difference(two, one, of)
        assert found.low is not None
        assert found.high is not None
        assert found.p is not None
        assert (found.low > 0 or found.high < 0) == (found.p < 0.05)
        assert (turned.value, turned.low, turned.high) == pytest.approx((-found.value, -found.high, -found.low))  # type: ignore[operator]


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_a_difference_of_shares_lies_within_100_and_holds_its_value(k1: int, n1: int, k2: int, n2: int) -> None:
    found = difference(hits(min(k1, n1), n1), hits(min(k2, n2), n2), TOP)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert -100 - 1e-9 <= found.low <= found.value <= found.high <= 100 + 1e-9
    assert found.high > found.low


def test_a_difference_of_errors_near_the_largest_number_has_an_interval() -> None:
    small = difference(tally([1.0, 2.0, 4.0]), tally([2.0, 5.0, 3.0]), metric("mean"))
    large = difference(tally([1e100, 2e100, 4e100]), tally([2e100, 5e100, 3e100]), metric("mean"))
    assert large.p == pytest.approx(small.p)
    assert small.low is not None
    assert large.low == pytest.approx(1e100 * small.low)
