"""The estimate of a tally: value, interval, what it rests on, and the smallest change it could show."""

import math
from dataclasses import dataclass

import numpy as np

from openxmo.core.metrics.detectable import detectable_change
from openxmo.core.metrics.intervals import (
    Bounds,
    adjusted_promoters,
    adjusted_share_error,
    adjusted_wald,
    critical_t,
    critical_z,
    order_statistics,
    quantile,
    wilson,
)
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.moments import Moments, family_of, moments, promoter_shares
from openxmo.core.metrics.tally import AnyTally, QuantileTally, Tally

METHODS = {
    "share": "Wilson",
    "promoters": "adjusted Wald",
    "mean": "t",
    "ratio": "delta method",
    "quantile": "order statistics",
    "index": "t of respondents",
}
BEYOND = "none: beyond the largest number"
PLANNING_Z = critical_z(0.95)


@dataclass(frozen=True)
class Estimate:
    """One number as it may be shown, in the metric's unit; None where it cannot be known.

    `low` and `high` bound the value; a side is None where the sample cannot bound it: one signal or
    all the same under a mean, a quantile too near the edge of its sample. `effective_n` is what the
    weights leave of n (Kish). `detectable` is the smallest change that two groups like this one
    would show (80 % power, two-sided 5 %).
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    effective_n: float
    method: str
    detectable: float | None


def estimate(tally: AnyTally, metric: Metric, *, confidence: float = 0.95) -> Estimate:
    """The value of `metric` for the group that left `tally`, with its interval.

    Shares have Wilson's interval, Net Promoter the adjusted Wald (around the plain score), means and
    indices Student's t, ratios the delta method, quantiles order statistics. With weights the
    effective n stands for n and the variance is Taylor's. What lies beyond the largest number that can
    be reckoned with is None, and the method says so.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return _within_reach(_estimate(tally, metric, critical_z(confidence)))


def _within_reach(found: Estimate) -> Estimate:
    numbers = {name: getattr(found, name) for name in ("value", "low", "high", "detectable")}
    sound = math.isfinite(found.effective_n) and all(each is None or math.isfinite(each) for each in numbers.values())
    if sound:
        return found
    known = found.value is not None and math.isfinite(found.value)
    effective_n = found.effective_n if math.isfinite(found.effective_n) else 0.0
    return Estimate(found.value if known else None, None, None, found.n, effective_n, BEYOND, None)


def _estimate(tally: AnyTally, metric: Metric, z: float) -> Estimate:
    family = family_of(metric)
    if isinstance(tally, QuantileTally):
        return _quantile_estimate(tally, z)
    facts = moments(tally)
    if facts.value is None:
        return Estimate(None, None, None, facts.n, facts.effective_n, METHODS[family], None)
    if isinstance(tally, Tally) and family == "share":
        share = min(1.0, max(0.0, facts.value / 100))
        low, high = wilson(share, facts.effective_n, z)
        error = adjusted_share_error(share, facts.effective_n, PLANNING_Z)
        return _shown(facts, 100 * share, (100 * low, 100 * high), 100 * error, METHODS[family])
    if isinstance(tally, Tally) and family == "promoters":
        promoters, detractors = promoter_shares(tally)
        low, high = adjusted_wald(promoters, detractors, facts.effective_n, z)
        _, error = adjusted_promoters(promoters, detractors, facts.effective_n)
        return _shown(facts, 100 * (promoters - detractors), (100 * low, 100 * high), 100 * error, METHODS[family])
    bounds = student_bounds(facts, z)
    if family == "index":
        bounds = _within(bounds, 0.0, 100.0)
    return _shown(facts, facts.value, bounds, facts.error, METHODS[family])


def student_bounds(facts: Moments, z: float) -> Bounds:
    """value ± t · error; unknown where there is no spread to judge by."""
    if facts.value is None or facts.error is None:
        return None, None
    reach = critical_t(z, facts.freedom) * facts.error
    return facts.value - reach, facts.value + reach


def _shown(facts: Moments, value: float, bounds: Bounds, error: float | None, method: str) -> Estimate:
    detectable = None if error is None or facts.n < 2 else detectable_change(error)
    return Estimate(value, bounds[0], bounds[1], facts.n, facts.effective_n, method, detectable)


def _within(bounds: Bounds, floor: float, ceiling: float) -> Bounds:
    low, high = bounds
    return (None if low is None else max(floor, low)), (None if high is None else min(ceiling, high))


def _quantile_estimate(tally: QuantileTally, z: float) -> Estimate:
    method = METHODS["quantile"]
    values, weights = ordered_values(tally)
    if not len(values):
        return Estimate(None, None, None, tally.n, 0.0, method, None)
    effective_n = float(weights.sum() ** 2 / (weights**2).sum())
    low, high = order_statistics(values, weights, tally.q, z)
    near, far = order_statistics(values, weights, tally.q, PLANNING_Z)
    detectable = None
    if near is not None and far is not None and far > near:
        detectable = detectable_change((far - near) / (2 * PLANNING_Z))
    return Estimate(
        quantile(values, weights, tally.q), low, high, tally.n, round_n(effective_n, tally.n), method, detectable
    )


def ordered_values(tally: QuantileTally) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    """The values that weigh anything, in order, and their weights (1 where none are given)."""
    values = np.asarray(tally.values, dtype=np.float64)
    weights = np.asarray(tally.weights, dtype=np.float64) if tally.weights else np.ones(len(values))
    kept = weights > 0
    values, weights = values[kept], weights[kept]
    order = np.argsort(values, kind="stable")
    return values[order], weights[order]


def round_n(effective_n: float, n: int) -> float:
    """The effective n, exactly n where only rounding parts the two."""
    return float(n) if math.isclose(effective_n, n, rel_tol=1e-12) else effective_n
