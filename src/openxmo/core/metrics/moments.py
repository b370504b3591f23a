"""What a tally says of its score: the value, its standard error, and how much it rests on.

The errors are linearised (Taylor) for sampling with replacement, so weights, ratios and indices
are handled alike; with equal weights they are the textbook ones.
"""

import math
from dataclasses import dataclass
from typing import Literal

from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.tally import AnyTally, IndexTally, QuantileTally, RatioTally, Tally

Family = Literal["share", "promoters", "mean", "ratio", "quantile", "index"]
SHARE_KINDS = frozenset({"top_box", "bottom_box", "share", "repeat_free"})
# Below this part of the raw sum of squares a spread is the rounding of the sums, not a spread.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Moments:
    """`error` is None where there is no spread to judge by: an effective n below 2, or all scores the same."""

    value: float | None
    error: float | None
    freedom: float  # degrees of freedom
    n: int
    effective_n: float


def family_of(metric: Metric) -> Family:
    """Which kind of estimate a metric's score asks for."""
    kind = metric.score.kind
    if kind in SHARE_KINDS:
        return "share"
    match kind:
        case "nps":
            return "promoters"
        case "ratio":
            return "ratio"
        case "quantile":
            return "quantile"
        case "index":
            return "index"
    return "mean"


def moments(tally: AnyTally) -> Moments:
    """Value and linearised standard error of a tally; a quantile has no error of this kind."""
    match tally:
        case Tally():
            return _mean_moments(tally)
        case RatioTally():
            return _ratio_moments(tally)
        case IndexTally():
            people = _mean_moments(tally.respondents)
            return Moments(_index_value(tally), people.error, people.freedom, people.n, people.effective_n)
        case QuantileTally():
            raise TypeError("a quantile has no linearised error")


def promoter_shares(tally: Tally) -> tuple[float, float]:
    """The shares of promoters and detractors of a tally of scores -100, 0, 100."""
    balance = (tally.origin + tally.ws / tally.w) / 100
    second = (tally.ws2 + 2 * tally.origin * tally.ws + tally.origin * tally.origin * tally.w) / tally.w / 10_000
    voiced = min(1.0, max(abs(balance), second))
    return (voiced + balance) / 2, (voiced - balance) / 2


def _mean_moments(tally: Tally) -> Moments:
    if tally.n == 0 or tally.w <= 0:
        return Moments(None, None, 0.0, tally.n, 0.0)
    mean = tally.ws / tally.w
    squares = tally.w2s2 - 2 * mean * tally.w2s + mean * mean * tally.w2
    error = None
    if tally.effective_n > 2 - 1e-9 and squares > ROUNDING * tally.w2s2:
        error = math.sqrt(squares * tally.n / (tally.n - 1)) / tally.w
    return Moments(tally.origin + mean, error, tally.effective_n - 1, tally.n, tally.effective_n)


def _ratio_moments(tally: RatioTally) -> Moments:
    if tally.n == 0 or tally.x == 0:
        return Moments(None, None, 0.0, tally.n, float(tally.n))
    ratio = tally.y / tally.x
    squares = tally.yy - 2 * ratio * tally.xy + ratio * ratio * tally.xx
    error = None
    if tally.n > 1 and squares > ROUNDING * tally.yy:
        error = math.sqrt(squares * tally.n / (tally.n - 1)) / abs(tally.x)
    return Moments(ratio, error, tally.n - 1.0, tally.n, float(tally.n))


def _index_value(tally: IndexTally) -> float | None:
    """The mean of the sub-indices, each the mean of its items; None while an item has no answer at all.

    Leaving an unanswered item out would make another index of it under the same name.
    """
    groups = []
    for items in tally.groups.values():
        means = [tally.items[item].mean if item in tally.items else None for item in items]
        known = [mean for mean in means if mean is not None]
        if not known or len(known) < len(means):
            return None
        groups.append(math.fsum(known) / len(known))
    return math.fsum(groups) / len(groups) if groups else None
