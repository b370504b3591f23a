"""Kano's table, Berger's coefficients, ties, and clear leads."""

import numpy as np
import pytest

from openxmo.core.decide.kano import Category, classify, count_pairs, differs, kano
from openxmo.core.errors import WrongUsage

# Functional answer, dysfunctional answer and category (Kano 1984; Berger et al. 1993).
TABLE = [
    *("LLQ", "LMA", "LNA", "LWA", "LDO"),
    *("MLR", "MMI", "MNI", "MWI", "MDM"),
    *("NLR", "NMI", "NNI", "NWI", "NDM"),
    *("WLR", "WMI", "WNI", "WWI", "WDM"),
    *("DLR", "DMR", "DNR", "DWR", "DDQ"),
]


@pytest.mark.parametrize("entry", TABLE)
def test_each_pair_of_answers_has_its_category(entry: str) -> None:
    assert classify(entry[0], entry[1]) == entry[2]


def test_counts_coefficients_and_category_of_a_must_be() -> None:
    found = kano(count_pairs({"LD": 30, "LN": 12, "MD": 40, "NN": 15, "DL": 3}))
    assert found.counts == {"A": 12, "O": 30, "M": 40, "I": 15, "R": 3, "Q": 0}
    assert (found.category, found.n) == ("M", 100)
    assert (found.better, found.worse) == pytest.approx((0.432989690722, -0.721649484536), abs=1e-6)


def test_questionable_answers_stay_out_of_the_coefficients() -> None:
    found = kano(count_pairs({"LN": 55, "LD": 20, "NN": 20, "LL": 5}))
    assert found.counts == {"A": 55, "O": 20, "M": 0, "I": 20, "R": 0, "Q": 5}
    assert found.category == "A"
    assert (found.better, found.worse) == pytest.approx((0.789473684211, -0.210526315789), abs=1e-6)


@pytest.mark.parametrize(
    ("counts", "category"),
    [
        ({"M": 9, "O": 9, "A": 9, "I": 9}, "M"),
        ({"O": 9, "A": 9, "I": 9}, "O"),
        ({"A": 9, "I": 9}, "A"),
        ({"I": 9, "Q": 9}, "I"),
    ],
)
def test_ties_go_to_the_category_that_hurts_most_to_miss(counts: dict[Category, int], category: Category) -> None:
    assert kano(counts).category == category


def test_only_reverse_answers_leave_no_coefficient() -> None:
    found = kano({"R": 12})
    assert (found.category, found.better, found.worse) == ("R", None, None)


def test_a_narrow_lead_is_not_called_clear() -> None:
    # 1.645 * sqrt(40 + 30) = 13.8 is more than 10; 1.645 * sqrt(90) = 15.6 is less than 50.
    assert not kano({"M": 40, "O": 30, "A": 30}).clear
    assert kano({"M": 70, "O": 20, "A": 10}).clear


def test_where_two_categories_are_equally_liked_a_lead_is_seldom_called_clear() -> None:
    rng = np.random.default_rng(5)
    wrong = 0
    for first, second, rest in rng.multinomial(200, [0.4, 0.4, 0.2], size=2000):
        wrong += differs({"M": int(first), "O": int(second), "A": int(rest)})
    assert wrong / 2000 < 0.12


@pytest.mark.parametrize("counts", [{}, {"M": 0}, {"M": -1, "O": 5}])
def test_nobody_asked_has_no_category(counts: dict[Category, int]) -> None:
    with pytest.raises(WrongUsage):
        kano(counts)


def test_an_unknown_answer_is_refused_with_the_letters_that_exist() -> None:
    with pytest.raises(WrongUsage, match="L like"):
        count_pairs({"LX": 1})
