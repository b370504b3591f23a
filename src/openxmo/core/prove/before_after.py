"""Before against after, without a comparison: how much something moved, never why."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ttest_ind

from openxmo.core.errors import WrongUsage

NOT_EVIDENCE = "not evidence of effect"


@dataclass(frozen=True)
class BeforeAfter:
    """A change with its interval. Units chosen because they were bad improve anyway, and seasons turn."""

    before: float
    after: float
    change: float
    low: float | None
    high: float | None
    p: float | None
    n_before: int
    n_after: int
    label: str = NOT_EVIDENCE


def before_after(before: NDArray[np.float64], after: NDArray[np.float64], *, confidence: float = 0.95) -> BeforeAfter:
    """The difference of two means by Welch's t, in the outcome's unit."""
    if not len(before) or not len(after):
        raise WrongUsage("Nothing was measured on one side of the change.", mend="Give both sides at least one row.")
    first, second = float(before.mean()), float(after.mean())
    judged = min(len(before), len(after)) > 1 and bool(before.var() + after.var() > 0)
    if not judged:
        return BeforeAfter(first, second, second - first, None, None, None, len(before), len(after))
    test = ttest_ind(after, before, equal_var=False)
    interval = test.confidence_interval(confidence)
    low, high = float(interval.low), float(interval.high)
    return BeforeAfter(first, second, second - first, low, high, float(test.pvalue), len(before), len(after))
