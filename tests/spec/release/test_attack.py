"""An attacker who asks whatever may be asked, remembers all of it, and adds and subtracts.

The office is random, the questions are random, and the attacker knows who is in which cell: the
worst case. Whatever is worked out must be about nobody in particular.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.release import MemoryHistory, release
from openxmo.core.release.subspace import PRIME, Search, reduce_rows
from tests.cast import ADA
from tests.spec.release.results import AT, DECLARED, Cells, month, visible

LEAST = DECLARED.employees
CUTS: tuple[tuple[str, ...], ...] = ((), ("team",), ("site",), ("team", "site"), ("tenure",), ("site", "tenure"))
WINDOWS = ((0, 1), (1, 2), (2, 3), (0, 3), (0, 2), (1, 3))
Answer = tuple[int, int, int]  # person, month, which of the person's answers in that month
Question = tuple[tuple[str, ...], tuple[int, int], Mapping[str, str], bool]  # by, window, only where, whether by month


@dataclass(frozen=True)
class Office:
    """People with their team, site and tenure, and the answers they gave in three months."""

    facts: tuple[Mapping[str, str], ...]
    answers: frozenset[Answer]

    def ask(
        self, by: tuple[str, ...], window: tuple[int, int], only: Mapping[str, str]
    ) -> dict[tuple[str, ...], frozenset[Answer]]:
        """The answers behind each cell of a question, by the values of the cut."""
        cells: dict[tuple[str, ...], set[Answer]] = {}
        for answer in self.answers:
            facts = self.facts[answer[0]]
            if window[0] <= answer[1] < window[1] and all(facts[name] == value for name, value in only.items()):
                cells.setdefault(tuple(facts[name] for name in by), set()).add(answer)
        return {key: frozenset(cells[key]) for key in sorted(cells)}


def make_office(seed: int, people: int, teams: int, taking_part: tuple[float, float, float]) -> Office:
    rng = np.random.default_rng(seed)
    facts = tuple(
        {
            "team": f"t{min(int(rng.exponential(teams / 2)), teams - 1)}",
            "site": f"s{rng.integers(2)}",
            "tenure": f"y{rng.integers(3)}",
        }
        for _ in range(people)
    )
    answers = {
        (person, place, time)
        for person in range(people)
        for place in range(3)
        for time in range(1 + (rng.random() < 0.05))
        if rng.random() < taking_part[place]
    }
    return Office(facts, frozenset(answers))


def disclose(
    answers: frozenset[Answer], by: dict[str, str | None], window: tuple[int, int], monthly: bool
) -> Disclosure:
    months = {
        f"2026-{number + 1:02d}": frozenset(person for person, when, _ in answers if when == number)
        for number in range(*window)
    }
    return Disclosure(
        metric="enps",
        by=by,
        start=month(window[0]),
        end=month(window[1]),
        n=len(answers),
        people=frozenset(person for person, _, _ in answers),
        siblings="all",
        months=months if monthly else None,
    )


def told(office: Office, questions: Iterable[Question]) -> list[frozenset[Answer]]:
    """All cells that the door let through, as sets of answers."""
    history, seen = MemoryHistory(), []
    for by, window, only, monthly in questions:
        cells = office.ask(by, window, only)
        result = Cells(
            tuple(disclose(each, dict(zip(by, key, strict=True)), window, monthly) for key, each in cells.items())
        )
        let_through = set(map(id, visible(release(result, ADA, history=history, at=AT, rules=DECLARED).result)))
        seen += [answers for answers, each in zip(cells.values(), result.cells, strict=True) if id(each) in let_through]
    return list(dict.fromkeys(seen))


def people_in(answers: Iterable[Answer]) -> int:
    return len({person for person, _, _ in answers})


QUESTIONS = st.lists(
    st.tuples(
        st.sampled_from(CUTS),
        st.sampled_from(WINDOWS),
        st.dictionaries(st.just("site"), st.sampled_from(("s0", "s1")), max_size=1),
        st.booleans(),
    ),
    min_size=2,
    max_size=9,
)
OFFICES = st.builds(
    make_office,
    st.integers(0, 10_000),
    st.integers(12, 120),
    st.integers(2, 6),
    st.sampled_from(((1.0, 1.0, 1.0), (0.9, 0.9, 0.1), (0.1, 0.9, 0.9), (0.5, 0.6, 0.5))),
)


@settings(max_examples=150, deadline=None)
@given(OFFICES, QUESTIONS)
def test_no_sum_or_difference_of_shown_numbers_is_about_few_people(office: Office, questions: list[Question]) -> None:
    cells = told(office, questions)[:14]
    for count in (1, 2, 3):
        for chosen in combinations(cells, count):
            for signs in product((1, -1), repeat=count - 1):
                weights: dict[Answer, int] = {}
                for sign, cell in zip((1, *signs), chosen, strict=True):
                    for answer in cell:
                        weights[answer] = weights.get(answer, 0) + sign
                left = people_in(answer for answer, weight in weights.items() if weight)
                assert left == 0 or left >= LEAST


@settings(max_examples=150, deadline=None)
@given(OFFICES, QUESTIONS)
def test_no_combination_at_all_gives_one_persons_answers_away(office: Office, questions: list[Question]) -> None:
    cells = told(office, questions)
    answers = sorted(frozenset[Answer]().union(*cells))
    matrix = np.array([[answer in cell for answer in answers] for cell in cells], dtype=float)
    matrix = matrix.reshape(len(cells), len(answers))
    rank = np.linalg.matrix_rank(matrix) if answers else 0
    for person in {person for person, _, _ in answers}:
        others = [place for place, answer in enumerate(answers) if answer[0] != person]
        # A combination about this person alone vanishes on all others: then they have a smaller rank.
        assert np.linalg.matrix_rank(matrix[:, others]) == rank


def singles_out(rows: np.ndarray, groups: np.ndarray, sizes: np.ndarray, least: int) -> bool:
    """By trying every set of groups: does some combination leave over fewer people than `least`?"""
    rank = len(reduce_rows(rows)[1])
    for count in range(1, len(sizes) + 1):
        for chosen in combinations(range(len(sizes)), count):
            few = sizes[list(chosen)].sum() < least
            if few and len(reduce_rows(rows[:, ~np.isin(groups, chosen)])[1]) < rank:
                return True
    return False


@given(st.integers(0, 1_000_000))
def test_the_search_finds_what_trying_everything_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 7, size=rng.integers(2, 8))
    groups = np.repeat(np.arange(len(sizes)), rng.integers(1, 3, size=len(sizes)))
    rows = (rng.random((rng.integers(1, 6), len(groups))) < rng.choice([0.3, 0.5, 0.8])).astype(np.int64)
    least = int(rng.integers(2, 12))
    assert Search(groups, sizes, least).all_safe(rows) is not singles_out(rows, groups, sizes, least)


def test_arithmetic_modulo_the_prime_solves_what_fractions_solve() -> None:
    rows = np.array([[2, 4, 6], [1, 3, 5]], dtype=np.int64)
    reduced, pivots = reduce_rows(rows)
    assert pivots == [0, 1]
    assert reduced.tolist() == [[1, 0, PRIME - 1], [0, 1, 2]]
