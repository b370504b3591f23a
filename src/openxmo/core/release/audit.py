"""Could somebody who knows these totals, and adds and subtracts them, single out a few people?"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from openxmo.core.release.known import Known
from openxmo.core.release.subspace import Ints, Matrix, Search, contains, reduce_rows

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
    # Elimination needs each pattern once only, however many groups have it.
    patterns, place = np.unique(columns, axis=1, return_inverse=True)
    rows, forbidden = patterns[: len(totals)], patterns[len(totals) :]
    reduced, _ = reduce_rows(rows)
    counts = np.array([[total.n] for total in totals], dtype=np.int64)
    if len(reduce_rows(np.hstack([rows, counts]))[0]) > len(reduced):
        return False  # nobody is left over, yet some answers
    if any(contains(reduced, vector[None, :]) for vector in forbidden):
        return False
    return all(
        Search(*merge(groups[inside], sizes, place[inside]), least).all_safe(piece[:, place[inside]])
        for piece, inside in pieces(reduced, place)
    )


def pieces(reduced: Matrix, place: Ints) -> Iterator[tuple[Matrix, Ints]]:
    """The reduced rows in pieces without a column in common, each with the places of its columns.

    A combination of all rows leaves over at least what its part in one piece does, so pieces are
    searched one by one. A total that is the sum of shown parts vanishes in the reduction, and the
    parts then stand alone.
    """
    links = (reduced != 0).astype(np.int64)
    count, piece_of = connected_components(csr_array(links @ links.T), directed=False)
    for number in range(count):
        rows = reduced[piece_of == number]
        yield rows, np.flatnonzero(rows.any(axis=0)[place])


def merge(groups: Ints, sizes: Ints, patterns: Ints) -> tuple[Ints, Ints]:
    """Groups that have the same columns of a piece, taken together: their numbers by column, and their sizes.

    The columns stay; those of the groups taken together hold the same, so they count once.
    """
    own: dict[int, list[int]] = {}
    for group, pattern in zip(groups.tolist(), patterns.tolist(), strict=True):
        own.setdefault(group, []).append(pattern)
    numbers: dict[tuple[int, ...], int] = {}
    merged = {group: numbers.setdefault(tuple(sorted(found)), len(numbers)) for group, found in own.items()}
    totals = np.zeros(len(numbers), dtype=np.int64)
    for group, number in merged.items():
        totals[number] += sizes[group]
    return np.array([merged[group] for group in groups.tolist()], dtype=np.int64), totals


def to_columns(totals: Sequence[Known]) -> tuple[Matrix, Ints, Ints]:
    """One row per total, one column per group of people and pattern; the group of each column; the groups' sizes.

    People who are in the same totals in the same stretches cannot be told apart, so they are one group.
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
        [[pattern >> place & 1 for _, pattern in columns] for place in range(len(totals))], dtype=np.int64
    )
    return matrix, np.array([group for group, _ in columns]), np.array([*sizes.values()], dtype=np.int64)
