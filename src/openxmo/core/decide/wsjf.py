"""Weighted shortest job first: the cost of waiting over the size of the job."""

import math

from openxmo.core.errors import WrongUsage

SMALLEST = 1.0  # the columns are relative: the smallest item of a column is 1


def wsjf(*, value: float, time: float, risk: float, size: float, where: str = "") -> float:
    """(value + time criticality + risk reduction or opportunity) / job size, without a unit.

    All four are relative estimates (usually 1, 2, 3, 5, 8, 13, 20), at least 1. The order is best
    only where one team works through independent jobs one after the other (Smith's rule).

    Raises WrongUsage where an estimate is under 1. Source: Reinertsen 2009; SAFe.
    """
    for name, number in (("value", value), ("time", time), ("risk", risk), ("size", size)):
        if not SMALLEST <= number < math.inf:
            raise WrongUsage(
                f"WSJF takes estimates of at least 1, and {name} is {number:g}.",
                where=where,
                mend=f"Give the smallest item 1 in the column {name} and the others in proportion.",
            )
    return (value + time + risk) / size
