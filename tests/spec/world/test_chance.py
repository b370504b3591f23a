"""Allocation that hits its shares: in total, in every run of neighbours, and over months."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openxmo.core.world.chance import Carry, allocate, choose, choose_by_group, deal, stream, with_mean

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=200)


@given(CHANCES, st.integers(0, 199), st.integers(0, 199))
def test_any_run_of_neighbours_is_right_to_one_person(chances: list[float], first: int, last: int) -> None:
    array = np.array(chances)
    chosen, _ = allocate(array, np.arange(len(array)))
    run = slice(*sorted((first, last)))
    assert abs(chosen[run].sum() - array[run].sum()) <= 1 + 1e-6


@given(st.lists(CHANCES, min_size=1, max_size=6))
def test_what_is_left_over_is_made_up_for_next_month(months: list[list[float]]) -> None:
    carry, rng = Carry(), np.random.default_rng(1)
    chosen = sum(
        int(choose_by_group(np.array(m), np.zeros(len(m), dtype=np.int64), rng, carry=carry).sum()) for m in months
    )
    assert abs(chosen - sum(map(sum, months))) <= 0.5 + 1e-6


def test_each_person_is_chosen_as_often_as_their_chance() -> None:
    """Whatever the others' chances are: an order by lot favours nobody."""
    chances = np.tile([0.1, 0.5, 0.9, 0.3, 0.7], 20)
    chosen = np.stack([choose(chances, np.random.default_rng(seed)) for seed in range(500)])
    assert chosen.reshape(500, 20, 5).mean(axis=(0, 1)) == pytest.approx(chances[:5], abs=0.02)


def test_groups_keep_their_own_shares() -> None:
    groups = np.repeat([3, 7], 500)
    chosen = choose_by_group(np.where(groups == 3, 0.2, 0.8), groups, np.random.default_rng(0), carry=Carry())
    assert (int(chosen[groups == 3].sum()), int(chosen[groups == 7].sum())) == (100, 400)


@given(st.integers(1, 500), st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_dealt_cards_come_in_their_shares(n: int, parts: list[int]) -> None:
    shares = np.array(parts) / sum(parts)
    dealt = np.bincount(deal(shares, n, np.random.default_rng(0)), minlength=len(parts))
    assert dealt.sum() == n
    assert np.all(np.abs(dealt - shares * n) <= 1 + 1e-6)


@settings(max_examples=50)
@given(st.integers(1, 300), st.floats(1.2, 4.8), st.integers(0, 2))
def test_values_get_their_mean_within_their_ends(n: int, mean: float, places: int) -> None:
    values = with_mean(np.random.default_rng(n).normal(3, 1, n), mean, places=places, low=1, high=5)
    assert values.min() >= 1
    assert values.max() <= 5
    assert values.mean() == pytest.approx(mean, abs=0.5 * 10.0**-places / n + 1e-9)


def test_each_part_and_month_has_its_own_stream() -> None:
    draws = {float(stream(1, part, month).random()) for part in ("a", "b") for month in (0, 1)}
    assert len(draws) == 4
    assert stream(1, "a", 1).random() == stream(1, "a", 1).random()
