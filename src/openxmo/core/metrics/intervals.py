"""Confidence intervals from a few numbers: shares, Net Promoter, means, quantiles, sums of estimates.

Shares are 0 to 1, `n` may be an effective sample size (not whole), `z` is how many standard errors
an interval reaches (1.96 for 95 %). Nothing here knows of metrics or tallies.

SciPy is loaded where Student's t, the binomial or the beta is asked for: shares and Net Promoter
need none of it, and most processes never ask for more.
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Bounds = tuple[float | None, float | None]
FARTHEST_Z = 38.0  # beyond it a two-sided p is below the smallest double


def critical_z(confidence: float) -> float:
    """How many standard errors a two-sided normal interval reaches: 1.959964 for 0.95."""
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def critical_t(z: float, freedom: float) -> float:
    """The Student t that leaves the same tails as `z` does, with `freedom` degrees of freedom."""
    from scipy.special import stdtrit

    return -float(stdtrit(freedom, upper_tail(z)))


def upper_tail(z: float) -> float:
    """P(more than `z`) of a standard normal, exact also where it is tiny."""
    return math.erfc(z / math.sqrt(2)) / 2


def normal_p(z: float) -> float:
    """The two-sided p of a standard normal `z`."""
    return 2 * upper_tail(abs(z))


def student_p(t: float, freedom: float) -> float:
    """The two-sided p of a Student `t`."""
    from scipy.special import stdtr

    return float(2 * stdtr(freedom, -abs(t)))


def wilson(share: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share; never of zero width (Wilson 1927; Newcombe 1998, method 3)."""
    spread = z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    # At 0 and 1 the bound is the share itself; rounding must not put it on the other side.
    return min(max(0.0, centre - half), share), max(min(1.0, centre + half), share)


def adjusted_share_error(share: float, n: float, z: float) -> float:
    """The standard error of a share after adding z² trials, half of them hits (Agresti & Coull 1998): never 0."""
    centre = (share * n + z * z / 2) / (n + z * z)
    return math.sqrt(centre * (1 - centre) / (n + z * z))


def promoter_variance(promoters: float, detractors: float) -> float:
    """The variance of one answer scored 1, 0 or -1: P + D - (P - D)²."""
    return max(0.0, promoters + detractors - (promoters - detractors) ** 2)


