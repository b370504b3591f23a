"""Chance that keeps its promises: a generator of its own for each part, and draws that hit their share.

A sample world that drew each answer by itself would miss its own figures by sampling error. So shares are
allocated: people are put in order (by what must come out right, then by lot) and every time the running sum
of their chances passes a whole number, that person is chosen. The total is right to one person in any run of
neighbours, and `Carry` keeps it right from month to month.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def stream(seed: int, part: str, month: int = 0) -> np.random.Generator:
    """The generator of one part of the world in one month, the same whatever else is drawn."""
    return np.random.default_rng([seed, crc32(part.encode()), month])


class Carry:
    """What each group's allocation left over, to begin with next month."""

    def __init__(self) -> None:
        self._left: dict[object, float] = {}

    def take(self, group: object) -> float:
        return self._left.get(group, 0.5)

    def leave(self, group: object, rest: float) -> None:
        self._left[group] = rest


def allocate(chances: Floats, order: NDArray[np.intp], *, start: float = 0.5) -> tuple[Bools, float]:
    """Who is chosen, and what is left over: sum(chosen) is within 1 of sum(chances) in any run of `order`."""
    running = start + np.cumsum(chances[order])
    # A running sum of tenths must not miss a whole number by its last digit.
    whole = np.floor(running + 1e-9)
    chosen = np.zeros(len(chances), dtype=bool)
    chosen[order] = np.diff(whole, prepend=np.floor(start + 1e-9)) > 0
    rest = float(running[-1] - whole[-1]) if len(running) else start
    return chosen, rest


def choose(chances: Floats, rng: np.random.Generator, *, within: Sequence[NDArray[np.generic]] = ()) -> Bools:
    """As `allocate`, in an order by lot within the classes of `within` (the first is the coarsest)."""
    return allocate(chances, order_within(rng, len(chances), within))[0]


def choose_by_group(
    chances: Floats,
    groups: Ints,
    rng: np.random.Generator,
    *,
    carry: Carry,
    within: Sequence[NDArray[np.generic]] = (),
) -> Bools:
    """As `choose`, each group by itself and exact over all months since the start."""
    chosen = np.zeros(len(chances), dtype=bool)
    order = order_within(rng, len(chances), (groups, *within))
    ends = np.flatnonzero(np.diff(groups[order], append=-1) != 0) + 1
    for members in np.split(order, ends[:-1]) if len(order) else ():
        group = int(groups[members[0]])
        picked, rest = allocate(chances[members], np.arange(len(members)), start=carry.take(group))
        chosen[members] = picked
        carry.leave(group, rest)
    return chosen


def order_within(rng: np.random.Generator, n: int, within: Sequence[NDArray[np.generic]]) -> NDArray[np.intp]:
    """0..n-1 by the classes of `within`, by lot where they are equal."""
    return np.lexsort((rng.random(n), *reversed(within)))


def deal(shares: Sequence[float] | Floats, n: int, rng: np.random.Generator) -> Ints:
    """n cards of kinds 0, 1, … in these shares, shuffled: each kind's count is within 1 of its share."""
    edges = np.floor(np.cumsum(np.asarray(shares, dtype=float)) * n + 0.5).astype(np.int64)
    edges[-1] = n
    return rng.permutation(np.repeat(np.arange(len(shares)), np.diff(edges, prepend=0)))


def with_mean(values: Floats, mean: float, *, places: int = 0, low: float = -np.inf, high: float = np.inf) -> Floats:
    """`values` moved and rounded to `places` so that their mean is `mean` (as near as their number allows)."""
    if not len(values):
        return values
    unit = 10.0**-places
    wanted = round(mean * len(values) / unit)
    moved = values.astype(float)
    for _ in range(30):
        moved = np.clip(moved + mean - moved.mean(), low, high)
    steps = np.rint(moved / unit).astype(np.int64)
    bottom, top = np.ceil(low / unit - 1e-9), np.floor(high / unit + 1e-9)
    off = wanted - int(steps.sum())
    while off:
        free = np.flatnonzero((steps < top) if off > 0 else (steps > bottom))[: abs(off)]
        if not len(free):
            break
        steps[free] += 1 if off > 0 else -1
        off = wanted - int(steps.sum())
    return np.round(steps * unit, max(places, 0))
