"""All cells that a search goes through: sums over every few dimensions, and which cell lies in which.

They stand in one table, grouping after grouping, so that comparing all of them is a handful of steps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openxmo.core.understand.rows import SIDES, Codes, Rows
from openxmo.core.understand.sums import Floats, Places, Sums

Columns = tuple[int, ...]
DENSE = 1_000_000  # up to so many possible cells a table of all of them is quicker than sorting
FEWEST, MOST = 1 << 10, 1 << 14  # cells of a table from which several groupings are summed


@dataclass(frozen=True)
class Groupings:
    """The cells of all groupings, in the order of their keys; the whole is the grouping by nothing, and the first."""

    sizes: tuple[int, ...]
    keys: dict[Columns, Codes]
    starts: dict[Columns, int]
    before: Sums
    after: Sums
    child: Places  # each pair of a cell and a cell one dimension coarser that holds it
    parent: Places

    def place_of(self, columns: Columns) -> slice:
        return slice(self.starts[columns], self.starts[columns] + len(self.keys[columns]))

    def cell_at(self, place: int) -> tuple[Columns, list[int]]:
        """The dimensions of a cell, and its codes in them."""
        columns = next(known for known in self.keys if place < self.place_of(known).stop)
        key = self.keys[columns][place - self.starts[columns]]
        sizes = [self.sizes[column] for column in columns]
        return columns, [int(code) for code in np.unravel_index(key, sizes)] if columns else []

    def without(self, rows: Rows) -> "Groupings":
        """Less the sums of some of the rows."""
        sides = [self.before.table.copy(), self.after.table.copy()]
        for columns, (keys, table) in tabulate(rows, list(self.keys)).items():
            places = self.starts[columns] + np.searchsorted(self.keys[columns], keys)
            for side in range(SIDES):
                sides[side][places] -= table[:, side]
        return replace(self, before=Sums(sides[0]), after=Sums(sides[1]))


def groupings_of(rows: Rows, depth: int) -> Groupings:
    """Every grouping of up to `depth` dimensions, each dimension named by its place."""
    wanted = [columns for size in range(depth + 1) for columns in combinations(range(len(rows.sizes)), size)]
    found = tabulate(rows, wanted)
    keys = {columns: found[columns][0] for columns in wanted}
    ends = np.cumsum([len(keys[columns]) for columns in wanted]).tolist()
    starts = {columns: end - len(keys[columns]) for columns, end in zip(wanted, ends, strict=True)}
    table = np.concatenate([found[columns][1] for columns in wanted])
    child, parent = _links(rows.sizes, keys, starts)
    before, after = (Sums(np.ascontiguousarray(table[:, side])) for side in range(SIDES))
    return Groupings(rows.sizes, keys, starts, before, after, child, parent)


def tabulate(rows: Rows, wanted: Sequence[Columns]) -> dict[Columns, tuple[Codes, Floats]]:
    """The keys of the cells of each grouping in order, and their sums (cells × 2 periods × 6)."""
    found: dict[Columns, tuple[Codes, Floats]] = {}
    dense = [columns for columns in wanted if prod(rows.sizes[column] for column in columns) <= DENSE]
    for block, members in blocks_of(rows.sizes, dense, most=min(max(len(rows) // 8, FEWEST), MOST)):
        table = rows.tabulated(block)
        for columns in members:
            found[columns] = _heard(rows, _summed_out(table, [column in columns for column in block]))
    return found | {columns: _sorted(rows, columns) for columns in wanted if columns not in found}


def blocks_of(sizes: Sequence[int], wanted: Iterable[Columns], *, most: int) -> list[tuple[Columns, list[Columns]]]:
    """Few combinations of dimensions, of up to `most` cells, whose tables hold all groupings wanted; each with its own.

    Summing a table is much quicker than going through all rows again. A single grouping may be larger.
    """
    left = sorted(wanted, key=lambda columns: (-len(columns), -prod(sizes[c] for c in columns), columns))
    blocks = []
    while left:
        block = set(left[0])
        while fitting := [
            column
            for column in range(len(sizes))
            if column not in block and prod(sizes[c] for c in block) * sizes[column] <= most
        ]:
            block.add(max(fitting, key=lambda column: (_covered(left, {*block, column}), -sizes[column])))
        blocks.append((tuple(sorted(block)), [columns for columns in left if block.issuperset(columns)]))
        left = [columns for columns in left if not block.issuperset(columns)]
    return blocks


def _covered(wanted: Iterable[Columns], block: set[int]) -> int:
    return sum(block.issuperset(columns) for columns in wanted)


def _summed_out(table: NDArray[Any], kept: Sequence[bool]) -> NDArray[Any]:
    """Without some of the first axes, the first of them first: so the longest stretches of memory are added up."""
    for place in [place for place, is_kept in enumerate(kept) if not is_kept]:
        table = table.sum(axis=place - kept[:place].count(False))
    return table


def _heard(rows: Rows, table: NDArray[Any]) -> tuple[Codes, Floats]:
    """The cells of a table of all possible ones in which anything was heard."""
    flat = table.reshape(-1, SIDES, rows.measures.width)
    keys = np.flatnonzero(flat.any(axis=(1, 2)))
    return keys.astype(np.int64), rows.measures.sums(flat[keys])


def _sorted(rows: Rows, columns: Columns) -> tuple[Codes, Floats]:
    keys, group = np.unique(rows.keys(columns), return_inverse=True)
    table = rows.measures.tabulate(group.astype(np.int64), len(keys), slice(None))
    return keys, rows.measures.sums(table.reshape(len(keys), SIDES, rows.measures.width))


def _links(sizes: Sequence[int], keys: dict[Columns, Codes], starts: dict[Columns, int]) -> tuple[Places, Places]:
    children, parents = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)]
    for columns, known in keys.items():
        for left_out in range(len(columns)):
            coarser = columns[:left_out] + columns[left_out + 1 :]
            inner = prod(sizes[column] for column in columns[left_out + 1 :])
            of_parent = known // (inner * sizes[columns[left_out]]) * inner + known % inner
            children.append(starts[columns] + np.arange(len(known)))
            parents.append(starts[coarser] + np.searchsorted(keys[coarser], of_parent))
    return np.concatenate(children), np.concatenate(parents)
