"""Estimates against worked answers, by their properties, and by simulated coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openxmo.core.metrics.estimates import estimate
from openxmo.core.metrics.tally import IndexTally, QuantileTally, RatioTally, Tally
from tests.spec.metrics.tallies import hits, metric, ordered, promoters, ratio, tally

NPS = metric("nps")
TOP = metric("top_box", top=4)
MEAN = metric("mean")
RATIO = metric("ratio", over="base")
MEDIAN = metric("quantile", q=0.5)


def test_nps_shows_the_plain_score_with_the_adjusted_wald_interval() -> None:
    """Rocks, The American Statistician 70 (2016): 130 promoters, 85 passives, 35 detractors."""
    found = estimate(promoters(130, 85, 35), NPS)
    assert (found.value, found.low, found.high) == pytest.approx((38.0, 28.6885032256, 46.4103110037), abs=1e-6)
    assert (found.n, found.effective_n, found.method) == (250, 250.0, "adjusted Wald")


def test_all_promoters_have_an_interval_with_width_that_ends_at_100() -> None:
    found = estimate(promoters(4, 0, 0), NPS)
    assert found.value == 100.0
    assert found.low == pytest.approx(6.94417798027, abs=1e-6)
    assert found.high == 100.0


def test_all_passives_score_zero_and_one_each_of_the_ends_too() -> None:
    assert estimate(promoters(0, 3, 0), NPS).value == 0.0
    assert estimate(promoters(1, 2, 1), NPS).value == 0.0


def test_csat_as_top_boxes_bottom_boxes_and_mean() -> None:
    """Counts 7, 11, 24, 88, 120 of the answers 1 to 5 (ISO 10004 practice; Wilson for boxes, t for the mean)."""
    top = estimate(hits(208, 250), TOP)
    assert (top.value, top.low, top.high) == pytest.approx((83.2, 78.0710042228, 87.3241446907), abs=1e-6)
    assert top.method == "Wilson"
    assert estimate(hits(18, 250), metric("bottom_box", bottom=2)).value == pytest.approx(7.2)
    answers = np.repeat([1, 2, 3, 4, 5], [7, 11, 24, 88, 120])
    for origin in (0.0, 3.0):
        mean = estimate(tally(answers, origin=origin), MEAN)
        assert (mean.value, mean.low, mean.high) == pytest.approx((4.212, 4.08976757595, 4.33423242405), abs=1e-6)
        assert mean.method == "t"


def test_ces_means_and_agreement() -> None:
    """CES 1.0 (Dixon, Freeman & Toman 2010) and 2.0 (CEB 2013) on counted answers."""
    first = np.repeat([1, 2, 3, 4, 5], [40, 35, 15, 7, 3])
    second = np.repeat([1, 2, 3, 4, 5, 6, 7], [5, 8, 12, 20, 45, 70, 60])
    assert estimate(tally(first), MEAN).value == pytest.approx(1.98)
    assert estimate(tally(second), MEAN).value == pytest.approx(5.46363636364)
    agree = estimate(tally(np.where(second >= 5, 100.0, 0.0)), metric("top_box", top=5))
    assert agree.value == pytest.approx(79.5454545455)


def index_tally(percentages: dict[str, list[float]], n: int = 100) -> IndexTally:
    groups = {group: tuple(f"{group}{place}" for place in range(len(items))) for group, items in percentages.items()}
    items = {
        name: hits(round(percent * n / 100), n)
        for group, names in groups.items()
        for name, percent in zip(names, percentages[group], strict=True)
    }
    return IndexTally(items=items, groups=groups, respondents=tally([70.0, 80.0, 60.0, 90.0] * (n // 4)))


FEVS = {"LL": [58.0, 61, 60, 63, 59], "SUP": [82.0, 80, 85, 79, 77], "IWE": [76.0, 73, 74, 88, 68]}


def test_an_index_is_the_mean_of_its_sub_indices_each_the_mean_of_its_items() -> None:
    """The engagement index of OPM's Federal Employee Viewpoint Survey: 60.2, 80.6 and 75.8 make 72.2."""
    found = estimate(index_tally(FEVS), metric("index", items=("LL0",)))
    assert found.value == pytest.approx(72.2)
    assert found.method == "t of respondents"
    assert found.low is not None
    assert found.high is not None
    # t(99) = 1.9842 times the error of 100 respondents' own scores, whose standard deviation is 11.2367.
    assert (found.low, found.high) == pytest.approx((72.2 - 2.22960, 72.2 + 2.22960), abs=1e-4)


