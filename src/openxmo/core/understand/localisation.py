"""Where a change lies: the smallest groups that moved otherwise than all around them.

A cell (values of one or more dimensions) is localised when its change differs from that of the
rest of each of its parents (the cells with one dimension left out), and no finer cell inside it
differs from the rest of it, all after correction for how many cells were searched (Bonferroni).

The clearest cell is taken first and its signals are set aside before the search goes on, because
a group that fell makes all others look as if they had risen: against the rest, every innocent
neighbour of a guilty cell differs too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from openxmo.core.understand.attribution import attribute
from openxmo.core.understand.cuts import CutTable
from openxmo.core.understand.groupings import (
    Columns,
    Grouping,
    Rows,
    groupings_of,
    inside,
    places_in_parent,
    rows_of,
    without,
)
from openxmo.core.understand.sums import Floats, Places, Sums

LEVEL = 0.05
MOST = 20  # localised cells: beyond it a list explains nothing
# Small groups lend too small a spread by chance just where they look extreme; this many signals of
# the overall spread are added to each.
BORROWED_N = 30.0


@dataclass(frozen=True)
class Localised:
    """`share` of the whole change (None where nothing changed overall); `p` is corrected for the search."""

    by: dict[str, str | None]
    share: float | None
    p: float
    n_before: int
    n_after: int


@dataclass(frozen=True)
class Contrast:
    """Per group, against the rest of one parent: how far the changes differ, in standard errors, and p."""

    z: Floats
    p: Floats


@dataclass(frozen=True)
class _Candidate:
    columns: Columns
    group: int
    p: float
    strength: float
    effect: float


def search_depth(dimensions: int) -> int:
    """How many dimensions a searched cell combines at most: all up to three, two where there are over six."""
    return min(dimensions, 3 if dimensions <= 6 else 2)


def localise(cuts: CutTable, *, min_n: int, level: float = LEVEL) -> tuple[Localised, ...]:
    """The cells in which the change between the two periods lies, the largest share first.

    `min_n` signals are needed in a cell and in the rest of each parent, in both periods. On data in
    which all groups moved alike, any cell is named at all in fewer than `level` of cases.
    """
    found: list[Localised] = []
    rows = rows_of(cuts)
    groupings = groupings_of(rows, search_depth(len(cuts.dimensions)))
    while len(found) < MOST:
        best = _clearest(groupings, rows, min_n, level)
        if best is None:
            break
        codes = groupings[best.columns].codes[best.group].tolist()
        named = _named(cuts, best, codes)
        # A finer cell inside it was named before: it is set aside, but it is not where the change lies.
        if not any(finer.by.items() >= named.by.items() for finer in found):
            found.append(named)
        set_aside = inside(rows.codes, best.columns, codes)
        groupings = without(groupings, rows.taken(set_aside))
        rows = rows.taken(~set_aside)
    return tuple(sorted(found, key=lambda cell: (-abs(cell.share or 0.0), cell.p)))


def contrast(cell: tuple[Sums, Sums], parent: tuple[Sums, Sums], spread: tuple[float, float], min_n: int) -> Contrast:
    """Whether each cell's change differs from that of the rest of its parent; p is 1 where it cannot be told.

    `cell` and `parent` are (before, after), row by row; `spread` is the overall variance of one
    signal in each period. Welch's t with the spread of small groups drawn towards the overall one.
    """
    difference = np.zeros(len(cell[0].n))
    variance, freedom_part = np.zeros_like(difference), np.zeros_like(difference)
    enough = np.ones(len(difference), dtype=bool)
    for period, sign in ((0, -1.0), (1, 1.0)):
        rest = parent[period].less(cell[period])
        for sums, side in ((cell[period], sign), (rest, -sign)):
            enough &= (sums.n >= min_n) & (sums.n >= 2) & (sums.x > 0)
            own = _mean_variances(sums, spread[period])
            difference += side * np.nan_to_num(sums.rates())
            variance += own
            freedom_part += own**2 / np.maximum(sums.n + BORROWED_N - 1, 1.0)
    enough &= variance > 0
    z = np.divide(difference, np.sqrt(variance), out=np.zeros_like(difference), where=enough)
    freedom = np.divide(variance**2, freedom_part, out=np.ones_like(difference), where=enough & (freedom_part > 0))
    return Contrast(z, np.where(enough, 2 * stdtr(freedom, -np.abs(z)), 1.0))


def unit_variances(sums: Sums) -> Floats:
    """The variance that one signal (or linking unit) of each group adds: n times that of the group's rate."""
    per_x: Floats = np.divide(sums.n, sums.x, out=np.zeros_like(sums.x), where=sums.x > 0)
    variances: Floats = sums.squared_residuals() * per_x**2 / np.maximum(sums.n - 1, 1.0)
    return variances


