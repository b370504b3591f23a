"""What a design will be able to show, told before it starts, by the earlier periods alone.

The earlier periods are judged as if the change had come in their middle. The error of that effect,
which is none, is what chance alone does to this estimate; it shrinks with the number of periods on
both sides, as long as periods are independent. Source: Bloom 1995 (minimum detectable effects).
"""

import math
from dataclasses import dataclass

import numpy as np

from openxmo.core.errors import WrongUsage
from openxmo.core.prove.did import panel_did
from openxmo.core.prove.groups import Group, Panel, Placed, to_panel
from openxmo.core.prove.verdict import POWER_REACH

LEAST_PERIODS = 2  # before the change: one on each side of the middle
NO_SPREAD = 1e-9  # of the values: what is left is rounding
MOST_PERIODS = 520  # after it: a plan that needs more than ten years of weeks promises nothing


@dataclass(frozen=True)
class Foresight:
    """`detectable` is the smallest effect that would be found four times in five, in the effect's unit.

    `enough` is how many periods after the change show the expected effect; None where no number does.
    """

    detectable: float
    periods_before: int
    periods_after: int
    units: int | None  # on the smaller side; None where answers are taken as independent
    enough: int | None


def foresee(placed: list[Placed], groups: list[Group], *, periods_after: int, expected: float | None) -> Foresight:
    """Foresee from what was measured before the change; `groups` are the two groups before it.

    Raises WrongUsage where too little was measured to say anything.
    """
    if periods_after < 1:
        raise WrongUsage("The reading ends before it begins.", mend="Give it at least one whole period.")
    before = len({each.period for each in placed})
    panel = to_panel(placed)
    smaller = min(panel.units(treated=True), panel.units(treated=False)) if len(groups) == 2 else 0
    error_at = error_of_panel(panel, before) if smaller >= 2 else error_of_answers(groups, before)
    enough = None
    if expected:
        enough = next((n for n in range(1, MOST_PERIODS) if POWER_REACH * error_at(n) <= abs(expected)), None)
    return Foresight(
        detectable=POWER_REACH * error_at(periods_after),
        periods_before=before,
        periods_after=periods_after,
        units=smaller if smaller >= 2 else None,
        enough=enough,
    )


def error_of_panel(panel: Panel, before: int) -> "ErrorAt":
    """By the effect of a change that never was, in the middle of the earlier periods."""
    if before < LEAST_PERIODS:
        raise WrongUsage(
            "Fewer than two whole periods were measured before the change.",
            mend="Begin the reading earlier, or read by shorter periods.",
        )
    middle = before // 2
    places = np.unique(panel.period)
    after = panel.period >= places[middle]
    found = panel_did(panel.outcome, panel.unit, panel.period, panel.treated, after, weights=panel.weights)
    if found.standard_error <= NO_SPREAD * max(1.0, float(np.abs(panel.outcome).max())):
        raise WrongUsage("The earlier periods show no spread, so nothing can be foreseen.", mend="Measure longer.")
    scale = found.standard_error / math.sqrt(1 / middle + 1 / (before - middle))
    return ErrorAt(scale, before)


def error_of_answers(groups: list[Group], before: int) -> "ErrorAt":
    """By the spread of answers: a group measured for as long again has the same error."""
    measured = [group.measured() for group in groups]
    known = [each for each in measured if each is not None]
    if len(known) < len(groups) or not known:
        raise WrongUsage("A group has no spread to judge the effect by.", mend="Begin the reading earlier.")
    return ErrorAt(math.sqrt(sum(each.error**2 for each in known) * before), before)


@dataclass(frozen=True)
class ErrorAt:
    """The standard error of the effect by how many periods are read after the change."""

    scale: float
    before: int

    def __call__(self, after: int) -> float:
        return self.scale * math.sqrt(1 / self.before + 1 / after)
