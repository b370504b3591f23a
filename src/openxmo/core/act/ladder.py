"""Who is told when, as a clock runs: a warning before it is due, the lead when it is, the unit's head long after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from openxmo.core.act.calendar import BusinessHours, due, elapsed

Step = Literal["warn", "lead", "head"]
STEPS: tuple[Step, ...] = ("warn", "lead", "head")


@dataclass(frozen=True)
class Rung:
    step: Step
    at: datetime


def rungs(
    hours: BusinessHours, *, start: datetime, due_at: datetime, warn_at: float, lead_at: float, head_at: float
) -> tuple[Rung, ...]:
    """The moments, in UTC, at which these shares of the open time from `start` to `due_at` have passed."""
    total = elapsed(hours, start, due_at)
    shares: tuple[tuple[Step, float], ...] = (("warn", warn_at), ("lead", lead_at), ("head", head_at))
    return tuple(Rung(step, due_at if share == 1 else due(hours, start, total * share)) for step, share in shares)