def test_items_that_fewer_people_answered_count_as_much_as_the_others_in_an_index() -> None:
    whole = index_tally({"only": [90.0, 10.0]})
    whole.items["only1"] = hits(1, 10)
    assert estimate(whole, metric("index", items=("only0",))).value == pytest.approx(50.0)


def test_an_index_with_an_item_that_nobody_answered_has_no_value() -> None:
    lacking = index_tally(FEVS)
    lacking.items["LL0"] = Tally()
    found = estimate(lacking, metric("index", items=("LL0",)))
    assert (found.value, found.low, found.high, found.n) == (None, None, None, 100)


def test_a_ratio_is_summed_numerators_over_summed_denominators_with_the_delta_method() -> None:
    found = estimate(ratio([10, 14, 9, 25, 12], [2, 3, 2, 5, 2]), RATIO)
    assert found.value == pytest.approx(70 / 14)
    # By hand: residuals 0, -1, -1, 0, 2; variance 5/4 * 6 / 14²; t(4) = 2.776445.
    assert found.high == pytest.approx(5 + 2.776445105 * (7.5**0.5) / 14, abs=1e-6)
    assert (found.n, found.method) == (5, "delta method")


def test_a_median_has_the_interval_of_its_order_statistics() -> None:
    found = estimate(ordered([float(v) for v in range(20, 0, -1)], 0.5), MEDIAN)
    assert (found.value, found.low, found.high) == (10.5, 6.0, 15.0)
    assert found.method == "order statistics"


@pytest.mark.parametrize(
    ("empty", "of"),
    [
        (Tally(), NPS),
        (Tally(), TOP),
        (Tally(), MEAN),
        (RatioTally(), RATIO),
        (RatioTally(n=3, y=2.0), RATIO),
        (QuantileTally(q=0.5), MEDIAN),
    ],
)
def test_nothing_heard_has_no_value_and_no_interval(empty: Tally, of: object) -> None:
    found = estimate(empty, of)  # type: ignore[arg-type]
    assert (found.value, found.low, found.high, found.detectable) == (None, None, None, None)


def test_one_signal_and_equal_signals_under_a_mean_have_no_interval() -> None:
    for scores in ([4.1], [4.1] * 50):
        found = estimate(tally(scores), MEAN)
        assert found.value == pytest.approx(4.1)
        assert (found.low, found.high, found.detectable) == (None, None, None)


def test_one_signal_under_a_share_or_a_promoter_score_has_a_very_wide_interval() -> None:
    share, nps = estimate(hits(1, 1), TOP), estimate(promoters(1, 0, 0), NPS)
    assert share.low is not None
    assert nps.low is not None
    assert share.low < 25
    assert nps.low < 0
    assert share.detectable is None


def test_the_detectable_change_is_what_two_groups_of_this_size_show_four_times_in_five() -> None:
    random = np.random.default_rng(3)
    base = estimate(tally(random.normal(50, 10, 200)), MEAN)
    assert base.detectable is not None
    one, two = random.normal(50, 10, (4000, 200)), random.normal(50 + base.detectable, 10, (4000, 200))
    z = (two.mean(1) - one.mean(1)) / np.sqrt(one.var(1, ddof=1) / 200 + two.var(1, ddof=1) / 200)
    assert 0.74 < np.mean(z > 1.96) < 0.86


def test_money_and_timestamps_keep_their_digits_by_the_origin() -> None:
    found = estimate(tally([1.7e9 + 1, 1.7e9 + 2, 1.7e9 + 3], origin=1.7e9), MEAN)
    assert found.value == 1.7e9 + 2
    assert found.high is not None
    assert found.high - found.value == pytest.approx(4.30265273 / 3**0.5, abs=1e-6)


weighted_answers = st.lists(
    st.tuples(st.sampled_from([-100.0, 0.0, 100.0]), st.floats(0.1, 10)), min_size=2, max_size=40
)


