"""The finest cells that tell most of a change, out of nearly as many as there are signals.

Cells are found by sorting one number for each signal, and gone through some at a time: what is kept
of them are the few that are shown and the sums of the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import fsum, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openxmo.core.understand.attribution import Attribution, attribute_columns
from openxmo.core.understand.cuts import LARGEST_KEY, CutTable, Rest
from openxmo.core.understand.parts import MOST_PARTS
from openxmo.core.understand.rows import AT_ONCE, SIDES, Codes, Counted, Rows, parts
from openxmo.core.understand.sums import Floats, Places, Sums

FEWER_AT_ONCE = AT_ONCE // 2  # rows: of each a dozen numbers are worked out
SHORT, MOST_SHARES = 32, 8  # bits of a number that is quick to sort, and shares of the rows for which it is worth it


@dataclass(frozen=True)
class _Cells:
    """Some finest cells in order: their keys, how many signals each holds, its mix and rate."""

    keys: Codes
    n: Codes
    mix: Floats
    rate: Floats
    found: NDArray[Any]  # of each cell the place of its first row, and of those that lead so far their sums

    @property
    def effect(self) -> Floats:
        return np.abs(self.mix + self.rate)

    def taken(self, places: Places) -> "_Cells":
        return _Cells(*(column[places] for column in self.columns))

    def joined(self, other: "_Cells") -> "_Cells":
        return _Cells(*(np.concatenate(both) for both in zip(self.columns, other.columns, strict=True)))

    def first(self, most: int) -> "_Cells":
        """Those of the largest effect, of equal ones the larger, of equal ones again the first; by key."""
        return self.taken(np.sort(leading(self.effect, self.n, most)))

    def beyond(self, least: "_Cells") -> "_Cells":
        """Those that would come before any of the `least` ones; a cell's key is higher than all of theirs."""
        lowest = float(least.effect.min())
        fewest = int(least.n[least.effect == lowest].min())
        effect = self.effect
        return self.taken(np.flatnonzero((effect > lowest) | ((effect == lowest) & (self.n > fewest))))

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        return self.keys, self.n, self.mix, self.rate, self.found


def finest_cells(rows: Rows, *, most: int = MOST_PARTS) -> CutTable:
    """The `most` finest cells that tell most, and a rest of all others; all cells where they are not more.

    Rows with sums of their own are few already: their cells are all kept, as they are where a
    period is empty, so that there is nothing to tell.
    """
    if not isinstance(rows.measures, Counted) or any(not sums.x[0] for sums in rows.whole):
        return CutTable.of_rows(rows)
    kinds = _Kinds.of(rows.measures, rows.whole)
    if prod(rows.sizes) << kinds.bits > LARGEST_KEY:
        return CutTable.of_rows(rows)
    best, cells = kinds.none(), 0
    mixes, rates = [], []
    for part in _sorted_parts(rows, rows.measures, kinds.bits):
        found = kinds.cells(part)
        cells += len(found.keys)
        mixes.append(float(found.mix.sum()))
        rates.append(float(found.rate.sum()))
        if len(best.keys) == most:
            found = found.beyond(best)
        best = best.joined(kinds.summed(found.first(most), part)).first(most)
    codes = np.column_stack(np.unravel_index(best.keys, rows.sizes)).astype(np.int64)
    sides = [np.ascontiguousarray(best.found[:, side]) for side in range(SIDES)]
    if cells <= most:
        return CutTable(rows.dimensions, rows.values, codes, Sums(sides[0]), Sums(sides[1]))
    rest = Rest(
        cells=cells - len(best.keys),
        mix=fsum([*mixes, *(-best.mix).tolist()]),
        rate=fsum([*rates, *(-best.rate).tolist()]),
    )
    before, after = (
        Sums(np.concatenate([shown, whole.table - shown.sum(axis=0)]))
        for shown, whole in zip(sides, kinds.whole, strict=True)
    )
    return CutTable(rows.dimensions, rows.values, codes, before, after, rest)


