"""The difference of two estimates: after less before, with an interval and a p that agree."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from openxmo.core.metrics.estimates import estimate, ordered_values
from openxmo.core.metrics.intervals import (
    Bounds,
    adjusted_wald,
    critical_t,
    critical_z,
    normal_p,
    order_statistics,
    p_by_inversion,
    promoter_variance,
    quantile,
    square_and_add,
    student_p,
    wilson,
)
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.moments import Moments, family_of, moments, promoter_shares
from openxmo.core.metrics.tally import AnyTally, QuantileTally, Tally

METHODS = {
    "share": "Newcombe",
    "promoters": "unpooled z",
    "mean": "Welch",
    "ratio": "delta method",
    "quantile": "order statistics",
    "index": "Welch of respondents",
}


@dataclass(frozen=True)
class Difference:
    """After less before, in the metric's unit; `p` is two-sided, of no difference at all.

    The interval excludes zero exactly where p is below 1 - confidence. None where unknowable: a
    group is empty, or shows no spread to judge by.
    """

    value: float | None
    low: float | None
    high: float | None
    p: float | None
    method: str


def difference(before: AnyTally, after: AnyTally, metric: Metric, *, confidence: float = 0.95) -> Difference:
    """How far `metric` moved between two independent groups.

    Shares: Newcombe's square-and-add of Wilson intervals (1998, method 10). Net Promoter: the
    unpooled z of two multinomials (Goodman 1965). Means, indices, ratios: Welch with linearised
    errors (a group of equal scores borrows the other's spread). Quantiles: square-and-add of
    order-statistics intervals (Zou & Donner 2008). Where the interval is not a multiple of one
    error, p is the level at which it just touches zero.
    """
    method, z = METHODS[family_of(metric)], critical_z(confidence)
    first, second = estimate(before, metric).value, estimate(after, metric).value
    if first is None or second is None:
        return Difference(None, None, None, None, method)
    change = second - first
    if isinstance(before, QuantileTally) and isinstance(after, QuantileTally):
        return _quantile_difference(before, after, change, z, method)
    one, two = moments(before), moments(after)
    match family_of(metric):
        case "share":
            return _share_difference(one, two, change, z, method)
        case "promoters" if isinstance(before, Tally) and isinstance(after, Tally):
            return _promoter_difference(promoter_shares(before), promoter_shares(after), one, two, z)
    return _welch(one, two, change, z, method)


def _share_difference(one: Moments, two: Moments, change: float, z: float, method: str) -> Difference:
    shares = [min(1.0, max(0.0, (facts.value or 0.0) / 100)) for facts in (two, one)]

    def interval_at(reach: float) -> Bounds:
        sides = [wilson(shares[0], two.effective_n, reach), wilson(shares[1], one.effective_n, reach)]
        return square_and_add(shares, sides, (1.0, -1.0))

    return _inverted(change, interval_at, z, 100.0, method)


def _promoter_difference(
    before: tuple[float, float], after: tuple[float, float], one: Moments, two: Moments, z: float
) -> Difference:
    balances = [after[0] - after[1], before[0] - before[1]]
    change = 100 * (balances[0] - balances[1])
    variances = [promoter_variance(*after) / two.effective_n, promoter_variance(*before) / one.effective_n]
    if min(variances) > 1e-15:
        error = 100 * math.sqrt(math.fsum(variances))
        low, high = max(-200.0, change - z * error), min(200.0, change + z * error)
        return Difference(change, low, high, normal_p(change / error), METHODS["promoters"])

    # Where all answers of a period are alike the plain error is 0 and would lie.
    def interval_at(reach: float) -> Bounds:
        sides = [adjusted_wald(*after, two.effective_n, reach), adjusted_wald(*before, one.effective_n, reach)]
        return square_and_add(balances, sides, (1.0, -1.0))

    return _inverted(change, interval_at, z, 100.0, "adjusted Wald")


def _inverted(
    change: float, interval_at: Callable[[float], Bounds], z: float, points: float, method: str
) -> Difference:
    low, high = (None if bound is None else points * bound for bound in interval_at(z))
    return Difference(change, low, high, p_by_inversion(interval_at), method)


def _welch(one: Moments, two: Moments, change: float, z: float, method: str) -> Difference:
    errors = [_error_or_borrowed(one, two), _error_or_borrowed(two, one)]
    error = math.hypot(*errors)
    if min(one.effective_n, two.effective_n) < 2 - 1e-9 or error == 0 or not math.isfinite(error):
        return Difference(change, None, None, None, method)
    shares = [(each / error) ** 2 for each in errors]  # of the variance: errors of any size keep within numbers
    freedom = 1 / (shares[0] ** 2 / one.freedom + shares[1] ** 2 / two.freedom)
    reach = critical_t(z, freedom) * error
    return Difference(change, change - reach, change + reach, student_p(change / error, freedom), method)


def _error_or_borrowed(own: Moments, other: Moments) -> float:
    """A group whose scores are all the same borrows the other's spread: its own would claim certainty."""
    if own.error is not None:
        return own.error
    if other.error is None or own.effective_n <= 0:
        return 0.0
    return other.error * math.sqrt(other.effective_n / own.effective_n)


def _quantile_difference(
    before: QuantileTally, after: QuantileTally, change: float, z: float, method: str
) -> Difference:
    sides = [ordered_values(after), ordered_values(before)]
    effects = [quantile(values, weights, before.q) for values, weights in sides]

    def interval_at(reach: float) -> Bounds:
        bounds = [order_statistics(values, weights, before.q, reach) for values, weights in sides]
        return square_and_add(effects, bounds, (1.0, -1.0))

    if min(len(values) for values, _ in sides) < 2:
        return Difference(change, None, None, None, method)
    return _inverted(change, interval_at, z, 1.0, method)
