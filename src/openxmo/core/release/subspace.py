"""The smallest group that sums and differences of known totals can single out.

A known total is a row with a 1 for each group of people in it. Whoever knows the rows can work out
any combination of them, so the question is whether some combination leaves only few people over.
Numbers are exact: arithmetic modulo a large prime, in which a combination that leaves few people
over in fractions leaves them over as well.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.int64]
Ints = NDArray[np.int64]
PRIME = 2_147_483_647
MOST_WORK = 100_000_000  # cells touched by the search; where it is not over by then, nothing is proved


def reduce_rows(matrix: Matrix) -> tuple[Matrix, list[int]]:
    """Reduced row echelon form modulo the prime, without rows of zeros, and the pivot columns."""
    rows = matrix % PRIME
    pivots: list[int] = []
    for column in range(rows.shape[1]):
        top = len(pivots)
        if top == rows.shape[0]:
            break
        candidates = np.flatnonzero(rows[top:, column])
        if not len(candidates):
            continue
        swap = top + int(candidates[0])
        rows[[top, swap]] = rows[[swap, top]]
        rows[top] = rows[top] * pow(int(rows[top, column]), PRIME - 2, PRIME) % PRIME
        others = rows[:, column].copy()
        others[top] = 0
        hit = np.flatnonzero(others)
        rows[hit] = (rows[hit] - others[hit, None] * rows[top]) % PRIME
        pivots.append(column)
    return rows[: len(pivots)], pivots


def contains(rows: Matrix, vector: Matrix) -> bool:
    """Whether the vector is a combination of the rows."""
    _, before = reduce_rows(rows)
    _, after = reduce_rows(np.vstack([rows, vector]))
    return len(after) == len(before)


@dataclass
class Search:
    """Looks for a combination that leaves over fewer than `least` people.

    `groups` says for each column to which group of people it belongs (a group that answered in
    several months has a column for each), `sizes` how many people each group has.
    """

    groups: Ints
    sizes: Ints
    least: int
    work: int = field(default=0)

    def all_safe(self, rows: Matrix) -> bool:
        """Whether every combination leaves over at least `least` people; False also where the search runs too long."""
        order = np.lexsort((self.groups, -self.sizes[self.groups]))
        self.groups = self.groups[order]
        reduced, _ = reduce_rows(rows[:, order])
        return self._safe(reduced, 0)

    def _safe(self, rows: Matrix, kept: int) -> bool:
        """Whether each non-zero combination of `rows` adds enough to the `kept` people that are surely left over."""
        if len(rows) == 0:
            return True
        self.work += len(rows) * rows.size
        if self.work > MOST_WORK:
            return False
        if len(rows) == 1:
            return kept + self._left_over(rows[0]) >= self.least
        if kept + self._lower_bound(rows, self.least - kept) >= self.least:
            return True
        return self._branch(rows, kept)

    def _branch(self, rows: Matrix, kept: int) -> bool:
        """Take the largest group that some combination holds: either it cancels out, or it is left over."""
        column = int(np.flatnonzero(rows.any(axis=0))[0])
        own = np.flatnonzero(self.groups == self.groups[column])
        without = vanishing(rows, own)
        if not self._safe(without, kept):
            return False
        size = int(self.sizes[self.groups[column]])
        if kept + size >= self.least:
            return True
        rest = rows.copy()
        rest[:, own] = 0
        reduced, pivots = reduce_rows(rest)
        if len(pivots) < len(rows):
            return False  # a combination leaves over this group alone
        return self._safe(reduced, kept + size)

    def _left_over(self, vector: Matrix) -> int:
        return int(self.sizes[np.unique(self.groups[vector != 0])].sum())

    def _lower_bound(self, rows: Matrix, needed: int) -> int:
        """No combination but zero vanishes on a whole basis of columns: each basis apart adds its smallest group."""
        total, remaining = 0, rows
        groups = self.groups
        while total < needed:
            self.work += len(rows) * remaining.size
            _, pivots = reduce_rows(remaining)
            if len(pivots) < len(rows):
                break
            used = np.unique(groups[pivots])
            total += int(self.sizes[used].min())
            spare = ~np.isin(groups, used)
            remaining, groups = remaining[:, spare], groups[spare]
        return total


def vanishing(rows: Matrix, columns: NDArray[np.intp]) -> Matrix:
    """The combinations of the rows that are zero in these columns, reduced."""
    ordered = np.concatenate([columns, np.setdiff1d(np.arange(rows.shape[1]), columns)])
    reduced, pivots = reduce_rows(rows[:, ordered])
    first = sum(pivot < len(columns) for pivot in pivots)
    found = np.empty((len(pivots) - first, rows.shape[1]), dtype=np.int64)
    found[:, ordered] = reduced[first:]
    return found
