"""The sums of many groups of scored signals as columns, so that thousands of cells cost one step.

A mean and a ratio are the same thing here: Σy/Σx, where for a mean y is Σws and x is Σw. Scores may
be shifted by a fixed origin; differences do not see it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from openxmo.core.metrics.moments import ROUNDING
from openxmo.core.metrics.tally import AnyTally, RatioTally, Tally

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Sums:
    """Per group: n, Σx, Σy, Σx², Σxy, Σy² (for a mean Σw, Σws, Σw², Σw²s, Σw²s²)."""

    table: Floats  # groups × 6

    @classmethod
    def of(cls, tallies: Iterable[AnyTally | None]) -> Self:
        """One group for each tally; None is a group that nothing was heard of."""
        return cls(np.array([_row(tally) for tally in tallies], dtype=np.float64).reshape(-1, 6))

    @property
    def n(self) -> Floats:
        return self.table[:, 0]

    @property
    def x(self) -> Floats:
        return self.table[:, 1]

    @property
    def y(self) -> Floats:
        return self.table[:, 2]

    @property
    def xx(self) -> Floats:
        return self.table[:, 3]

    @property
    def xy(self) -> Floats:
        return self.table[:, 4]

    @property
    def yy(self) -> Floats:
        return self.table[:, 5]

    def total(self) -> "Sums":
        """All groups as one."""
        return Sums(self.table.sum(axis=0, keepdims=True))

    def grouped(self, group: Places, groups: int) -> "Sums":
        """Summed by `group`, the place of the group that each row falls into."""
        return Sums(sum_columns(group, distinct_columns(self.table), groups))

    def split(self, mask: NDArray[np.bool_]) -> "Sums":
        """Two groups: those of the mask, and all others."""
        inside = self.table[mask].sum(axis=0)
        return Sums(np.stack([inside, self.table.sum(axis=0) - inside]))

    def taken(self, places: Places) -> "Sums":
        return Sums(self.table[places])

    def less(self, other: "Sums") -> "Sums":
        """What is left of each group without a part of it."""
        return Sums(self.table - other.table)

    def rates(self, *, of_nothing: float = np.nan) -> Floats:
        """Σy/Σx of each group; `of_nothing` where Σx is 0."""
        rates: Floats = np.divide(self.y, self.x, out=np.full(len(self.x), of_nothing), where=self.x != 0)
        return rates

    def squared_residuals(self) -> Floats:
        """Σ(y - rate·x)² of each group; 0 where what is left of it is the rounding of the sums."""
        rates = self.rates(of_nothing=0.0)
        squares: Floats = self.yy - 2 * rates * self.xy + rates**2 * self.xx
        return np.where(squares > ROUNDING * self.yy, squares, 0.0)


def distinct_columns(table: Floats) -> list[Floats]:
    """The six columns, equal ones as the same array: without weights three of them are the others again."""
    columns: list[Floats] = []
    for place in range(table.shape[1]):
        column = np.ascontiguousarray(table[:, place])
        columns.append(next((known for known in columns if np.array_equal(known, column)), column))
    return columns


def sum_columns(group: Places, columns: Sequence[Floats], groups: int) -> Floats:
    """groups × columns; a column that stands twice is summed once."""
    summed: dict[int, Floats] = {}
    for column in columns:
        if id(column) not in summed:
            summed[id(column)] = np.bincount(group, weights=column, minlength=groups).astype(np.float64, copy=False)
    return np.column_stack([summed[id(column)] for column in columns])


def _row(tally: AnyTally | None) -> tuple[float, ...]:
    match tally:
        case None:
            return (0.0,) * 6
        case Tally():
            return (tally.n, tally.w, tally.ws, tally.w2, tally.w2s, tally.w2s2)
        case RatioTally():
            return (tally.n, tally.x, tally.y, tally.xx, tally.xy, tally.yy)
    raise TypeError("only means and ratios of sums can be taken apart")