@given(weighted_answers)
@settings(max_examples=60, deadline=None)
def test_every_share_and_promoter_interval_lies_within_its_range_and_around_its_value(
    answers: list[tuple[float, float]],
) -> None:
    scores, weights = [s for s, _ in answers], [w for _, w in answers]
    nps = estimate(tally(scores, weights), NPS)
    share = estimate(tally([abs(s) for s in scores], weights), TOP)
    for found, floor in ((nps, -100), (share, 0)):
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert floor <= found.low <= found.value <= found.high <= 100
        assert found.high > found.low
        assert 1 <= found.effective_n <= len(answers) * (1 + 1e-12)


@given(weighted_answers, weighted_answers, st.floats(0.01, 100))
@settings(max_examples=60, deadline=None)
def test_tallies_add_up_and_the_size_of_the_unit_of_weight_is_no_matter(
    one: list[tuple[float, float]], two: list[tuple[float, float]], unit: float
) -> None:
    parts = [tally([s for s, _ in answers], [w for _, w in answers]) for answers in (one, two)]
    both = tally([s for s, _ in one + two], [unit * w for _, w in one + two])
    for of in (NPS, MEAN):
        together, apart = estimate(both, of), estimate(parts[0] + parts[1], of)
        assert together.value == pytest.approx(apart.value, abs=1e-9)
        assert together.low == pytest.approx(apart.low, abs=1e-6)
        assert together.effective_n == pytest.approx(apart.effective_n)


def test_equal_weights_are_no_weights() -> None:
    for of, scores in ((NPS, [100.0, 0, -100, 100]), (MEAN, [1.0, 2, 3, 9])):
        plain, weighed = estimate(tally(scores), of), estimate(tally(scores, [2.5] * 4), of)
        assert weighed.value == pytest.approx(plain.value)
        assert (weighed.low, weighed.high) == pytest.approx((plain.low, plain.high))


def test_the_effective_n_is_kishs_and_uneven_weights_widen_the_interval() -> None:
    plain = estimate(hits(50, 100), TOP)
    weights = [3.0] * 25 + [1.0] * 25 + [3.0] * 25 + [1.0] * 25
    weighed = estimate(tally([100.0] * 50 + [0.0] * 50, weights), TOP)
    assert weighed.effective_n == pytest.approx(80.0)
    assert weighed.low is not None
    assert plain.low is not None
    assert weighed.low < plain.low


def test_a_weighted_mean_has_taylors_error() -> None:
    """By hand: mean 3.4, Σw²(s - m)² = 5.76 + 9·1.96·… over (Σw)², with n/(n-1)."""
    scores, weights = np.array([1.0, 2.0, 6.0]), np.array([1.0, 2.0, 2.0])
    mean = float((scores * weights).sum() / weights.sum())
    error = float(np.sqrt((weights**2 * (scores - mean) ** 2).sum() * 3 / 2)) / 5
    found = estimate(tally(scores, weights), MEAN)
    effective_n = 25 / 9
    assert found.value == pytest.approx(3.4)
    assert found.effective_n == pytest.approx(effective_n)
    assert found.detectable == pytest.approx((1.959963985 + 0.841621234) * 2**0.5 * error)


@pytest.mark.parametrize(("chances", "n"), [((0.5, 0.3, 0.2), 30), ((0.85, 0.1, 0.05), 40), ((0.2, 0.2, 0.6), 15)])
def test_the_promoter_interval_holds_the_truth_about_as_often_as_it_says(
    chances: tuple[float, float, float], n: int
) -> None:
    random = np.random.default_rng(5)
    truth = 100 * (chances[0] - chances[2])
    held = []
    for up, passive, down in random.multinomial(n, chances, 1500):
        found = estimate(promoters(up, passive, down), NPS)
        assert found.low is not None
        assert found.high is not None
        held.append(found.low <= truth <= found.high)
    assert 0.93 < np.mean(held) < 0.985


def test_weighted_means_and_ratios_hold_the_truth_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(6)
    held_mean, held_ratio = [], []
    for _ in range(800):
        weights = random.choice([1.0, 4.0], 60)
        mean = estimate(tally(random.gamma(4, 2, 60), weights), MEAN)
        base = random.integers(1, 6, 80)
        part = estimate(ratio(random.poisson(3 * base), base), RATIO)
        assert mean.low is not None
        assert mean.high is not None
        assert part.low is not None
        assert part.high is not None
        held_mean.append(mean.low <= 8 <= mean.high)
        held_ratio.append(part.low <= 3 <= part.high)
    assert 0.92 < np.mean(held_mean) < 0.98
    assert 0.925 < np.mean(held_ratio) < 0.98
