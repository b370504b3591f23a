"""Every planted truth stands in the rows with its figure, and in the twin nothing of it does."""

import math
from datetime import date

import pytest

from openxmo.core.world.truths import TRUTHS, Truth
from tests.spec.world.measures import MEASURES
from tests.spec.world.told import AS_OF, Told

# In the twin no quota holds one agent's figures: with 260 answers (130 of the star), three standard errors.
CHANCE = {"gamers-top-box": 9.0, "star-top-box": 13.0, "gamers-repeats": 3.5, "star-repeats": 5.0}
# Answers are whole: one of the 82 before the move is 1.2 points.
CHANCE |= {"chat-hub3-after": 1.3, "dropouts-new": 0.1, "staged": 0.6}


def test_each_truth_is_measured_once() -> None:
    assert sorted(truth.key for truth in TRUTHS) == sorted(MEASURES)


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.key)
def test_what_is_planted_stands_in_the_rows(story: Told, truth: Truth) -> None:
    assert MEASURES[truth.key](story) == pytest.approx(truth.figure, abs=truth.tolerance)


@pytest.mark.parametrize(
    "truth", [truth for truth in TRUTHS if not math.isnan(truth.calm)], ids=lambda truth: truth.key
)
def test_in_the_twin_it_does_not(calm: Told, truth: Truth) -> None:
    tolerance = CHANCE.get(truth.key, truth.tolerance)
    assert MEASURES[truth.key](calm) == pytest.approx(truth.calm, abs=tolerance)


def test_a_truth_names_its_days_by_the_story_s_calendar() -> None:
    truth = next(truth for truth in TRUTHS if truth.key == "csat-before")
    assert truth.days(AS_OF) == (date(2026, 3, 1), date(2026, 6, 1))


def test_the_twin_has_nearly_the_same_size(story: Told, calm: Told) -> None:
    assert calm.size == pytest.approx(story.size, rel=0.03)
    assert story.size == pytest.approx(600_000, rel=0.08)


def test_each_name_of_a_signal_stands_in_both_worlds(story: Told, calm: Told) -> None:
    names = "select distinct kind, name from s order by all"
    assert story.all(names) == calm.all(names)
