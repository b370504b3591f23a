"""The finest cells of two periods cut by several dimensions, as codes and sums."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from openxmo.core.metrics.tally import AnyTally
from openxmo.core.understand.attribution import Attribution, attribute
from openxmo.core.understand.rows import SIDES, Codes, Rows, Summed, narrow
from openxmo.core.understand.sums import Places, Sums, distinct_columns

Label = Mapping[str, str | None]
TalliedCell = tuple[Label, AnyTally]
LARGEST_KEY = 2**62


@dataclass(frozen=True)
class Rest:
    """The finest cells that nothing is known of one by one: how many, and their mix and rate together."""

    cells: int
    mix: float
    rate: float


@dataclass(frozen=True)
class CutTable:
    """One row per finest cell: the place of its value in each dimension's `values`, and its sums.

    A missing value is a value like any other. Values and cells are in order, missing last. Where
    there is a `rest`, the sums have one row more, of all cells of the rest together.
    """

    dimensions: tuple[str, ...]
    values: tuple[tuple[str | None, ...], ...]
    codes: Codes  # cells × dimensions
    before: Sums
    after: Sums
    rest: Rest | None = None

    @classmethod
    def of(cls, dimensions: Sequence[str], before: Iterable[TalliedCell], after: Iterable[TalliedCell]) -> Self:
        """Lines the cells of both periods up; a cell that one period lacks has empty sums there."""
        tallied: dict[tuple[str | None, ...], list[AnyTally | None]] = {}
        for period, cells in enumerate((before, after)):
            for by, tally in cells:
                key = tuple(by[dimension] for dimension in dimensions)
                tallied.setdefault(key, [None, None])[period] = tally
        keys = list(tallied)
        values = tuple(in_order({key[place] for key in keys}) for place in range(len(dimensions)))
        places = [{value: code for code, value in enumerate(known)} for known in values]
        codes = [[places[d][value] for d, value in enumerate(key)] for key in keys]
        table = np.array(codes, dtype=np.int64).reshape(len(keys), len(dimensions))
        order = np.lexsort(table.T[::-1]) if len(keys) else np.zeros(0, dtype=np.intp)
        sums = [Sums.of(tallied[keys[place]][period] for place in order) for period in (0, 1)]
        return cls(tuple(dimensions), values, table[order], sums[0], sums[1])

    @classmethod
    def of_rows(cls, rows: Rows) -> Self:
        """All finest cells; several rows may fall into one cell of one period."""
        _, first, group = np.unique(_keys(rows), return_index=True, return_inverse=True)
        tabulated = rows.measures.tabulate(group.astype(np.int64), len(first), slice(None))
        table = rows.measures.sums(tabulated.reshape(len(first), SIDES, rows.measures.width))
        codes = np.column_stack([codes[first] for codes in rows.codes]).astype(np.int64)
        before, after = (Sums(np.ascontiguousarray(table[:, side])) for side in range(SIDES))
        return cls(rows.dimensions, rows.values, codes, before, after)

    @property
    def count(self) -> int:
        """How many finest cells there are, those of the rest among them."""
        return len(self.codes) + (self.rest.cells if self.rest else 0)

    @property
    def places(self) -> Places:
        """The places of all rows of the sums."""
        return np.arange(len(self.before.n))

    def rows(self) -> Rows:
        """The cells as rows, one for each period in which something was heard, to search through."""
        heard = [np.flatnonzero(sums.n > 0) for sums in (self.before, self.after)]
        table = np.concatenate([self.before.table[heard[0]], self.after.table[heard[1]]])
        codes = self.codes[np.concatenate(heard)]
        is_after = np.repeat([False, True], [len(places) for places in heard])
        narrowed = tuple(codes[:, at].astype(narrow(len(known))) for at, known in enumerate(self.values))
        return Rows(self.dimensions, self.values, narrowed, Summed(is_after, tuple(distinct_columns(table))))

    def attribution(self) -> Attribution:
        """Mix and rate of each row of the sums."""
        found = attribute(self.before, self.after)
        if self.rest:
            found.mix[-1], found.rate[-1] = self.rest.mix, self.rest.rate
        return found

    def label(self, cell: int) -> dict[str, str | None]:
        """What a finest cell is called: its value of each dimension."""
        return {name: self.values[place][self.codes[cell, place]] for place, name in enumerate(self.dimensions)}

    def members(self, by: Label) -> NDArray[np.intp]:
        """The places of the finest cells inside a coarser one, as far as they are known one by one."""
        inside = np.ones(len(self.codes), dtype=bool)
        for name, value in by.items():
            column = self.dimensions.index(name)
            inside &= self.codes[:, column] == self.values[column].index(value)
        return np.flatnonzero(inside)


def in_order(values: Iterable[str | None]) -> tuple[str | None, ...]:
    return tuple(sorted(values, key=lambda value: (value is None, value or "")))


def _keys(rows: Rows) -> Codes:
    """A number for each row's finest cell, in order; made dense where it would grow too large."""
    keys, reach = np.zeros(len(rows), dtype=np.int64), 1
    for codes, size in zip(rows.codes, rows.sizes, strict=True):
        if reach * size > LARGEST_KEY:
            known, dense = np.unique(keys, return_inverse=True)
            keys, reach = dense.astype(np.int64), len(known)
        keys *= size
        keys += codes
        reach *= size
    return keys