def _mean_variances(sums: Sums, spread: float) -> Floats:
    drawn = (sums.n * unit_variances(sums) + BORROWED_N * spread) / (sums.n + BORROWED_N)
    return drawn / np.maximum(sums.n, 1.0)


def _clearest(groupings: Mapping[Columns, Grouping], rows: Rows, min_n: int, level: float) -> _Candidate | None:
    """The cell that differs most from everything outside it, among those that the rule localises."""
    whole = groupings[()]
    spread = (float(unit_variances(whole.before)[0]), float(unit_variances(whole.after)[0]))
    parents = {
        (columns, left_out): places_in_parent(groupings, columns, left_out, rows)
        for columns in groupings
        for left_out in range(len(columns))
    }
    against = {
        (columns, left_out): _against(
            groupings[columns], _parent_of(groupings, columns, left_out), places, spread, min_n
        )
        for (columns, left_out), places in parents.items()
    }
    worst_p = {
        columns: np.max([against[columns, left_out].p for left_out in range(len(columns))], axis=0)
        for columns in groupings
        if columns
    }
    tested = sum(int(np.sum(p < 1)) for p in worst_p.values())
    if not tested:
        return None
    limit = level / tested
    differ_inside = _differ_inside(groupings, parents, against, limit)
    candidates: list[_Candidate] = []
    for columns, p in worst_p.items():
        open_cells = np.flatnonzero((p <= limit) & ~differ_inside[columns])
        if len(open_cells):
            grouping = groupings[columns]
            outside = _against(grouping, whole, np.zeros(len(p), dtype=np.intp), spread, 1)
            effect = attribute(grouping.before, grouping.after).effect
            candidates += [
                _Candidate(columns, int(c), min(1.0, float(p[c]) * tested), abs(float(outside.z[c])), float(effect[c]))
                for c in open_cells
            ]
    # Of two cells that mirror each other, the one with the larger effect is the one that moved.
    return max(candidates, key=lambda one: (round(one.strength, 6), abs(one.effect)), default=None)


def _parent_of(groupings: Mapping[Columns, Grouping], columns: Columns, left_out: int) -> Grouping:
    return groupings[columns[:left_out] + columns[left_out + 1 :]]


def _against(cell: Grouping, parent: Grouping, places: Places, spread: tuple[float, float], min_n: int) -> Contrast:
    expanded = (parent.before.taken(places), parent.after.taken(places))
    return contrast((cell.before, cell.after), expanded, spread, min_n)


def _differ_inside(
    groupings: Mapping[Columns, Grouping],
    parents: Mapping[tuple[Columns, int], Places],
    against: Mapping[tuple[Columns, int], Contrast],
    limit: float,
) -> dict[Columns, NDArray[np.bool_]]:
    """Whether a finer cell, with one dimension more, differs from the rest of each cell."""
    differ = {columns: np.zeros(len(grouping.keys), dtype=bool) for columns, grouping in groupings.items()}
    for (finer, left_out), contrasted in against.items():
        parent = finer[:left_out] + finer[left_out + 1 :]
        differ[parent][parents[finer, left_out][contrasted.p <= limit]] = True
    return differ


def _named(cuts: CutTable, best: _Candidate, codes: Sequence[int]) -> Localised:
    """The cell as it is reported: its share is of the whole change, its signals all that it holds."""
    mask = inside(cuts.codes, best.columns, codes)
    before, after = cuts.before.split(mask), cuts.after.split(mask)
    change = float((cuts.after.total().rates() - cuts.before.total().rates())[0])
    effect = float(attribute(before, after).effect[0])
    by = {cuts.dimensions[column]: cuts.values[column][code] for column, code in zip(best.columns, codes, strict=True)}
    return Localised(by, effect / change if change else None, best.p, int(before.n[0]), int(after.n[0]))
