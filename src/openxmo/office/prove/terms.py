"""What a plan or a claim of money is made of, as whoever writes it gives it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from openxmo.core.decide.money import Range
from openxmo.core.prove.worth import NOTHING

Every = Literal["week", "month", "quarter"]


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """`comparison` None compares with every other value of `by`; an empty one leaves before and after alone.

    `expected` carries the sign of the promised move, in the metric's unit. `until` is the end of the
    reading, itself left out; `ready_on` when a verdict may be given, reckoned from the design if not said.
    `counter_limit` is how much worse the counter-metric may get.
    """

    metric: str
    by: str
    treated: tuple[str, ...]
    change_on: date
    until: date
    expected: float
    comparison: tuple[str, ...] | None = None
    where: tuple[tuple[str, Any], ...] = ()
    drawn_by_lot: bool = False
    cluster: str = ""
    every: Every = "month"
    since: date | None = None
    ready_on: date | None = None
    counter_metric: str = ""
    counter_limit: float = 0.0

    @property
    def compared(self) -> bool:
        return self.comparison != ()


@dataclass(frozen=True, kw_only=True)
class MoneyTerms:
    """`counted` says what is counted ("activation issues"), `volume` how many, `value` what one is worth."""

    counted: str
    volume: Range
    value: Range
    period_from: date
    period_to: date
    assumptions: str
    cost: Range = NOTHING
