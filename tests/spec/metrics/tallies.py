"""Makes metrics and tallies from plain scores, as the engine's sums would."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.metrics.tally import QuantileTally, RatioTally, Tally


def metric(kind: Any, **score: Any) -> Metric:
    return Metric(key="measured", signal="answer", score=Score(kind=kind, **score))


def tally(scores: ArrayLike, weights: ArrayLike | None = None, *, origin: float = 0.0) -> Tally:
    s = np.asarray(scores, dtype=float) - origin
    w = np.ones_like(s) if weights is None else np.asarray(weights, dtype=float)
    return Tally(
        n=len(s),
        w=float(w.sum()),
        w2=float((w**2).sum()),
        ws=float((w * s).sum()),
        ws2=float((w * s**2).sum()),
        w2s=float((w**2 * s).sum()),
        w2s2=float((w**2 * s**2).sum()),
        origin=origin,
    )


def hits(count: int, n: int) -> Tally:
    return tally([100.0] * count + [0.0] * (n - count))


def promoters(up: int, passive: int, down: int) -> Tally:
    return tally([100.0] * up + [0.0] * passive + [-100.0] * down)


def ratio(y: ArrayLike, x: ArrayLike) -> RatioTally:
    top, base = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    return RatioTally(
        n=len(top),
        y=float(top.sum()),
        x=float(base.sum()),
        yy=float((top**2).sum()),
        xx=float((base**2).sum()),
        xy=float((top * base).sum()),
    )


def ordered(values: Sequence[float], q: float, weights: Sequence[float] | None = None) -> QuantileTally:
    return QuantileTally(q=q, values=tuple(values), weights=tuple(weights or [1.0] * len(values)))
