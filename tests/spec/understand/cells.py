"""Makes the cells of two periods from rows of scores, as the engine would hand them over."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from openxmo.core.metrics.tally import Tally
from openxmo.core.understand.cuts import CutTable, TalliedCell
from tests.spec.metrics.tallies import tally

Row = tuple[Mapping[str, str | None], float]


def cells_of(dimensions: Sequence[str], rows: Iterable[Row]) -> list[TalliedCell]:
    scores: dict[tuple[str | None, ...], list[float]] = defaultdict(list)
    for by, score in rows:
        scores[tuple(by[dimension] for dimension in dimensions)].append(score)
    return [(dict(zip(dimensions, key, strict=True)), tally(values)) for key, values in scores.items()]


def cuts_of(dimensions: Sequence[str], before: Iterable[Row], after: Iterable[Row]) -> CutTable:
    return CutTable.of(dimensions, cells_of(dimensions, before), cells_of(dimensions, after))


def drawn(
    random: np.random.Generator,
    n: int,
    values: Mapping[str, Sequence[str]],
    *,
    period: int,
    fallen: Mapping[str, str] | None = None,
    fall: float = 0.0,
) -> list[Row]:
    """Answers of 0 or 100 whose chances differ by value; in period 1 those that are `fallen` score lower."""
    columns = {name: random.choice(known, n) for name, known in values.items()}
    level = np.full(n, 0.7)
    for name, known in values.items():
        level -= 0.05 * np.array([known.index(value) for value in columns[name]])
    if fallen and period:
        level -= fall * np.all([columns[name] == value for name, value in fallen.items()], axis=0)
    scores = 100.0 * (random.random(n) < level)
    return [({name: str(columns[name][i]) for name in values}, float(scores[i])) for i in range(n)]


def one_cell(score: float, n: int, *, spread: float = 0.0) -> Tally:
    return tally([score - spread, score + spread] * (n // 2) + [score] * (n % 2))
