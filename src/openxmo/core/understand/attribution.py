"""Why a score moved: how much lies in each group's share of the signals (mix) and in its own score (rate).

Kitagawa (1955): with shares w and scores r before (0) and after (1), a group's mix is
(w1 - w0)·((r0 + r1)/2 - R) and its rate (r1 - r0)·(w0 + w1)/2. R is the average of the two overall
scores: without it the growth of an average group would look like a cause; over all groups it
cancels. The parts add up to the change exactly. It holds for means of scores and for ratios Σy/Σx
(shares are then of Σx), not for quantiles.
"""

from dataclasses import dataclass

import numpy as np

from openxmo.core.understand.sums import Floats, Sums


@dataclass(frozen=True)
class Attribution:
    """Per group, in the unit of the metric."""

    mix: Floats
    rate: Floats

    @property
    def effect(self) -> Floats:
        return self.mix + self.rate


def attribute(before: Sums, after: Sums, *, whole: tuple[Sums, Sums] | None = None) -> Attribution:
    """Mix and rate of each group; both periods hold the same groups in the same order.

    `whole` are both periods in all, where these are only some of the groups. A group that is new or
    has vanished borrows its score from the other period: its effect is mix only. Both periods must
    have a total Σx above 0.
    """
    total0, total1 = whole or (before.total(), after.total())
    return attribute_columns(before.x, before.y, after.x, after.y, whole=(total0, total1))


def attribute_columns(x0: Floats, y0: Floats, x1: Floats, y1: Floats, *, whole: tuple[Sums, Sums]) -> Attribution:
    """`attribute` of groups of which nothing but Σx and Σy is at hand."""
    all0, all1 = (float(total.x[0]) for total in whole)
    middle = sum(float(total.y[0] / total.x[0]) for total in whole) / 2
    w0, w1, m0, m1 = x0 / all0, x1 / all1, y0 / all0, y1 / all1
    r0, r1 = (np.divide(y, x, out=np.full(len(x), np.nan), where=x != 0) for x, y in ((x0, y0), (x1, y1)))
    # With Σx = 0 on one side its score is borrowed; with Σx = 0 on both only y is left to move.
    r0, r1 = np.where(np.isnan(r0), r1, r0), np.where(np.isnan(r1), r0, r1)
    mix = np.nan_to_num((w1 - w0) * ((r0 + r1) / 2 - middle))
    both = (x0 != 0) & (x1 != 0)
    leftover = np.where(x1 == 0, m1, 0.0) - np.where(x0 == 0, m0, 0.0)
    rate = np.where(both, (r1 - r0) * (w0 + w1) / 2, leftover)
    return Attribution(mix, rate)


def effect_errors(before: Sums, after: Sums) -> Floats:
    """The standard error of each group's mix + rate, by the delta method.

    mix + rate is (y1 - R·x1)/X1 - (y0 - R·x0)/X0, so its linearised value for one signal is known in
    and out of the group; the sums of squares of these come from the sums of the group and the
    total. The periods are independent samples, and how many fall into a group is random too.
    """
    middle = _middle(before, after)
    half_shift = (after.x / after.x.sum() - before.x / before.x.sum()) / 2
    variance = _linearised_variance(after, middle, -half_shift) + _linearised_variance(before, middle, half_shift)
    return np.sqrt(np.maximum(variance, 0.0))


def _middle(before: Sums, after: Sums) -> float:
    return float(before.y.sum() / before.x.sum() + after.y.sum() / after.x.sum()) / 2


def _linearised_variance(sums: Sums, middle: float, y_beyond: Floats) -> Floats:
    """The variance of each group's effect that comes from one period.

    A signal (x, y) moves the effect by (1 + y_beyond)·y + (x_beyond - middle)·x in the group and by
    y_beyond·y + x_beyond·x beyond it; the constants make these sum to 0 over the period.
    """
    total = sums.total()
    x_total, n = float(total.x[0]), float(total.n[0])
    x_beyond = -(sums.y - middle * sums.x) / x_total - y_beyond * float(total.y[0]) / x_total
    y_inside, x_inside = y_beyond + 1, x_beyond - middle
    beyond = Sums(total.table - sums.table)
    squares = y_inside**2 * sums.yy + 2 * y_inside * x_inside * sums.xy + x_inside**2 * sums.xx
    squares += y_beyond**2 * beyond.yy + 2 * y_beyond * x_beyond * beyond.xy + x_beyond**2 * beyond.xx
    return squares / x_total**2 * (n / max(n - 1, 1.0))
