"""Who asks, and how far their sight reaches."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A person at the exit door. `units` None is every unit, and signals without one.

    `reads_scores` is False for those who keep the system and see no answers. `agent` is the key that
    signals name where the person serves customers; `leads` the teams they lead directly.
    """

    name: str
    roles: tuple[str, ...]
    reads_scores: bool
    units: frozenset[str] | None
    agent: str | None = None
    leads: frozenset[str] = frozenset()


# The command acts as the operator: customers' numbers office-wide, the same minimum groups as everyone.
OPERATOR = Viewer(name="operator", roles=("operator",), reads_scores=True, units=None)


def scope_of(viewer: Viewer) -> frozenset[str] | None:
    """The scope to ask a question with on behalf of this person."""
    return viewer.units
