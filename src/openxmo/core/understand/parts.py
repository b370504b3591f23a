"""The parts of a change as they are shown: the cells that tell most, all others folded into one."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openxmo.core.metrics.intervals import critical_z
from openxmo.core.understand.attribution import effect_errors
from openxmo.core.understand.cuts import CutTable

MOST_PARTS = 200


@dataclass(frozen=True)
class Part:
    """One cell's mix and rate; `low` and `high` bound mix + rate. `by` is None for all folded cells together."""

    by: Mapping[str, str | None] | None
    mix: float
    rate: float
    n_before: int
    n_after: int
    low: float
    high: float


def most_telling(cuts: CutTable, *, most: int = MOST_PARTS) -> tuple[int, ...]:
    """The places of the cells to show, the largest effect first; the larger cell before its equal."""
    cells = slice(len(cuts.codes))
    heard = (cuts.before.n + cuts.after.n)[cells]
    order = np.lexsort((-heard, -np.abs(cuts.attribution().effect[cells])))
    return tuple(int(place) for place in order[:most])


def take_apart(cuts: CutTable, shown: Sequence[int], *, confidence: float = 0.95) -> tuple[Part, ...]:
    """The shown cells in order, then one part of all others; mix + rate of all parts is the change."""
    found, z = cuts.attribution(), critical_z(confidence)
    group = np.full(len(cuts.places), len(shown), dtype=np.intp)
    group[list(shown)] = np.arange(len(shown))
    before, after = (sums.grouped(group, len(shown) + 1) for sums in (cuts.before, cuts.after))
    errors = effect_errors(before, after)
    folded = np.flatnonzero(group == len(shown))
    sums = [(float(found.mix[place]), float(found.rate[place])) for place in shown]
    sums.append((math.fsum(found.mix[folded]), math.fsum(found.rate[folded])))
    labels: list[Mapping[str, str | None] | None] = [cuts.label(place) for place in shown]
    parts = [
        Part(label, mix, rate, int(n_before), int(n_after), mix + rate - z * error, mix + rate + z * error)
        for label, (mix, rate), n_before, n_after, error in zip(
            [*labels, None], sums, before.n, after.n, errors.tolist(), strict=True
        )
    ]
    return tuple(parts if len(folded) else parts[:-1])


def fold(cuts: CutTable, shown: Sequence[int], hidden: Iterable[int]) -> tuple[int, ...]:
    """What is still shown when the `hidden` cells may not be: never so that one cell alone is folded.

    A single folded cell could be read off by subtraction, so the smallest of the others joins it.
    """
    gone = set(hidden)
    left = [place for place in shown if place not in gone]
    if left and cuts.count - len(left) == 1:
        left.remove(min(left, key=lambda place: (float(cuts.before.n[place] + cuts.after.n[place]), place)))
    return tuple(left)
