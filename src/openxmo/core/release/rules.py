"""What the office has settled about showing numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.metric import Metric
from openxmo.core.privacy.minimum_groups import (
    AGENT_ANSWERS,
    COMMENTS,
    EMPLOYEES,
    EMPLOYEES_FLOOR,
    ORGANISATION,
    ORGANISATION_FLOOR,
)

AGENT_COLUMNS = frozenset({"agent", "about", "objects"})


@dataclass(frozen=True, kw_only=True)
class AgentDisclosure:
    """Why customer signals may be cut by agent: without all three on record they may not."""

    purpose: str
    legal_basis: str
    consultation: str

    def __post_init__(self) -> None:
        for name in ("purpose", "legal_basis", "consultation"):
            if not getattr(self, name).strip():
                raise WrongUsage(
                    f"Numbers about agents need a recorded {name.replace('_', ' ')}.", mend="Record it in the office."
                )


@dataclass(frozen=True, kw_only=True)
class Rules:
    """`employee_cuts` are the dimensions and columns by which employees' answers may be cut.

    `agents` None means that nobody sees numbers about an agent; `teams` says which team an agent
    serves in, so that the direct lead is known.
    """

    zone: str = "UTC"
    employee_cuts: frozenset[str] = frozenset()
    agent_cuts: frozenset[str] = AGENT_COLUMNS  # names under which a cut tells who served
    employees: int = EMPLOYEES
    comments: int = COMMENTS
    organisation: int = ORGANISATION  # employees in all, below which their answers are shown as a whole only
    metrics: Mapping[str, Metric] = field(default_factory=dict)  # as the office defines them
    agents: AgentDisclosure | None = None
    agent_answers: int = AGENT_ANSWERS
    teams: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        floors = {
            "employees": EMPLOYEES_FLOOR,
            "comments": self.employees,
            "agent_answers": AGENT_ANSWERS,
            "organisation": ORGANISATION_FLOOR,
        }
        for name, floor in floors.items():
            if getattr(self, name) < floor:
                raise WrongUsage(
                    f"The minimum group of {name.replace('_', ' ')} is never below {floor}, "
                    f"and {getattr(self, name)} was asked for."
                )

    def least_people(self, disclosure: Disclosure) -> int:
        return self.comments if disclosure.shows == "words" else self.employees


def rules_of(
    definitions: Definitions,
    *,
    employees: int = EMPLOYEES,
    comments: int = COMMENTS,
    organisation: int = ORGANISATION,
    agents: AgentDisclosure | None = None,
    agent_answers: int = AGENT_ANSWERS,
    teams: Mapping[str, str] | None = None,
) -> Rules:
    """The rules of an office with these definitions: its zone, and the cuts it declares for employees."""
    declared = [dimension for dimension in definitions.dimensions.values() if dimension.employees]
    names = {dimension.key for dimension in declared} | {each.column for each in declared if each.column}
    telling = {each.key for each in definitions.dimensions.values() if {each.column, each.take} & AGENT_COLUMNS}
    return Rules(
        zone=definitions.zone,
        metrics=definitions.metrics,
        employee_cuts=frozenset(names),
        agent_cuts=AGENT_COLUMNS | telling,
        employees=employees,
        comments=comments,
        organisation=organisation,
        agents=agents,
        agent_answers=agent_answers,
        teams=teams or {},
    )
