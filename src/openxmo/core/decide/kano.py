"""Kano's categories from paired questions, with Berger's coefficients.

Each respondent says how they feel if a feature is there (functional) and if it is not
(dysfunctional): L like, M must be, N neutral, W can live with, D dislike.
Source: Kano et al. 1984; Berger et al. 1993.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from openxmo.core.errors import WrongUsage

Category = Literal["M", "O", "A", "I", "R", "Q"]  # in the order that breaks ties
CATEGORIES: tuple[Category, ...] = get_args(Category)
MEANINGS: dict[Category, str] = {
    "M": "must-be",
    "O": "one-dimensional",
    "A": "attractive",
    "I": "indifferent",
    "R": "reverse",
    "Q": "questionable",
}

ANSWERS = "LMNWD"
LABELS = {"L": "like", "M": "must_be", "N": "neutral", "W": "live_with", "D": "dislike"}  # as signals name them
WITH, WITHOUT = "kano_with", "kano_without"  # the signals of the two questions
# One row per functional answer, one letter per dysfunctional answer, both in the order of ANSWERS.
TABLE: dict[str, str] = {"L": "QAAAO", "M": "RIIIM", "N": "RIIIM", "W": "RIIIM", "D": "RRRRQ"}

CLEAR_Z = 1.645  # two-sided 90 %


@dataclass(frozen=True)
class Kano:
    """What a feature is to those asked. `better` and `worse` are None where only R and Q were found."""

    counts: Mapping[Category, int]
    category: Category
    clear: bool  # the first category leads the second by more than chance
    better: float | None  # 0..1: satisfaction gained by having it
    worse: float | None  # -1..0: satisfaction lost by not having it

    @property
    def n(self) -> int:
        return sum(self.counts.values())


def classify(functional: str, dysfunctional: str) -> Category:
    """The category of one pair of answers, each a letter of LMNWD."""
    if functional not in TABLE or dysfunctional not in tuple(ANSWERS):
        raise WrongUsage(
            f"Kano has no pair of answers “{functional}{dysfunctional}”.",
            mend="Use L like, M must be, N neutral, W can live with, D dislike; first with the feature, then without.",
        )
    letter = TABLE[functional][ANSWERS.index(dysfunctional)]
    return next(category for category in CATEGORIES if category == letter)


def count_pairs(pairs: Mapping[str, int]) -> dict[Category, int]:
    """Answers counted by pair (`{"LD": 30}`) as answers counted by category."""
    counts = dict.fromkeys(CATEGORIES, 0)
    for pair, count in pairs.items():
        counts[classify(pair[:1], pair[1:])] += count
    return counts


def kano(counts: Mapping[Category, int], *, where: str = "") -> Kano:
    """Category (the most frequent; ties go to M, O, A, I in that order) and Berger's coefficients.

    better = (A+O)/(A+O+M+I), worse = -(O+M)/(A+O+M+I): reverse and questionable answers are left out.
    Raises WrongUsage where nobody answered.
    """
    whole = {category: counts.get(category, 0) for category in CATEGORIES}
    if min(whole.values()) < 0 or not any(whole.values()):
        raise WrongUsage("Kano needs at least one answered pair of questions, and no negative count.", where=where)
    attractive, one, must, other = whole["A"], whole["O"], whole["M"], whole["I"]
    base = attractive + one + must + other
    return Kano(
        counts=whole,
        category=max(CATEGORIES, key=lambda category: whole[category]),
        clear=differs(whole),
        better=(attractive + one) / base if base else None,
        worse=-(one + must) / base if base else None,
    )


def differs(counts: Mapping[Category, int]) -> bool:
    """Is the lead of the most frequent category over the second more than chance?

    Two counts of one multinomial differ with variance first + second where they are equally likely.
    (Fong 1996 takes a smaller one and calls noise clear almost one time in five instead of ten.)
    """
    first, second = sorted(counts.values(), reverse=True)[:2]
    return first - second >= CLEAR_Z * math.sqrt(first + second)
