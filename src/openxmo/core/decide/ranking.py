"""Ranks, how far two rankings agree, and which ranks hang on an effort that nobody knows exactly."""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scipy.stats import kendalltau

EFFORT_UP = 0.2


def ranks(scores: Mapping[str, float]) -> dict[str, int]:
    """1 for the highest score; equal scores share the better rank (1, 2, 2, 4)."""
    ordered = sorted(scores.values())
    return {key: len(ordered) - bisect_right(ordered, score) + 1 for key, score in scores.items()}


def tau_b(first: Mapping[str, float], second: Mapping[str, float]) -> tuple[float | None, int]:
    """Kendall's tau-b between two sets of scores over the keys both have, and how many those are.

    1 is the same order, -1 the reverse; ties are accounted for. None where fewer than two keys are
    shared or one side is all ties. Source: Kendall 1945.
    """
    shared = sorted(first.keys() & second.keys())
    if len(shared) < 2:
        return None, len(shared)
    tau = float(kendalltau([first[key] for key in shared], [second[key] for key in shared], variant="b").statistic)
    return (None if math.isnan(tau) else tau), len(shared)


@dataclass(frozen=True)
class Flip:
    """An item that falls behind others if its effort alone turns out higher."""

    key: str
    rank: int
    new_rank: int
    overtaken_by: tuple[str, ...]


def flips(
    scores: Mapping[str, float], rescore: Callable[[str, float], float], *, effort_up: float = EFFORT_UP
) -> list[Flip]:
    """Items whose rank falls if their own effort rises by `effort_up` while the others keep theirs.

    `rescore(key, factor)` gives an item's score with its effort multiplied by factor. Raising all
    efforts alike would change no ratio, so each item is tried alone.
    """
    before = ranks(scores)
    found = []
    for key in sorted(scores, key=lambda key: (before[key], key)):
        changed = rescore(key, 1 + effort_up)
        ahead = [other for other, score in scores.items() if other != key and score > changed]
        overtaken_by = tuple(sorted(other for other in ahead if scores[other] <= scores[key]))
        if overtaken_by:
            found.append(Flip(key, before[key], len(ahead) + 1, overtaken_by))
    return found