@dataclass(frozen=True)
class _Kinds:
    """What a signal of each kind (of the period before, then of that after) adds."""

    bits: int
    moments: Floats
    columns: tuple[Floats, Floats, Floats, Floats]  # Σx and Σy before, Σx and Σy after, by kind
    whole: tuple[Sums, Sums]
    alone: Attribution  # of a cell of one signal, by its kind

    @classmethod
    def of(cls, measures: Counted, whole: tuple[Sums, Sums]) -> "_Kinds":
        x, y = measures.moments[:, 1], measures.moments[:, 2]
        none = np.zeros_like(x)
        x0, y0, x1, y1 = (np.concatenate(sides) for sides in ((x, none), (y, none), (none, x), (none, y)))
        alone = attribute_columns(x0, y0, x1, y1, whole=whole)
        bits = (SIDES * measures.width - 1).bit_length()
        return cls(bits, measures.moments, (x0, y0, x1, y1), whole, alone)

    def none(self) -> _Cells:
        whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
        return _Cells(whole, whole, real, real, np.zeros((0, SIDES, self.moments.shape[1])))

    def cells(self, part: Codes) -> _Cells:
        """The cells of some rows in order. Most are of one signal, and need not be worked out one by one."""
        keys, kinds = part >> self.bits, (part & ((1 << self.bits) - 1)).astype(np.intp, copy=False)
        begins = np.ones(len(part), dtype=bool)
        np.not_equal(keys[1:], keys[:-1], out=begins[1:])
        starts = np.flatnonzero(begins)
        n = np.diff(starts, append=len(part))
        first = kinds[starts]
        mix, rate = self.alone.mix[first], self.alone.rate[first]
        several = np.flatnonzero(n > 1)
        if len(several):
            inside = kinds.compress(np.repeat(n > 1, n))
            edges = np.concatenate([[0], np.cumsum(n[several])[:-1]])
            x0, y0, x1, y1 = (np.add.reduceat(column[inside], edges) for column in self.columns)
            found = attribute_columns(x0, y0, x1, y1, whole=self.whole)
            mix[several], rate[several] = found.mix, found.rate
        return _Cells(keys[starts], n, mix, rate, starts)

    def summed(self, cells: _Cells, part: Codes) -> _Cells:
        """The same cells of a part with their sums, before and after."""
        width = SIDES * len(self.moments)
        counts = np.zeros((len(cells.keys), width))
        for place, (start, n) in enumerate(zip(cells.found.tolist(), cells.n.tolist(), strict=True)):
            counts[place] = np.bincount(part[start : start + n] & ((1 << self.bits) - 1), minlength=width)
        return replace(cells, found=counts.reshape(len(counts), SIDES, len(self.moments)) @ self.moments)


def leading(effect: Floats, n: NDArray[np.int64], most: int) -> Places:
    """The places of the largest effects, not in order; of equal ones those of larger n, and then the first."""
    sure: list[Places] = []
    unsure = np.arange(len(effect))
    for values in (effect, n):
        if len(unsure) <= most:
            break
        own = values[unsure]
        limit = np.partition(own, len(own) - most)[len(own) - most]
        sure.append(unsure[own > limit])
        most -= len(sure[-1])
        unsure = unsure[own == limit]
    return np.concatenate([*sure, unsure[:most]])


def _sorted_parts(rows: Rows, measures: Counted, bits: int) -> Iterator[Codes]:
    """A number for each row, of its cell and its kind, in order; in parts that divide no cell."""
    for first, numbers in _numbered(rows, measures, bits):
        numbers.sort()
        beyond = (part.stop for part in parts(len(numbers), FEWER_AT_ONCE) if part.stop < len(numbers))
        begins = (int(np.searchsorted(numbers, numbers[place] >> bits << bits)) for place in beyond)
        for start, end in pairwise(sorted({0, len(numbers), *begins})):
            yield numbers[start:end].astype(np.int64) + first


def _numbered(rows: Rows, measures: Counted, bits: int) -> Iterator[tuple[int, NDArray[Any]]]:
    """What the numbers of some values of the first dimension begin at, and how far beyond it each of their rows is."""
    each = prod(rows.sizes[1:]) << bits  # numbers of one value
    step, of = _share(rows.sizes[0], each)
    firsts = range(0, rows.sizes[0], step)
    shares = [np.empty(len(rows), dtype=of) for _ in firsts]  # what is never written to takes no memory
    filled = [0] * len(shares)
    for part in parts(len(rows)):
        # What does not fit is cut off, and is not missed: the difference to where the share begins fits.
        numbers = rows.keys(range(len(rows.sizes)), part, of=of)
        numbers <<= bits
        numbers |= measures.kinds[part]
        for place, first in enumerate(firsts):
            mine = numbers.compress(rows.codes[0][part] // step == place) if len(shares) > 1 else numbers
            end = filled[place] + len(mine)
            shares[place][filled[place] : end] = mine - of(first * each & np.iinfo(of).max)
            filled[place] = end
    for place, first in enumerate(firsts):
        yield first * each, shares[place][: filled[place]]


def _share(values: int, each: int) -> tuple[int, type[Any]]:
    """For how many values of the first dimension 32 bits hold their numbers, `each` for a value, and how wide they are.

    Such numbers take half the memory and half the time to sort. With many shares, picking the rows
    of each would take longer than that.
    """
    step = min((1 << SHORT) // each, values)
    return (step, np.uint32) if values <= step * MOST_SHARES else (values, np.int64)
