"""The money of an effect, with bounds that are never surer than the effect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.decide.money import Range
from openxmo.core.errors import WrongUsage
from openxmo.core.prove.worth import add_up, worth_of

AMOUNTS = st.lists(st.floats(0, 1e6), min_size=3, max_size=3).map(lambda three: Range(*sorted(three)))
EFFECTS = st.lists(st.floats(-100, 100), min_size=3, max_size=3).map(lambda three: Range(*sorted(three)))


def test_eight_points_of_a_thousand_cases_at_ten_each_are_eight_hundred() -> None:
    found = worth_of(
        Range(6, 8, 10), better="higher", unit="%", volume=Range(1000, 1000, 1000), value=Range(9, 10, 11),
        cost=Range(100, 100, 100),
    )  # fmt: skip
    assert (found.gain.low, found.gain.likely, found.gain.high) == pytest.approx((540, 800, 1100))
    assert (found.net.low, found.net.likely, found.net.high) == pytest.approx((440, 700, 1000))


def test_a_fall_of_seconds_is_a_gain_where_lower_is_better() -> None:
    found = worth_of(Range(-70, -60, -50), better="lower", unit="s", volume=Range(1, 1, 1), value=Range(2, 2, 2))
    assert (found.gain.low, found.gain.likely, found.gain.high) == (100, 120, 140)


def test_a_harm_costs_and_its_cost_comes_on_top() -> None:
    found = worth_of(
        Range(-7, -5, -3), better="higher", unit="%", volume=Range(100, 100, 100), value=Range(1, 1, 1),
        cost=Range(1, 2, 3),
    )  # fmt: skip
    assert (found.gain.low, found.gain.high) == pytest.approx((-7, -3))
    assert (found.net.low, found.net.likely, found.net.high) == pytest.approx((-10, -7, -4))


@given(EFFECTS, AMOUNTS, AMOUNTS)
def test_every_product_of_amounts_in_their_ranges_lies_within_the_bounds(
    effect: Range, volume: Range, value: Range
) -> None:
    gain = worth_of(effect, better="higher", unit="", volume=volume, value=value).gain
    for one in (effect.low, effect.likely, effect.high):
        for two in (volume.low, volume.high):
            for three in (value.low, value.high):
                assert gain.low - 1e-6 <= one * two * three <= gain.high + 1e-6


@pytest.mark.parametrize("which", ["volume", "value", "cost"])
def test_amounts_below_zero_are_refused(which: str) -> None:
    given_amounts = {"volume": Range(1, 1, 1), "value": Range(1, 1, 1), "cost": Range(0, 0, 0)}
    with pytest.raises(WrongUsage, match="below zero"):
        worth_of(Range(1, 2, 3), better="higher", unit="", **{**given_amounts, which: Range(-1, 0, 1)})


def test_independent_amounts_add_their_half_widths_in_quadrature() -> None:
    total = add_up([Range(7, 10, 14), Range(6, 10, 13)])
    assert (total.together.low, total.together.likely, total.together.high) == (15, 20, 25)
    assert (total.bounds.low, total.bounds.high) == (13, 27)
    assert total.count == 2


def test_nothing_adds_up_to_nothing() -> None:
    assert add_up([]).together == Range(0, 0, 0)
