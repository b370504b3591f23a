"""The finest cells that tell most of a change, out of nearly as many as there are signals.

Cells are found by sorting one number for each signal, and gone through some at a time: what is kept
of them are the few that are shown and the sums of the rest.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import fsum, prod

import numpy as np
from numpy.typing import NDArray

from openxmo.core.understand.attribution import Attribution, attribute_columns
from openxmo.core.understand.cuts import LARGEST_KEY, CutTable, Rest
from openxmo.core.understand.parts import MOST_PARTS
from openxmo.core.understand.rows import AT_ONCE, SIDES, Codes, Counted, Rows, parts
from openxmo.core.understand.sums import Floats, Places, Sums


@dataclass(frozen=True)
class _Cells:
    """Some finest cells: their keys, how many signals each holds, its mix and rate."""

    keys: Codes
    n: Codes
    mix: Floats
    rate: Floats

    def first(self, most: int) -> "_Cells":
        """Those of the largest effect, of equal ones the larger, of equal ones again the first; by key."""
        return self.taken(np.sort(leading(np.abs(self.mix + self.rate), self.n, most)))

    def beyond(self, least: "_Cells") -> "_Cells":
        """Those that would come before any of the `least` ones; a cell's key is higher than all of theirs."""
        effect, least_effect = np.abs(self.mix + self.rate), np.abs(least.mix + least.rate)
        lowest = float(least_effect.min())
        fewest = int(least.n[least_effect == lowest].min())
        places = np.flatnonzero((effect > lowest) | ((effect == lowest) & (self.n > fewest)))
        return self.taken(places)

    def taken(self, places: Places) -> "_Cells":
        return _Cells(self.keys[places], self.n[places], self.mix[places], self.rate[places])

    def joined(self, other: "_Cells") -> "_Cells":
        return _Cells(
            np.concatenate([self.keys, other.keys]),
            np.concatenate([self.n, other.n]),
            np.concatenate([self.mix, other.mix]),
            np.concatenate([self.rate, other.rate]),
        )


def finest_cells(rows: Rows, *, most: int = MOST_PARTS) -> CutTable:
    """The `most` finest cells that tell most, and a rest of all others; all of them where that is too few to matter.

    Rows with sums of their own are few already, and stay what they are. Both periods must hold rows.
    """
    measures = rows.measures
    if not isinstance(measures, Counted):
        return CutTable.of_rows(rows)
    if any(not sums.x[0] for sums in rows.whole()):  # one period is empty: there is nothing to tell
        return CutTable.of_rows(rows)
    bits = (SIDES * measures.width - 1).bit_length()
    if prod(rows.sizes) << bits > LARGEST_KEY:
        return CutTable.of_rows(rows)
    kinds = _Kinds.of(measures, rows, bits)
    sorted_rows = rows.keys(range(len(rows.sizes)))
    sorted_rows <<= bits
    sorted_rows |= measures.kinds
    sorted_rows.sort()
    best, cells, mixes, rates = None, 0, [], []
    for part in _whole_cells(sorted_rows, bits):
        found = kinds.cells(part)
        cells += len(found.keys)
        mixes.append(float(found.mix.sum()))
        rates.append(float(found.rate.sum()))
        if best is not None and len(best.keys) == most:
            found = found.beyond(best)
        best = (found if best is None else best.joined(found)).first(most)
    assert best is not None
    before, after = kinds.sums(sorted_rows, best.keys)
    codes = np.column_stack(np.unravel_index(best.keys, rows.sizes)).astype(np.int64)
    if cells <= most:
        return CutTable(rows.dimensions, rows.values, codes, before, after)
    rest = Rest(
        cells=cells - len(best.keys),
        mix=fsum([*mixes, *(-best.mix).tolist()]),
        rate=fsum([*rates, *(-best.rate).tolist()]),
    )
    sides = [
        Sums(np.concatenate([shown.table, whole.table - shown.total().table]))
        for shown, whole in zip((before, after), kinds.whole, strict=True)
    ]
    return CutTable(rows.dimensions, rows.values, codes, sides[0], sides[1], rest)


@dataclass(frozen=True)
class _Kinds:
    """What a signal of each kind (of the period before, then of that after) adds."""

    bits: int
    moments: Floats
    columns: tuple[Floats, Floats, Floats, Floats]  # Σx and Σy before, Σx and Σy after, by kind
    whole: tuple[Sums, Sums]
    alone: Attribution  # of a cell of one signal, by its kind

    @classmethod
    def of(cls, measures: Counted, rows: Rows, bits: int) -> "_Kinds":
        x, y = measures.moments[:, 1], measures.moments[:, 2]
        none = np.zeros_like(x)
        x0, y0, x1, y1 = (np.concatenate(sides) for sides in ((x, none), (y, none), (none, x), (none, y)))
        whole = rows.whole()
        return cls(bits, measures.moments, (x0, y0, x1, y1), whole, attribute_columns(x0, y0, x1, y1, whole=whole))

    def cells(self, part: Codes) -> _Cells:
        """The cells of some rows in order. Most are of one signal, and need not be worked out one by one."""
        keys, kinds = part >> self.bits, (part & ((1 << self.bits) - 1)).astype(np.intp)
        begins = np.ones(len(part), dtype=bool)
        np.not_equal(keys[1:], keys[:-1], out=begins[1:])
        starts = np.flatnonzero(begins)
        n = np.diff(starts, append=len(part))
        first = kinds[starts]
        mix, rate = self.alone.mix[first], self.alone.rate[first]
        several = np.flatnonzero(n > 1)
        if len(several):
            inside = kinds[np.repeat(n > 1, n)]
            edges = np.concatenate([[0], np.cumsum(n[several])[:-1]])
            x0, y0, x1, y1 = (np.add.reduceat(column[inside], edges) for column in self.columns)
            found = attribute_columns(x0, y0, x1, y1, whole=self.whole)
            mix[several], rate[several] = found.mix, found.rate
        return _Cells(keys[starts], n, mix, rate)

    def sums(self, sorted_rows: Codes, keys: Codes) -> tuple[Sums, Sums]:
        """All sums of some cells, before and after."""
        ends = [np.searchsorted(sorted_rows, edge << self.bits) for edge in (keys, keys + 1)]
        width = SIDES * len(self.moments)
        counts = [
            np.bincount(sorted_rows[start:end] & ((1 << self.bits) - 1), minlength=width)
            for start, end in zip(*ends, strict=True)
        ]
        table = np.array(counts, dtype=np.float64).reshape(len(keys), SIDES, -1) @ self.moments
        return Sums(np.ascontiguousarray(table[:, 0])), Sums(np.ascontiguousarray(table[:, 1]))


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


def _whole_cells(sorted_rows: Codes, bits: int) -> list[Codes]:
    """The rows in pieces that divide no cell."""
    edges = []
    for part in parts(len(sorted_rows), AT_ONCE):
        last = (sorted_rows[part.stop - 1] >> bits) + 1
        edges.append(int(np.searchsorted(sorted_rows, last << bits)))
    edges = sorted({0, *edges})
    return [sorted_rows[start:end] for start, end in pairwise(edges)]
