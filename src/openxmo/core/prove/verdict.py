"""The one word a proof ends in: effect, no effect larger than X, harm, or not yet knowable."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Word = Literal["effect", "no effect larger than", "harm", "not yet knowable"]
POWER_REACH = 1.959964 + 0.841621  # an effect this many errors away is found four times in five
FARTHEST = timedelta(days=365 * 5)  # beyond it a date would promise what nobody keeps


@dataclass(frozen=True)
class Verdict:
    """`bound` goes with "no effect larger than", in the outcome's unit; `until` with "not yet knowable"."""

    word: Word
    bound: float | None = None
    until: datetime | None = None
    reason: str = ""

    def sentence(self, unit: str = "") -> str:
        shown = f"{self.bound:.3g} {unit}".strip() if self.bound is not None else ""
        date = f" until {self.until:%Y-%m-%d}" if self.until else ""
        return f"{self.word} {shown}".strip() + date


def verdict(
    low: float,
    high: float,
    *,
    better: Literal["higher", "lower"] = "higher",
    expected: float | None = None,
    started: datetime | None = None,
    at: datetime | None = None,
    ready: datetime | None = None,
    refuted: str = "",
) -> Verdict:
    """Judge an effect by its interval.

    `ready` is the date before which the plan said no verdict would be given; `expected` the effect
    that was promised (its size): an interval that holds both no effect and the promised one decides
    nothing, and `until` is when errors shrinking with the square root of the time since `started`
    would show it. `refuted` is the reason why the design does not hold, such as groups that had
    already drifted apart.
    """
    if ready is not None and at is not None and at < ready:
        return Verdict("not yet knowable", until=ready, reason="The planned time is not over.")
    if refuted:
        return Verdict("not yet knowable", reason=refuted)
    gain = (low, high) if better == "higher" else (-high, -low)
    if gain[0] > 0:
        return Verdict("effect")
    if gain[1] < 0:
        return Verdict("harm")
    if expected is not None and gain[1] >= abs(expected):
        until = enough_at((high - low) / 2, abs(expected), started, at)
        return Verdict(
            "not yet knowable", until=until, reason="Both no effect and the promised one are still possible."
        )
    return Verdict("no effect larger than", bound=max(abs(low), abs(high)))


def enough_at(reach: float, expected: float, started: datetime | None, at: datetime | None) -> datetime | None:
    """When the half-width of the interval would be small enough to show the expected effect with 80 % power."""
    if started is None or at is None or at <= started or expected == 0 or not math.isfinite(reach):
        return None
    error = reach / 1.959964
    needed = (at - started).total_seconds() * max(1.0, (POWER_REACH * error / expected) ** 2)
    return started + timedelta(seconds=needed) if needed <= FARTHEST.total_seconds() else None
