"""Cost against benefit over years: net present value, rate of return, payback, and their ranges.

Year 0 is today and is not discounted; the flow of year t is divided by (1 + rate)^t.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from openxmo.core.errors import WrongUsage

Floats = NDArray[np.float64]
Voice = Literal["customer", "business", "employee"]
VOICES: tuple[Voice, ...] = ("customer", "business", "employee")
DRAWS = 10_000
LOWEST_RATE, HIGHEST_RATE = -0.99, 10.0  # where roots of the rate of return are looked for


@dataclass(frozen=True)
class Range:
    """What an amount is likely to be, with the lowest and the highest that would not surprise."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not -math.inf < self.low <= self.likely <= self.high < math.inf:
            raise WrongUsage(
                f"A range goes from low over likely to high, and {self.low:g}, {self.likely:g}, {self.high:g} does not."
            )

    def __mul__(self, factor: float) -> "Range":
        return Range(self.low * factor, self.likely * factor, self.high * factor)

    def at(self, quantile: Floats) -> Floats:
        """Quantiles of the triangular distribution with these three corners."""
        width = self.high - self.low
        if width == 0:
            return np.full(quantile.shape, self.likely)
        bend = (self.likely - self.low) / width
        rising = self.low + np.sqrt(quantile * width * (self.likely - self.low))
        falling = self.high - np.sqrt((1 - quantile) * width * (self.high - self.likely))
        return np.where(quantile < bend, rising, falling)


@dataclass(frozen=True)
class Case:
    """What a change costs and what it is worth, all in one currency.

    `cost` falls in year 0; `running` and each list of `benefits` hold years 1, 2, 3, ...
    """

    cost: Range
    running: tuple[Range, ...] = ()
    benefits: Mapping[Voice, tuple[Range, ...]] = field(default_factory=dict)

    @property
    def years(self) -> int:
        return max([len(self.running), *(len(ranges) for ranges in self.benefits.values())], default=0)


@dataclass(frozen=True)
class Worth:
    """The answer for one case. `low` and `high` bound nine tenths of the draws."""

    npv: float  # of the likely amounts
    low: float
    high: float
    p_positive: float  # share of draws whose net present value is above 0
    bcr: float | None  # benefits over costs, both at present value; None where nothing is spent
    break_even: float | None  # share of the likely benefits that would just pay; None where there are none
    irr: float | None
    irr_note: str  # why there is no one rate of return, else empty
    payback: float | None  # years until the likely flows have paid back; None where they never do
    payback_low: float | None  # the same for the case's luckiest and unluckiest amounts
    payback_high: float | None
    by_voice: Mapping[Voice, float]  # present value of the likely benefits
    draws: int


def npv(flows: Sequence[float] | Floats, rate: float) -> float:
    """Σ flow_t / (1 + rate)^t over years t = 0, 1, 2, ..."""
    return float(np.asarray(flows, dtype=np.float64) @ discount(len(flows), rate))


def discount(years: int, rate: float) -> Floats:
    if not rate > -1:
        raise WrongUsage(f"A discount rate is above -1 (0.08 is 8 % a year), and it is {rate:g}.")
    return (1.0 + rate) ** -np.arange(years, dtype=np.float64)


def rates_of_return(flows: Sequence[float]) -> list[float]:
    """Every rate between -99 % and 1000 % at which the net present value is 0, rising."""
    grid = np.concatenate([np.linspace(LOWEST_RATE, 1, 800), np.linspace(1, HIGHEST_RATE, 400)[1:]])
    if not any(flows):
        return []
    values = (1.0 + grid[:, None]) ** -np.arange(len(flows), dtype=np.float64) @ np.asarray(flows, dtype=np.float64)
    roots = [float(rate) for rate, value in zip(grid, values, strict=True) if value == 0]
    for left, right, before, after in zip(grid, grid[1:], values, values[1:], strict=False):
        if before * after < 0:
            roots.append(float(brentq(lambda rate: npv(flows, rate), left, right, xtol=1e-12)))
    return sorted(roots)


def irr(flows: Sequence[float]) -> tuple[float | None, str]:
    """The internal rate of return, or None and the sentence that says why there is none."""
    roots = rates_of_return(flows)
    if len(roots) == 1:
        return roots[0], ""
    if not roots:
        return None, "No rate of return: the flows never change sign, or no rate up to 1000 % balances them."
    listed = ", ".join(f"{root:.1%}" for root in roots)
    return None, f"{len(roots)} rates of return ({listed}): the flows change sign more than once, so none is shown."


def payback(flows: Sequence[float]) -> float | None:
    """Years until the undiscounted sum is 0 or more and stays so; within a year the flow is even."""
    sums = np.cumsum(np.asarray(flows, dtype=np.float64))
    if sums[-1] < 0:
        return None
    below = np.flatnonzero(sums < 0)
    if not len(below):
        return 0.0
    last = int(below[-1])
    return float(last + -sums[last] / flows[last + 1])


def flows_of(case: Case, costs: Literal["low", "likely", "high"], benefits: Literal["low", "likely", "high"]) -> Floats:
    """Net flow per year 0, 1, ... with all costs and all benefits at one corner of their ranges."""
    flows = np.zeros(case.years + 1)
    flows[0] = -getattr(case.cost, costs)
    for year, amount in enumerate(case.running, start=1):
        flows[year] -= getattr(amount, costs)
    for amounts in case.benefits.values():
        for year, amount in enumerate(amounts, start=1):
            flows[year] += getattr(amount, benefits)
    return flows


def simulate(case: Case, rate: float, generator: np.random.Generator, draws: int = DRAWS) -> Floats:
    """Net present values of `draws` possible worlds.

    Amounts are triangular. One draw serves all years of a cost or of one voice's benefit: who
    guessed too high for the first year did so for the third, and years that cancelled each other
    out would make the case look surer than it is. Cost and the three voices vary independently.
    """
    factors = discount(case.years + 1, rate)
    spent = generator.random(draws)
    total = -case.cost.at(spent)
    for year, amount in enumerate(case.running, start=1):
        total = total - amount.at(spent) * factors[year]
    for voice in VOICES:
        luck = generator.random(draws)
        for year, amount in enumerate(case.benefits.get(voice, ()), start=1):
            total = total + amount.at(luck) * factors[year]
    return total


def present_value(amounts: Sequence[Range], rate: float) -> float:
    """Of the likely amounts of years 1, 2, ..."""
    return npv([0.0, *(amount.likely for amount in amounts)], rate)


def worth(case: Case, *, rate: float, generator: np.random.Generator, draws: int = DRAWS) -> Worth:
    """What a case is worth at a yearly discount rate; the generator makes the draws repeatable."""
    likely = flows_of(case, "likely", "likely")
    by_voice = {voice: present_value(case.benefits.get(voice, ()), rate) for voice in VOICES}
    spent = case.cost.likely + present_value(case.running, rate)
    gained = sum(by_voice.values())
    simulated = simulate(case, rate, generator, draws)
    low, high = np.quantile(simulated, [0.05, 0.95])
    return_rate, note = irr(likely.tolist())
    return Worth(
        npv=npv(likely, rate),
        low=float(low),
        high=float(high),
        p_positive=float(np.mean(simulated > 0)),
        bcr=gained / spent if spent > 0 else None,
        break_even=spent / gained if gained > 0 else None,
        irr=return_rate,
        irr_note=note,
        payback=payback(likely.tolist()),
        payback_low=payback(flows_of(case, "low", "high").tolist()),
        payback_high=payback(flows_of(case, "high", "low").tolist()),
        by_voice=by_voice,
        draws=draws,
    )
