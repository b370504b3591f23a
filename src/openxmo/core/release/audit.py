"""Could somebody who knows these totals, and adds and subtracts them, single out a few people?"""

from collections.abc import Iterable, Sequence

import numpy as np

from openxmo.core.release.known import Known
from openxmo.core.release.subspace import Matrix, Search, contains

Element = tuple[str, int]  # a person in a stretch of time


def is_safe(totals: Sequence[Known], *, least: int, never: Sequence[Known] = ()) -> bool:
    """Whether no combination of the totals leaves over 1 to `least` - 1 people, nor gives one of `never` away.

    Nor may one leave over nobody and yet some answers: those would be further answers of people who
    are in all its totals, and nobody knows of how few.
    """
    forbidden, known = set(never), set(totals)
    return all(
        part_is_safe([each for each in part if each in known], least, [each for each in part if each in forbidden])
        for part in connected([*totals, *never])
    )


def connected(totals: Sequence[Known]) -> list[list[Known]]:
    """The totals in parts that share nobody's answers: what one part tells adds nothing to another's."""
    parts: list[tuple[set[Element], list[Known]]] = []
    for total in dict.fromkeys(totals):
        elements, members = set(elements_of(total)), [total]
        apart = []
        for other, others in parts:
            if elements.isdisjoint(other):
                apart.append((other, others))
            else:
                elements |= other
                members = others + members
        parts = [*apart, (elements, members)]
    return [members for _, members in parts]


def elements_of(total: Known) -> Iterable[Element]:
    return ((stretch, person) for stretch, people in total.answered for person in people)


def part_is_safe(totals: Sequence[Known], least: int, never: Sequence[Known]) -> bool:
    if not totals:
        return True
    columns, groups, sizes = to_columns([*totals, *never])
    rows, forbidden = columns[: len(totals)], columns[len(totals) :]
    if any(contains(rows, vector[None, :]) for vector in forbidden):
        return False
    return Search(groups, sizes, least).all_safe(rows)


def to_columns(totals: Sequence[Known]) -> tuple[Matrix, Matrix, Matrix]:
    """One row per total, one column per group of people and pattern; the group of each column; the groups' sizes.

    People who are in the same totals in the same stretches cannot be told apart, so they are one
    group. The last column is the number of answers, a group of nobody.
    """
    patterns: dict[int, dict[str, int]] = {}
    for place, total in enumerate(totals):
        for stretch, people in total.answered:
            for person in people:
                found = patterns.setdefault(person, {})
                found[stretch] = found.get(stretch, 0) | 1 << place
    sizes: dict[frozenset[int], int] = {}
    for found in patterns.values():
        key = frozenset(found.values())
        sizes[key] = sizes.get(key, 0) + 1
    columns = [(group, pattern) for group, key in enumerate(sizes) for pattern in sorted(key)]
    matrix = np.array(
        [[pattern >> place & 1 for _, pattern in columns] + [total.n] for place, total in enumerate(totals)],
        dtype=np.int64,
    )
    groups = np.array([group for group, _ in columns] + [len(sizes)], dtype=np.int64)
    return matrix, groups, np.array([*sizes.values(), 0], dtype=np.int64)
