"""What the office stands for: the vision, the objectives it serves, and the ambitions under them."""

from dataclasses import dataclass
from datetime import datetime

from openxmo.core.metrics.metric import Ambition
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.roles import ROLES
from openxmo.office.govern import store
from openxmo.office.govern.organisation import Objective
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.screens.references import called


@dataclass(frozen=True)
class Settled:
    """An ambition as it was last settled; `measured_by` is what its metric or agreement is called."""

    ambition: Ambition
    label: str
    measured_by: str
    unit: str
    version: int
    at: datetime
    by: str

    @property
    def owner(self) -> str:
        return owner_words(self.ambition.owner)


def owner_words(owner: str) -> str:
    """An owner is a role, which has its own words, or a name."""
    return ROLES[owner].label if owner in ROLES else owner


@dataclass(frozen=True)
class Served:
    """An objective with the ambitions that say what it takes; None for those that serve none."""

    objective: Objective | None
    ambitions: tuple[Settled, ...]


def stand_for(home: Home) -> list[Served]:
    """Every objective with its ambitions, then the ambitions that serve none."""
    office = read_office(home)
    standings = store.read_standings(home)
    measures = {f"metric:{one.key}": one for one in office.metrics} | {f"xla:{one.key}": one for one in office.xlas}
    settled = []
    for one in office.ambitions:
        measure = measures[f"metric:{one.metric}" if one.metric else f"xla:{one.xla}"]
        standing = standings["ambition", one.key]
        label = one.statement or called(measure)
        unit = getattr(measure, "unit", "")
        settled.append(Settled(one, label, called(measure), unit, standing.version, standing.at, standing.by))
    served = [
        Served(objective, tuple(one for one in settled if one.ambition.objective == objective.key))
        for objective in office.objectives
    ]
    unserved = tuple(one for one in settled if one.ambition.objective is None)
    return [*served, Served(None, unserved)] if unserved else served


def ambition_choices(home: Home) -> list[tuple[str, str]]:
    """What an item, an initiative or a survey can say it serves."""
    return [(one.key, one.statement or one.key) for one in read_office(home).ambitions]
