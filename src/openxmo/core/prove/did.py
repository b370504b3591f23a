"""Difference-in-differences: what the treated gained over what they would have gained anyway.

The comparison group's change stands for what would have happened; that holds only if both would
have moved alike, which `pre_trend` checks as far as earlier periods can show it.
Source: Card & Krueger 1994; Angrist & Pischke 2009, ch. 5; Cameron & Miller 2015 (clusters).
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student
from statsmodels.regression.linear_model import WLS

from openxmo.core.errors import WrongUsage

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Errors = Literal["ols", "hc1", "cluster"]  # how rows of a table may depend on each other
FEW_CLUSTERS = 10  # with fewer on a side, clustered errors are too small more often than they say


@dataclass(frozen=True)
class GroupMean:
    """One of the four groups: treated or not, after the change or before."""

    treated: bool
    after: bool
    n: int
    mean: float


@dataclass(frozen=True)
class Effect:
    """The effect in the outcome's unit, with an interval by the named errors; p is two-sided, of no effect."""

    value: float
    standard_error: float
    low: float
    high: float
    p: float
    n: int
    errors: Errors | Literal["welch"]
    freedom: float
    clusters: int | None  # the number of clusters, None where none are used


@dataclass(frozen=True)
class PreTrend:
    """How much faster the treated moved than the others before the change, per period."""

    slope: float
    low: float
    high: float
    p: float
    periods: int


def group_means(outcome: Floats, treated: Bools, after: Bools, weights: Floats | None = None) -> tuple[GroupMean, ...]:
    """The four means; n counts rows, or sums weights where they are numbers of answers."""
    counted = np.ones(len(outcome)) if weights is None else weights
    means = []
    for is_treated in (False, True):
        for is_after in (False, True):
            rows = (treated == is_treated) & (after == is_after)
            if not counted[rows].sum() > 0:
                side, when = ("treated" if is_treated else "comparison"), ("after" if is_after else "before")
                raise WrongUsage(
                    f"The {side} group has nothing measured {when} the change.",
                    mend="An effect needs both groups on both sides of the change.",
                )
            mean = float(np.average(outcome[rows], weights=counted[rows]))
            means.append(GroupMean(is_treated, is_after, round(float(counted[rows].sum())), mean))
    return tuple(means)


def did(
    outcome: Floats,
    treated: Bools,
    after: Bools,
    *,
    errors: Errors = "hc1",
    clusters: Ints | None = None,
    confidence: float = 0.95,
) -> Effect:
    """Two groups, before and after: the coefficient of treated x after in a regression on both.

    One row per measurement. `errors`: "ols" assumes equal spread in all groups, "hc1" does not,
    "cluster" also allows rows of one cluster (a store, a person) to move together; then t has
    clusters - 1 degrees of freedom. Raises WrongUsage where one of the four groups is empty.
    """
    group_means(outcome, treated, after)
    design = np.column_stack([np.ones(len(outcome)), treated, after, treated & after]).astype(np.float64)
    if len(outcome) <= design.shape[1]:
        raise WrongUsage("Four measurements give four means and nothing to judge them by.", mend="Measure more.")
    return read_effect(outcome, design, np.ones(len(outcome)), errors, clusters, confidence, n=len(outcome))


def panel_did(
    outcome: Floats,
    unit: Ints,
    period: Ints,
    treated: Bools,
    after: Bools,
    *,
    weights: Floats | None = None,
    confidence: float = 0.95,
) -> Effect:
    """Many units over many periods: unit and period effects taken out, errors clustered by unit.

    One row per unit and period; `weights` are the answers behind each row. All treated units change
    at once: where they start at different times this estimate can even have the wrong sign
    (Goodman-Bacon 2021), so such data is not for it.
    """
    weights = np.ones(len(outcome)) if weights is None else weights
    group_means(outcome, treated, after, weights)
    columns = [(treated & after).astype(np.float64)]
    columns += [(unit == key).astype(np.float64) for key in np.unique(unit)]
    columns += [(period == key).astype(np.float64) for key in np.unique(period)[1:]]
    design = np.column_stack(columns)
    n = round(float(weights.sum()))
    return read_effect(outcome, design, weights, "cluster", unit, confidence, n=n, column=0)


