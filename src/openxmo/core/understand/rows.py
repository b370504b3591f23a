"""What counted in two periods, a row for each signal (or for some signals alike): codes, and what it adds to sums."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openxmo.core.understand.sums import Floats, Places, Sums

Codes = NDArray[np.int64]
SmallCodes = NDArray[Any]  # unsigned, as narrow as the number of values allows
Mask = NDArray[np.bool_]
AT_ONCE = 1 << 17  # rows: so many fit into a core's cache with all that is worked out of them
SIDES = 2


@dataclass(frozen=True)
class Counted:
    """Signals of few kinds, such as promoters, passives and detractors: sums follow from how many there are of each."""

    kinds: NDArray[np.uint8]  # the kind of each row; of the period after they come behind all of the period before
    moments: Floats  # kinds × 6: what one signal of a kind adds to `Sums`

    @property
    def width(self) -> int:
        return len(self.moments)

    def tabulate(self, keys: NDArray[Any], cells: int, part: slice) -> NDArray[Any]:
        """How many rows of each kind in each period have each key; uses the keys up."""
        keys *= keys.dtype.type(SIDES * self.width)
        keys += self.kinds[part]
        return np.bincount(keys, minlength=cells * SIDES * self.width)

    def sums(self, table: NDArray[Any]) -> Floats:
        """cells × 2 × 6, of what was tabulated (cells × 2 × kinds)."""
        return np.asarray(table.astype(np.float64) @ self.moments)

    def whole(self) -> NDArray[Any]:
        """How many rows there are of each kind in each period: comparing is quicker than counting by keys."""
        table = np.zeros(SIDES * self.width, dtype=np.int64)
        for part in parts(len(self.kinds)):
            table += [np.count_nonzero(self.kinds[part] == kind) for kind in range(len(table))]
        return table

    def taken(self, places: Places) -> "Counted":
        return Counted(self.kinds[places], self.moments)


@dataclass(frozen=True)
class Summed:
    """Rows with sums of their own; of the six columns of `Sums` equal ones are the same array."""

    is_after: Mask
    columns: tuple[Floats, ...]

    @cached_property
    def distinct(self) -> list[Floats]:
        return list({id(column): column for column in self.columns}.values())

    @property
    def width(self) -> int:
        return len(self.distinct)

    def tabulate(self, keys: NDArray[Any], cells: int, part: slice) -> NDArray[Any]:
        """What the rows of each key and period add up to in each distinct column; uses the keys up."""
        keys *= keys.dtype.type(SIDES)
        keys += self.is_after[part]
        each = [np.bincount(keys, weights=column[part], minlength=cells * SIDES) for column in self.distinct]
        return np.stack(each, axis=1).ravel().astype(np.float64, copy=False)  # of no rows it counts whole numbers

    def sums(self, table: NDArray[Any]) -> Floats:
        place = {id(column): at for at, column in enumerate(self.distinct)}
        return np.asarray(table[:, :, [place[id(column)] for column in self.columns]])

    def whole(self) -> NDArray[Any]:
        """What all rows of each period add up to in each distinct column."""
        table = np.zeros(SIDES * self.width)
        for part in parts(len(self.is_after)):
            table += self.tabulate(np.zeros(part.stop - part.start, dtype=np.int32), 1, part)
        return table

    def taken(self, places: Places) -> "Summed":
        kept = {id(column): column[places] for column in self.distinct}
        return Summed(self.is_after[places], tuple(kept[id(column)] for column in self.columns))


@dataclass(frozen=True)
class Rows:
    """`codes` are the places of each row's values among the `values` of each dimension, missing being one of them."""

    dimensions: tuple[str, ...]
    values: tuple[tuple[str | None, ...], ...]
    codes: tuple[SmallCodes, ...]
    measures: Counted | Summed

    def __len__(self) -> int:
        return len(self.codes[0])

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        return tuple(len(known) for known in self.values)

    def inside(self, columns: Iterable[int], codes: Sequence[int]) -> Mask:
        """Which rows have these codes in these dimensions."""
        mask = np.ones(len(self), dtype=bool)
        for column, code in zip(columns, codes, strict=True):
            for part in parts(len(self)):
                mask[part] &= self.codes[column][part] == code
        return mask

    def taken(self, mask: Mask) -> "Rows":
        """Some of the rows. Their places are looked up once, since each column would go through the whole mask."""
        places = np.flatnonzero(mask)
        codes = tuple(codes[places] for codes in self.codes)
        return Rows(self.dimensions, self.values, codes, self.measures.taken(places))

    def keys(self, columns: Sequence[int], part: slice = slice(None), *, of: type[Any] = np.int64) -> NDArray[Any]:
        """One number for each row of a part from its codes in some dimensions, in their order."""
        if not columns:
            return np.zeros(len(self.codes[0][part]), dtype=of)
        reach = self.sizes[columns[0]]
        keys: NDArray[Any] = self.codes[columns[0]][part].astype(np.uint32)
        for column in columns[1:]:
            reach *= self.sizes[column]
            if reach > np.iinfo(np.uint32).max and keys.dtype == np.uint32:
                keys = keys.astype(np.int64)
            keys *= keys.dtype.type(self.sizes[column])
            keys += self.codes[column][part]
        return keys.astype(of, copy=False)

    def tabulated(self, columns: Sequence[int]) -> NDArray[Any]:
        """sizes of the dimensions × 2 periods × what `measures` adds up, over all rows."""
        cells = prod(self.sizes[column] for column in columns)
        of = np.int32 if cells * SIDES * self.measures.width < np.iinfo(np.int32).max else np.int64
        table = self.measures.tabulate(np.zeros(0, dtype=of), cells, slice(0))
        for part in parts(len(self)):
            table += self.measures.tabulate(self.keys(columns, part, of=of), cells, part)
        return table.reshape(*(self.sizes[column] for column in columns), SIDES, self.measures.width)

    @cached_property
    def whole(self) -> tuple[Sums, Sums]:
        """All rows as one group, before and after."""
        table = self.measures.sums(self.measures.whole().reshape(1, SIDES, self.measures.width))
        return Sums(table[:, 0]), Sums(table[:, 1])


def parts(rows: int, size: int = AT_ONCE) -> Iterator[slice]:
    return (slice(start, min(start + size, rows)) for start in range(0, rows, size))


def narrow(values: int) -> np.dtype[Any]:
    """The narrowest numbers that hold the places of so many values."""
    return np.min_scalar_type(max(values - 1, 0))
