"""The coarser cells inside which finer ones lie: sums over some of the dimensions, for a search through all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from openxmo.core.understand.cuts import Codes, CutTable, radix_keys
from openxmo.core.understand.sums import Floats, Places, Sums, distinct_columns, sum_columns

Columns = tuple[int, ...]
DENSE = 1_000_000  # up to so many possible cells a table of all of them is quicker than sorting


@dataclass(frozen=True)
class Rows:
    """The finest cells, one row for each period in which something was heard."""

    sizes: tuple[int, ...]  # how many values each dimension has
    codes: Codes
    is_after: NDArray[np.bool_]
    columns: list[Floats]

    def taken(self, mask: NDArray[np.bool_]) -> "Rows":
        kept = {id(column): column[mask] for column in self.columns}
        return Rows(
            self.sizes,
            np.asfortranarray(self.codes[mask]),
            self.is_after[mask],
            [kept[id(column)] for column in self.columns],
        )


@dataclass(frozen=True)
class Grouping:
    """The cells of some dimensions, in the order of their keys."""

    codes: Codes  # cells × the dimensions grouped by
    keys: Codes
    before: Sums
    after: Sums


def rows_of(cuts: CutTable) -> Rows:
    heard = [np.flatnonzero(sums.n > 0) for sums in (cuts.before, cuts.after)]
    table = np.concatenate([cuts.before.table[heard[0]], cuts.after.table[heard[1]]])
    return Rows(
        tuple(len(known) for known in cuts.values),
        np.asfortranarray(np.concatenate([cuts.codes[heard[0]], cuts.codes[heard[1]]])),
        np.repeat([False, True], [len(heard[0]), len(heard[1])]),
        distinct_columns(table),
    )


def groupings_of(rows: Rows, depth: int) -> dict[Columns, Grouping]:
    """Every grouping of up to `depth` dimensions (named by place), and the whole under the empty key."""
    wanted = [columns for size in range(depth + 1) for columns in combinations(range(len(rows.sizes)), size)]
    return {columns: group_by(rows, columns) for columns in wanted}


def group_by(rows: Rows, columns: Columns) -> Grouping:
    """The rows summed over all dimensions that are not in `columns`."""
    sizes = [rows.sizes[column] for column in columns]
    possible = prod(sizes)
    keys = radix_keys(rows.codes, columns, sizes)
    known = None
    if possible > DENSE:
        known, keys = np.unique(keys, return_inverse=True)
    cells = possible if known is None else len(known)
    table = sum_columns(keys * 2 + rows.is_after, rows.columns, 2 * cells).reshape(cells, 2, -1)
    if known is None:
        known = np.flatnonzero(table[:, :, 0].any(axis=1)).astype(np.int64)
        table = table[known]
    codes = np.column_stack(np.unravel_index(known, sizes)) if sizes else np.zeros((len(known), 0))
    before, after = (Sums(np.ascontiguousarray(table[:, side])) for side in (0, 1))
    return Grouping(codes.astype(np.int64), known, before, after)


def places_in_parent(groupings: Mapping[Columns, Grouping], columns: Columns, left_out: int, rows: Rows) -> Places:
    """For each cell of a grouping, the place of its parent: the cell without the dimension at `left_out`."""
    others = [place for place in range(len(columns)) if place != left_out]
    sizes = [rows.sizes[columns[place]] for place in others]
    keys = radix_keys(groupings[columns].codes, others, sizes)
    parent = groupings[tuple(columns[place] for place in others)]
    return np.searchsorted(parent.keys, keys).astype(np.intp)


def without(groupings: Mapping[Columns, Grouping], gone: Rows) -> dict[Columns, Grouping]:
    """The groupings less the sums of some of their rows."""
    left = {}
    for columns, grouping in groupings.items():
        part = group_by(gone, columns)
        places = np.searchsorted(grouping.keys, part.keys)
        sides = []
        for whole, taken in ((grouping.before, part.before), (grouping.after, part.after)):
            table = whole.table.copy()
            table[places] -= taken.table
            sides.append(Sums(table))
        left[columns] = Grouping(grouping.codes, grouping.keys, sides[0], sides[1])
    return left


def inside(codes: Codes, columns: Iterable[int], values: Sequence[int]) -> NDArray[np.bool_]:
    """Which rows have these values in these columns."""
    mask = np.ones(len(codes), dtype=bool)
    for column, value in zip(columns, values, strict=True):
        mask &= codes[:, column] == value
    return mask
