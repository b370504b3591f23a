"""How many of those asked answered, with what that leaves open."""

from dataclasses import dataclass

from openxmo.core.metrics.intervals import critical_z, wilson


@dataclass(frozen=True)
class ResponseRate:
    """`value`, `low` and `high` in per cent (Wilson's interval, 95 %); None where nobody was asked."""

    asked: int
    answered: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def response_rate(*, asked: int, answered: int) -> ResponseRate:
    """The share of those asked who answered. More answers than invitations is a fault of the counts: no rate."""
    if asked <= 0 or answered > asked:
        return ResponseRate(asked, answered)
    share = answered / asked
    low, high = wilson(share, asked, critical_z(0.95))
    return ResponseRate(asked, answered, 100 * share, 100 * low, 100 * high)
