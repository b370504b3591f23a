"""Where a change lies: the smallest groups that moved otherwise than all around them.

A cell (values of one or more dimensions) is localised when its change differs from that of the
rest of each of its parents (the cells with one dimension left out), and no finer cell inside it
differs from the rest of it, all after correction for how many cells were searched (Bonferroni).

The clearest cell is taken first and its signals are set aside before the search goes on, because
a group that fell makes all others look as if they had risen: against the rest, every innocent
neighbour of a guilty cell differs too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import stdtr

from openxmo.core.metrics.intervals import critical_z
from openxmo.core.understand.attribution import attribute
from openxmo.core.understand.groupings import Columns, Groupings, groupings_of
from openxmo.core.understand.rows import Rows
from openxmo.core.understand.sums import Floats, Places, Sums

LEVEL = 0.05
MOST = 20  # localised cells: beyond it a list explains nothing
# Small groups lend too small a spread by chance just where they look extreme; this many signals of
# the overall spread are added to each.
BORROWED_N = 30.0
SURELY = 0.999  # of the normal's quantile, beyond the rounding of both functions
NEARLY_NONE = 1e-6  # standard errors: what differs by less may have a p of 1
WHOLE = np.zeros(1, dtype=np.intp)  # the place of the whole among the cells of all groupings


@dataclass(frozen=True)
class Localised:
    """`share` of the whole change (None where nothing changed overall); `p` is corrected for the search."""

    by: dict[str, str | None]
    share: float | None
    p: float
    n_before: int
    n_after: int
    sums: tuple[Sums, Sums] = field(compare=False)  # before and after


@dataclass(frozen=True)
class Contrast:
    """Per group, against the rest of one parent: how far the changes differ, in standard errors (0: it cannot be told).

    `freedom` are the degrees of freedom of Student's t, from which p follows.
    """

    z: Floats
    freedom: Floats

    @property
    def p(self) -> Floats:
        return np.asarray(2 * stdtr(self.freedom, -np.abs(self.z)))

    def p_within(self, level: float) -> Floats:
        """p wherever it may be `level` or less, or is 1; elsewhere any number between, since telling it takes long.

        Student's t has heavier tails than the normal distribution, so that p is never below the normal's.
        """
        far = np.abs(self.z)
        told = np.flatnonzero((far >= SURELY * critical_z(1 - level)) | (far < NEARLY_NONE))
        p = np.full(len(far), (1 + level) / 2)
        p[told] = 2 * stdtr(self.freedom[told], -far[told])
        return p


@dataclass(frozen=True)
class _Candidate:
    place: int
    p: float
    strength: float
    effect: float


def search_depth(dimensions: int) -> int:
    """How many dimensions a searched cell combines at most: all up to three, two where there are over six."""
    return min(dimensions, 3 if dimensions <= 6 else 2)


def localise(rows: Rows, *, min_n: int, level: float = LEVEL) -> tuple[Localised, ...]:
    """The cells in which the change between the two periods lies, the largest share first.

    `min_n` signals are needed in a cell and in the rest of each parent, in both periods. On data in
    which all groups moved alike, any cell is named at all in fewer than `level` of cases.
    """
    found: list[Localised] = []
    everything = left = groupings_of(rows, search_depth(len(rows.dimensions)))
    gone = np.zeros(len(rows), dtype=bool)
    while len(found) < MOST:
        best = _clearest(left, min_n, level)
        if best is None:
            break
        columns, codes = everything.cell_at(best.place)
        named = _named(rows, everything, best, columns, codes)
        # A finer cell inside it was named before: it is set aside, but it is not where the change lies.
        if not any(finer.by.items() >= named.by.items() for finer in found):
            found.append(named)
        set_aside = rows.inside(columns, codes)
        np.greater(set_aside, gone, out=set_aside)  # inside and not gone, in no memory of its own
        left = left.without(rows.taken(set_aside))
        gone |= set_aside
    return tuple(sorted(found, key=lambda cell: (-abs(cell.share or 0.0), cell.p)))


def contrast(cell: tuple[Sums, Sums], parent: tuple[Sums, Sums], spread: tuple[float, float], min_n: int) -> Contrast:
    """Whether each cell's change differs from that of the rest of its parent; z is 0 and p 1 where it cannot be told.

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
            difference += side * sums.rates(of_nothing=0.0)
            variance += own
            freedom_part += own**2 / np.maximum(sums.n + BORROWED_N - 1, 1.0)
    enough &= variance > 0
    z = np.divide(difference, np.sqrt(variance), out=np.zeros_like(difference), where=enough)
    freedom = np.divide(variance**2, freedom_part, out=np.ones_like(difference), where=enough & (freedom_part > 0))
    return Contrast(z, freedom)


