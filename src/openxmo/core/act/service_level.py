"""The clock of a case: is it answered in time, and who must hear that it is not.

An open case that is past its time counts as breached. Leaving it out would let the rate rise by
never answering. An open case within its time is pending and counts for neither side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from openxmo.core.act.calendar import BusinessHours, due, elapsed
from openxmo.core.errors import WrongUsage

State = Literal["met", "breached", "pending"]
Alert = Literal["warn", "lead", "unit_head"]
ALERTS: tuple[tuple[float, Alert], ...] = ((2.0, "unit_head"), (1.0, "lead"), (0.75, "warn"))


@dataclass(frozen=True)
class Case:
    """One case to be answered; moments carry a zone. `recovered` is the customer's own confirmation."""

    key: str
    opened: datetime
    first_response: datetime | None = None
    recovered: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """Where one case stands. `used` is the share of the allowed time that has passed; `alert` only for open cases."""

    key: str
    state: State
    open: bool
    elapsed: timedelta
    due: datetime
    used: float
    alert: Alert | None


@dataclass(frozen=True)
class ServiceLevel:
    """Clocks in the order of the cases, and the rates over them; a rate over nothing is None."""

    clocks: tuple[Clock, ...]
    met: int
    breached: int
    pending: int
    rate: float | None  # met / (met + breached)
    recovered: int
    recovery_rate: float | None  # confirmed by the customer / all cases


def read_clock(case: Case, *, hours: BusinessHours, target: timedelta, at: datetime) -> Clock:
    """Judge one case as of `at` against a target in business hours; what came after `at` has not happened yet."""
    if target <= timedelta():
        raise WrongUsage("A service level allows some time, and this one allows none.", where=f"target {target}")
    answered = case.first_response if case.first_response is not None and case.first_response <= at else None
    passed = elapsed(hours, case.opened, answered or at)
    used = passed / target
    # The target itself is still in time.
    state: State = "breached" if passed > target else "met" if answered else "pending"
    return Clock(
        key=case.key,
        state=state,
        open=answered is None,
        elapsed=passed,
        due=due(hours, case.opened, target),
        used=used,
        alert=None if answered else next((alert for share, alert in ALERTS if used >= share), None),
    )


def service_level(cases: Iterable[Case], *, hours: BusinessHours, target: timedelta, at: datetime) -> ServiceLevel:
    """Rates over all cases opened by `at`: first response in time, and recovery confirmed."""
    opened = [case for case in cases if case.opened <= at]
    clocks = tuple(read_clock(case, hours=hours, target=target, at=at) for case in opened)
    states = [clock.state for clock in clocks]
    met, breached = states.count("met"), states.count("breached")
    recovered = sum(case.recovered is not None and case.recovered <= at for case in opened)
    return ServiceLevel(
        clocks=clocks,
        met=met,
        breached=breached,
        pending=states.count("pending"),
        rate=met / (met + breached) if met + breached else None,
        recovered=recovered,
        recovery_rate=recovered / len(opened) if opened else None,
    )