def adjusted_promoters(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """Centre and standard error (of P - D) after adding 3 answers: 3/4 promoter, 3/4 detractor (Rocks 2016)."""
    up, down = (promoters * n + 0.75) / (n + 3), (detractors * n + 0.75) / (n + 3)
    return up - down, math.sqrt(promoter_variance(up, down) / (n + 3))


def adjusted_wald(promoters: float, detractors: float, n: float, z: float) -> tuple[float, float]:
    """The adjusted Wald interval of P - D (Rocks 2016), within -1 to 1 and around the plain P - D."""
    centre, error = adjusted_promoters(promoters, detractors, n)
    plain = promoters - detractors
    return min(max(-1.0, centre - z * error), plain), max(min(1.0, centre + z * error), plain)


def square_and_add(effects: Sequence[float], bounds: Sequence[Bounds], signs: Sequence[float]) -> Bounds:
    """The interval of Σ sign·effect from each effect's own interval, the effects being independent.

    For two shares with Wilson intervals it is Newcombe's (1998, method 10); in general it is the
    method of variance estimates recovery (Zou & Donner 2008). A side that needs an unknown bound is None.
    """
    total = math.fsum(sign * effect for sign, effect in zip(signs, effects, strict=True))
    sides: list[float | None] = []
    for upward in (False, True):
        parts = []
        for sign, effect, (low, high) in zip(signs, effects, bounds, strict=True):
            bound = high if upward == (sign > 0) else low
            parts.append(None if bound is None else sign * (bound - effect))
        known = [part for part in parts if part is not None]
        reach = math.sqrt(math.fsum(part * part for part in known))
        sides.append(None if len(known) < len(parts) else total + (reach if upward else -reach))
    return sides[0], sides[1]


def p_by_inversion(interval_at: Callable[[float], Bounds]) -> float:
    """The two-sided p of "no difference": the tails at which the interval just touches zero.

    `interval_at(z)` gives nested intervals, wider with z. Interval and p so never contradict each other.
    """

    def excludes_zero(z: float) -> bool:
        low, high = interval_at(z)
        return (low is not None and low > 0) or (high is not None and high < 0)

    inside, outside = 0.0, FARTHEST_Z
    for _ in range(60):
        middle = (inside + outside) / 2
        if excludes_zero(middle):
            inside = middle
        else:
            outside = middle
    return normal_p(inside)


def order_ranks(n: int, q: float, z: float) -> tuple[int | None, int | None]:
    """The ranks (from 1) between which the q-quantile lies; None where no rank reaches far enough.

    The number of values below the quantile is binomial (n, q), whatever the values are spread like.
    """
    from scipy.special import bdtr

    tail = upper_tail(z)
    reach = z * math.sqrt(n * q * (1 - q))
    low = min(n, max(0, math.floor(n * q - reach)))
    while low < n and bdtr(low, n, q) <= tail:
        low += 1
    while low > 0 and bdtr(low - 1, n, q) > tail:
        low -= 1
    high = min(n, max(0, math.ceil(n * q + reach)))
    while high > 0 and _above(high - 2, n, q) <= tail:
        high -= 1
    while high <= n and _above(high - 1, n, q) > tail:
        high += 1
    return (low if low >= 1 else None), (high if high <= n else None)


def quantile(values: NDArray[np.float64], weights: NDArray[np.float64], q: float) -> float:
    """The q-quantile of ordered values: linear between neighbours where all weigh the same, else by weight.

    By weight it is the smallest value at or below which q of the weight lies (the mean of two
    neighbours where the boundary falls between them).
    """
    if np.all(weights == weights[0]):
        place = (len(values) - 1) * q
        below = math.floor(place)
        above = min(below + 1, len(values) - 1)
        return float(values[below] + (place - below) * (values[above] - values[below]))
    below, above = _weight_ranks(weights, q)
    return float((values[below] + values[above]) / 2)


def order_statistics(values: NDArray[np.float64], weights: NDArray[np.float64], q: float, z: float) -> Bounds:
    """A distribution-free interval of the q-quantile of ordered values.

    Weighted, the share at or below the quantile has its exact (Clopper-Pearson) interval with the
    effective n, which is read back from the weighted values (Woodruff 1952).
    """
    if np.all(weights == weights[0]):
        low, high = order_ranks(len(values), q, z)
        return (
            float(values[low - 1]) if low is not None else None,
            float(values[high - 1]) if high is not None else None,
        )
    from scipy.special import betaincinv

    n, tail = float(weights.sum() ** 2 / (weights**2).sum()), upper_tail(z)
    down = betaincinv(n * q, n * (1 - q) + 1, tail)
    up = betaincinv(n * q + 1, n * (1 - q), 1 - tail)
    return (
        float(values[_weight_ranks(weights, float(down))[0]]) if (1 - q) ** n <= tail else None,
        float(values[_weight_ranks(weights, float(up))[1]]) if q**n <= tail else None,
    )


def _above(count: int, n: int, q: float) -> float:
    """P(more than `count` of n), of the binomial; 1 below zero."""
    from scipy.special import bdtr

    return 1.0 if count < 0 else float(bdtr(n - count - 1, n, 1 - q))


def _weight_ranks(weights: NDArray[np.float64], share: float) -> tuple[int, int]:
    """Places (from 0) of the values on both sides of the point below which `share` of the weight lies."""
    heaped = np.cumsum(weights)
    target = share * heaped[-1]
    rounding = heaped[-1] * 1e-12
    last = len(weights) - 1
    below = int(np.searchsorted(heaped, target - rounding, side="left"))
    above = int(np.searchsorted(heaped, target + rounding, side="right"))
    return min(below, last), min(above, last)