def pre_trend(
    outcome: Floats, unit: Ints, period: Ints, treated: Bools, after: Bools, *, weights: Floats | None = None
) -> PreTrend | None:
    """Did the groups already drift apart before the change? None with fewer than three earlier periods or units.

    A slope of treated x time over the earlier periods. That it is not significant does not prove
    that the groups would have moved alike; its interval says how far apart they may have been.
    """
    earlier = ~after
    times, units = np.unique(period[earlier]), np.unique(unit[earlier])
    if len(times) < 3 or len(units) < 3:
        return None
    place = np.searchsorted(times, period[earlier]).astype(np.float64)
    columns = [place * treated[earlier]]
    columns += [(unit[earlier] == key).astype(np.float64) for key in units]
    columns += [(period[earlier] == key).astype(np.float64) for key in times[1:]]
    weights = np.ones(int(earlier.sum())) if weights is None else weights[earlier]
    found = read_effect(
        outcome[earlier], np.column_stack(columns), weights, "cluster", unit[earlier], 0.95, n=len(weights), column=0
    )
    return PreTrend(found.value, found.low, found.high, found.p, len(times))


@dataclass(frozen=True)
class Measured:
    """A group's mean with its standard error, and the degrees of freedom and answers that rests on."""

    mean: float
    error: float
    freedom: float
    n: int


def did_of_means(
    comparison: tuple[Measured, Measured], treated: tuple[Measured, Measured], *, confidence: float = 0.95
) -> Effect:
    """The same effect from four means alone, each pair (before, after): Welch's error of four independent groups."""
    groups = (*comparison, *treated)
    value = (treated[1].mean - treated[0].mean) - (comparison[1].mean - comparison[0].mean)
    variance = sum(group.error**2 for group in groups)
    freedom = variance**2 / sum(group.error**4 / group.freedom for group in groups if group.error > 0)
    error = float(np.sqrt(variance))
    reach = float(student.ppf(0.5 + confidence / 2, freedom)) * error
    p = float(2 * student.sf(abs(value) / error, freedom))
    n = sum(group.n for group in groups)
    return Effect(value, error, value - reach, value + reach, p, n, "welch", float(freedom), None)


def read_effect(
    outcome: Floats,
    design: Floats,
    weights: Floats,
    errors: Errors,
    clusters: Ints | None,
    confidence: float,
    *,
    n: int,
    column: int = -1,
) -> Effect:
    """One coefficient of a least-squares fit, with the errors asked for."""
    count = check_clusters(errors, clusters)
    model = WLS(outcome, design, weights=weights)
    options: dict[Errors, dict[str, Any]] = {
        "ols": {},
        "hc1": {"cov_type": "HC1"},
        "cluster": {"cov_type": "cluster", "cov_kwds": {"groups": clusters}},
    }
    fit = model.fit(**options[errors])
    variance = max(0.0, float(fit.cov_params()[column, column]))  # below zero by rounding where the fit is exact
    value, error = float(fit.params[column]), float(np.sqrt(variance))
    freedom = float(fit.df_resid) if count is None else float(count - 1)
    reach = float(student.ppf(0.5 + confidence / 2, freedom)) * error
    p = float(2 * student.sf(abs(value) / error, freedom)) if error > 0 else (1.0 if value == 0 else 0.0)
    return Effect(value, error, value - reach, value + reach, p, n, errors, freedom, count)


def check_clusters(errors: Errors, clusters: Ints | None) -> int | None:
    if errors != "cluster":
        return None
    count = 0 if clusters is None else len(np.unique(clusters))
    if count < 3:
        raise WrongUsage(
            f"Errors cannot be clustered over {count} clusters.", mend="Name a column with at least 3 different values."
        )
    return count
