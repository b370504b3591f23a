"""Net present value, rate of return, payback and their ranges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.decide.lifetime import lifetime_value, revenue_at_risk
from openxmo.core.decide.money import Case, Range, irr, npv, payback, simulate, worth
from openxmo.core.errors import WrongUsage

CASE = Case(
    cost=Range(80, 100, 150),
    running=(Range(5, 5, 5), Range(5, 5, 5)),
    benefits={"customer": (Range(10, 20, 30), Range(10, 20, 30)), "business": (Range(20, 60, 80), Range(20, 60, 80))},
)


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def test_today_is_not_discounted_and_later_years_are() -> None:
    # -100 + 60/1.1 + 60/1.21
    assert npv([-100, 60, 60], 0.1) == pytest.approx(-100 + 54.5454545 + 49.5867769)
    assert npv([-100], 0.5) == -100


def test_the_rate_of_return_balances_the_flows() -> None:
    # A textbook pair: 10 % turns 100 into 110 in a year, 20 % turns 100 into 144 in two.
    assert irr([-100, 110])[0] == pytest.approx(0.1)
    assert irr([-100, 0, 144])[0] == pytest.approx(0.2)


def test_flows_that_never_change_sign_have_no_rate_of_return_and_say_so() -> None:
    rate, note = irr([-100, -5, -5])
    assert rate is None
    assert note.startswith("No rate of return")


def test_flows_with_two_rates_of_return_show_none_and_name_both() -> None:
    # -1000, 2500, -1540 is 0 at 10 % and at 40 %.
    rate, note = irr([-1000, 2500, -1540])
    assert rate is None
    assert note.startswith("2 rates of return (10.0%, 40.0%)")


def test_payback_falls_within_a_year_and_lasts() -> None:
    assert payback([-100, 60, 80]) == pytest.approx(1.5)
    assert payback([-100, 150, -100, 80]) == pytest.approx(2.625)
    assert payback([-100, 20]) is None
    assert payback([0, 20]) == 0


@pytest.mark.capability("COM-09")
def test_a_case_is_worth_its_likely_flows_with_a_range_and_a_chance() -> None:
    found = worth(CASE, rate=0.08, generator=rng())
    assert found.npv == pytest.approx(npv([-100, 75, 75], 0.08))
    assert found.low < found.npv < found.high
    assert 0.5 < found.p_positive < 1
    assert found.bcr == pytest.approx(npv([0, 80, 80], 0.08) / npv([100, 5, 5], 0.08))
    assert found.break_even == pytest.approx(npv([100, 5, 5], 0.08) / npv([0, 80, 80], 0.08))
    assert found.by_voice["employee"] == 0
    assert found.payback_low is not None
    assert found.payback_low < 100 / 75
    assert found.payback_high is None  # at their worst, 2 x 25 never pay 150 back


def test_the_same_generator_draws_the_same_worlds() -> None:
    assert worth(CASE, rate=0.08, generator=rng()) == worth(CASE, rate=0.08, generator=rng())


def test_draws_have_the_mean_and_spread_of_the_triangular_distribution() -> None:
    # Mean (a+b+c)/3, variance (a²+b²+c²-ab-ac-bc)/18.
    drawn = -simulate(Case(cost=Range(80, 100, 150)), 0.0, rng(), 200_000)
    assert drawn.mean() == pytest.approx(110, abs=0.15)
    assert drawn.var() == pytest.approx((80**2 + 100**2 + 150**2 - 80 * 100 - 80 * 150 - 100 * 150) / 18, rel=0.02)
    assert drawn.min() >= 80
    assert drawn.max() <= 150


def test_a_certain_case_has_a_chance_of_all_or_nothing() -> None:
    sure = Case(cost=Range(10, 10, 10), benefits={"business": (Range(20, 20, 20),)})
    found = worth(sure, rate=0.1, generator=rng())
    assert found.p_positive == 1.0
    assert [found.low, found.high] == pytest.approx([found.npv, found.npv])


def test_a_range_that_does_not_rise_is_refused() -> None:
    with pytest.raises(WrongUsage, match="low over likely to high"):
        Range(2, 1, 3)


@given(
    st.lists(st.floats(0, 1e4), min_size=1, max_size=6),
    st.lists(st.floats(0, 1e4), min_size=1, max_size=6),
    st.floats(-0.5, 2),
)
def test_values_of_two_flows_add_up(first: list[float], second: list[float], rate: float) -> None:
    longest = max(len(first), len(second))
    pad = [flows + [0.0] * (longest - len(flows)) for flows in (first, second)]
    assert npv(np.add(pad[0], pad[1]), rate) == pytest.approx(npv(pad[0], rate) + npv(pad[1], rate))


@given(st.floats(1, 1e5), st.lists(st.floats(1, 1e5), min_size=1, max_size=6))
def test_an_investment_that_then_earns_has_one_rate_of_return_which_balances_it(cost: float, back: list[float]) -> None:
    rate, note = irr([-cost, *back])
    if rate is None:
        assert note.startswith("No rate of return")
        assert npv([-cost, *back], 10.0) > 0 or npv([-cost, *back], -0.99) < 0
    else:
        assert npv([-cost, *back], rate) == pytest.approx(
            0, abs=1e-6 * (cost + sum(back)) / min(1, 1 + rate) ** len(back)
        )


def test_lifetime_value_says_when_the_first_margin_comes() -> None:
    # Gupta & Lehmann 2003: 120 a period, retention 0.8, discount 0.1.
    assert lifetime_value(margin=120, retention=0.8, discount=0.1, first="after one period") == pytest.approx(320)
    assert lifetime_value(margin=120, retention=0.8, discount=0.1, first="now") == pytest.approx(440)


def test_only_the_churn_above_the_usual_puts_revenue_at_risk() -> None:
    segments = [(1200, 300, 0.28), (2500, 320, 0.15), (3100, 350, 0.09)]
    whole = [revenue_at_risk(customers=n, revenue=r, churn=c) for n, r, c in segments]
    excess = [revenue_at_risk(customers=n, revenue=r, churn=c, usual_churn=0.12) for n, r, c in segments]
    assert whole == pytest.approx([100_800, 120_000, 97_650])
    assert excess == pytest.approx([57_600, 24_000, 0])
