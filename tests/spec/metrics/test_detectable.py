"""Sample sizes against the classic answers of Cochran (1977, chapter 4) and Kish (1965)."""

import math

import pytest

from openxmo.core.metrics.detectable import answers_for_nps, answers_for_share, design_effect, detectable_change


def test_answers_that_a_precision_needs() -> None:
    needed = [
        answers_for_share(0.05),
        answers_for_share(0.05, population=1000),
        answers_for_share(0.05, population=100),
        answers_for_nps(5, promoters=0.45, detractors=0.2),
        answers_for_share(0.05, design_effect=1.8),
    ]
    assert needed == pytest.approx(
        [384.145882069, 277.733453173, 79.5092944649, 902.742822863, 691.462587725], abs=1e-6
    )
    assert [math.ceil(n) for n in needed] == [385, 278, 80, 903, 692]


def test_clusters_of_twelve_like_answers_widen_the_variance() -> None:
    assert design_effect(12, 0.04) == pytest.approx(1.44)


def test_the_smallest_change_shown_with_four_in_five_chances() -> None:
    # Two groups of 1,568 show a change of one tenth of a standard deviation (Cohen 1988, table 2.4.1: 1,571 by t).
    assert detectable_change(1 / 1568**0.5, power=0.8) == pytest.approx(0.1, abs=2e-4)