def unit_variances(sums: Sums) -> Floats:
    """The variance that one signal (or linking unit) of each group adds: n times that of the group's rate."""
    per_x: Floats = np.divide(sums.n, sums.x, out=np.zeros_like(sums.x), where=sums.x > 0)
    variances: Floats = sums.squared_residuals() * per_x**2 / np.maximum(sums.n - 1, 1.0)
    return variances


def _mean_variances(sums: Sums, spread: float) -> Floats:
    drawn = (sums.n * unit_variances(sums) + BORROWED_N * spread) / (sums.n + BORROWED_N)
    return drawn / np.maximum(sums.n, 1.0)


def _clearest(groupings: Groupings, min_n: int, level: float) -> _Candidate | None:
    """The cell that differs most from everything outside it, among those that the rule localises."""
    before, after = groupings.before, groupings.after
    spread = (float(unit_variances(before.taken(WHOLE))[0]), float(unit_variances(after.taken(WHOLE))[0]))
    heard = (before.n >= min_n) & (after.n >= min_n)  # of the others nothing can be told
    links = np.flatnonzero(heard[groupings.child])
    child, parent = groupings.child[links], groupings.parent[links]
    p = _against(groupings, child, parent, spread, min_n).p_within(level)
    worst = np.where(heard, 0.0, 1.0)
    worst[WHOLE] = 1.0
    np.maximum.at(worst, child, p)
    tested = int(np.sum(worst < 1))
    if not tested:
        return None
    limit = level / tested
    differs_inside = np.zeros(len(worst), dtype=bool)  # a finer cell, with one dimension more, does
    differs_inside[parent[p <= limit]] = True
    open_cells = np.flatnonzero((worst <= limit) & ~differs_inside)
    outside = _against(groupings, open_cells, np.zeros_like(open_cells), spread, 1)
    whole = (before.taken(WHOLE), after.taken(WHOLE))
    effect = attribute(before.taken(open_cells), after.taken(open_cells), whole=whole).effect
    candidates = [
        _Candidate(int(cell), min(1.0, float(worst[cell]) * tested), abs(float(z)), float(own))
        for cell, z, own in zip(open_cells, outside.z, effect, strict=True)
    ]
    # Of two cells that mirror each other, the one with the larger effect is the one that moved.
    return max(candidates, key=lambda one: (round(one.strength, 6), abs(one.effect)), default=None)


def _against(groupings: Groupings, cells: Places, parents: Places, spread: tuple[float, float], min_n: int) -> Contrast:
    sides = (groupings.before, groupings.after)
    cell, parent = ([sums.taken(places) for sums in sides] for places in (cells, parents))
    return contrast((cell[0], cell[1]), (parent[0], parent[1]), spread, min_n)


def _named(rows: Rows, groupings: Groupings, best: _Candidate, columns: Columns, codes: Sequence[int]) -> Localised:
    """The cell as it is reported: its share is of the whole change, its signals all that it holds."""
    before, after = (sums.taken(np.array([best.place])) for sums in (groupings.before, groupings.after))
    whole = (groupings.before.taken(WHOLE), groupings.after.taken(WHOLE))
    change = float((whole[1].rates() - whole[0].rates())[0])
    effect = float(attribute(before, after, whole=whole).effect[0])
    by = {rows.dimensions[column]: rows.values[column][code] for column, code in zip(columns, codes, strict=True)}
    share = effect / change if change else None
    return Localised(by, share, best.p, int(before.n[0]), int(after.n[0]), (before, after))
