"""The finest cells of two periods cut by several dimensions, as codes and sums."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from openxmo.core.metrics.tally import AnyTally
from openxmo.core.understand.sums import Floats, Sums, sum_columns

Label = Mapping[str, str | None]
TalliedCell = tuple[Label, AnyTally]
Codes = NDArray[np.int64]
LARGEST_KEY = 2**62


@dataclass(frozen=True)
class CutTable:
    """One row per finest cell: the place of its value in each dimension's `values`, and its sums.

    A missing value is a value like any other. Values and cells are in order, missing last.
    """

    dimensions: tuple[str, ...]
    values: tuple[tuple[str | None, ...], ...]
    codes: Codes  # cells × dimensions
    before: Sums
    after: Sums

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
    def of_rows(
        cls,
        dimensions: Sequence[str],
        values: Sequence[Sequence[str | None]],
        codes: Codes,
        is_after: NDArray[np.bool_],
        columns: Sequence[Floats],
    ) -> Self:
        """From rows, several of which may fall into one cell of one period; `columns` are those of `Sums`."""
        keys = radix_keys(codes, range(len(values)), [len(known) for known in values])
        _, first, group = np.unique(keys, return_index=True, return_inverse=True)
        table = sum_columns(group * 2 + is_after, columns, 2 * len(first)).reshape(len(first), 2, -1)
        return cls(
            tuple(dimensions),
            tuple(tuple(known) for known in values),
            codes[first],
            Sums(np.ascontiguousarray(table[:, 0])),
            Sums(np.ascontiguousarray(table[:, 1])),
        )

    def label(self, cell: int) -> dict[str, str | None]:
        """What a finest cell is called: its value of each dimension."""
        return {name: self.values[place][self.codes[cell, place]] for place, name in enumerate(self.dimensions)}

    def members(self, by: Label) -> NDArray[np.intp]:
        """The places of the finest cells inside a coarser one."""
        inside = np.ones(len(self.codes), dtype=bool)
        for name, value in by.items():
            column = self.dimensions.index(name)
            inside &= self.codes[:, column] == self.values[column].index(value)
        return np.flatnonzero(inside)


def in_order(values: Iterable[str | None]) -> tuple[str | None, ...]:
    return tuple(sorted(values, key=lambda value: (value is None, value or "")))


def radix_keys(codes: Codes, columns: Sequence[int], sizes: Sequence[int]) -> Codes:
    """One number for each row from its codes in `columns`, in their order; made dense where it would grow too large."""
    keys, reach = np.zeros(len(codes), dtype=np.int64), 1
    for column, size in zip(columns, sizes, strict=True):
        if reach * size > LARGEST_KEY:
            known, keys = np.unique(keys, return_inverse=True)
            keys, reach = keys.astype(np.int64), len(known)
        keys, reach = keys * size + codes[:, column] if reach > 1 else codes[:, column], reach * size
    return keys
