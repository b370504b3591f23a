"""What an effect is worth: the effect times how often it counts times what one is worth, with its bounds.

The bounds are those of interval arithmetic: the smallest and the largest product of the ends of the
three ranges, so they never make the money surer than the effect that it follows from.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Literal

from openxmo.core.decide.money import Range
from openxmo.core.errors import WrongUsage

Better = Literal["higher", "lower"]
NOTHING = Range(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Worth:
    """Money in one currency; `gain` is before cost, `net` after it. A harm has a gain below zero."""

    gain: Range
    cost: Range
    net: Range


@dataclass(frozen=True)
class Total:
    """Several amounts added up. `together` is the range of their sum if they are independent (half
    widths added in quadrature), `bounds` if all of them fell the same way."""

    count: int
    together: Range
    bounds: Range


def gain_of(effect: Range, better: Better) -> Range:
    """The effect seen from what is wanted: above zero is better."""
    return effect if better == "higher" else Range(-effect.high, -effect.likely, -effect.low)


def share_of(unit: str) -> float:
    """What one unit of an effect is per case: a point of a percentage is one case in a hundred."""
    return 0.01 if unit == "%" else 1.0


def worth_of(effect: Range, *, better: Better, unit: str, volume: Range, value: Range, cost: Range = NOTHING) -> Worth:
    """The money that follows from an effect of a metric in `unit`.

    `volume` is how many cases the effect counts for in the period, `value` what one more good case
    (or one unit less, where lower is better) is worth. Neither is below zero: the sign is the effect's.
    """
    for name, amount in (("volume", volume), ("value of one", value), ("cost", cost)):
        if amount.low < 0:
            raise WrongUsage(f"The {name} is never below zero: whether it is a gain is said by the effect.")
    gain = multiply(gain_of(effect, better) * share_of(unit), volume, value)
    net = Range(gain.low - cost.high, gain.likely - cost.likely, gain.high - cost.low)
    return Worth(gain=gain, cost=cost, net=net)


def multiply(first: Range, *others: Range) -> Range:
    """The product of ranges, by their ends."""
    ends = [math.prod(corner) for corner in product(*((each.low, each.high) for each in (first, *others)))]
    likely = math.prod(each.likely for each in (first, *others))
    return Range(min(*ends, likely), likely, max(*ends, likely))


def add_up(amounts: Iterable[Range]) -> Total:
    """The sum of amounts that are judged independently of each other."""
    listed = list(amounts)
    likely = math.fsum(each.likely for each in listed)
    down = math.sqrt(math.fsum((each.likely - each.low) ** 2 for each in listed))
    up = math.sqrt(math.fsum((each.high - each.likely) ** 2 for each in listed))
    bounds = Range(math.fsum(each.low for each in listed), likely, math.fsum(each.high for each in listed))
    return Total(count=len(listed), together=Range(likely - down, likely, likely + up), bounds=bounds)
