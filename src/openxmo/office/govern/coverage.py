"""Whether the seven roles of the office are filled, by whom, and which combinations ask for care.

The roles may be combined and filled part-time; what must be kept is the work between them. So a
role that nobody holds is amber, and only a missing lead is red. The combinations that count as
natural are those that the practice names (brighthorse.co.uk, "Ensure a strong XMO").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from openxmo.office.accounts.roles import MISSIONS, ROLES
from openxmo.office.govern.organisation import Person

Light = Literal["green", "amber", "red"]
SEVEN = tuple(chain.from_iterable(MISSIONS.values()))
LEAD = "xmo_lead"
OWN_SURVEYS = frozenset({"survey_architect", "validation_expert"})
NATURAL = tuple(
    frozenset(roles)
    for roles in (
        ("survey_architect", "validation_expert"),
        ("survey_architect", "collection_expert"),
        MISSIONS[1],
        ("findings_interpretation_lead", "experience_interpretation_lead"),
        MISSIONS[2],
    )
)


@dataclass(frozen=True)
class Holder:
    """One person's part of the office's roles, and what to say about the combination."""

    name: str
    roles: tuple[str, ...]
    light: Light
    why: str = ""


@dataclass(frozen=True)
class Coverage:
    """`uncovered` are the vacant roles; the workflow is intact while somebody leads and each mission has somebody."""

    roles_total: int
    holders: tuple[Holder, ...]
    uncovered: tuple[str, ...]
    workflow_intact: bool
    light: Light
    reasons: tuple[str, ...]

    @property
    def people(self) -> int:
        return len(self.holders)

    def to_document(self) -> dict[str, Any]:
        return {
            "roles_total": self.roles_total,
            "people": self.people,
            "uncovered": list(self.uncovered),
            "workflow_intact": self.workflow_intact,
            "light": self.light,
            "reasons": list(self.reasons),
            "holders": self.to_records(),
        }

    def to_records(self) -> list[dict[str, Any]]:
        return [{"name": h.name, "roles": list(h.roles), "light": h.light, "why": h.why} for h in self.holders]


def check_coverage(people: Iterable[Person]) -> Coverage:
    """Which of the seven roles are vacant, combined or over-loaded among these people."""
    holders = tuple(_holder(person) for person in people if any(role in SEVEN for role in person.roles))
    held = {role for holder in holders for role in holder.roles}
    uncovered = tuple(role for role in SEVEN if role not in held)
    missions_held = all(any(role in held for role in roles) for roles in MISSIONS.values())
    reasons = [_vacancy(role) for role in uncovered] + [f"{h.name}: {h.why}" for h in holders if h.why]
    light: Light = "red" if LEAD in uncovered else "amber" if reasons else "green"
    return Coverage(len(SEVEN), holders, uncovered, missions_held and LEAD in held, light, tuple(reasons))


def _vacancy(role: str) -> str:
    if role == LEAD:
        return "nobody leads the office: an XMO lead is always needed"
    return f"nobody is {ROLES[role].label}: somebody can fill it part-time, once a month"


def _holder(person: Person) -> Holder:
    roles = tuple(role for role in SEVEN if role in person.roles)
    held = frozenset(roles)
    if not (len(held) < 2 or any(held <= natural for natural in NATURAL)):
        return Holder(person.name, roles, "amber", "holds roles that are seldom combined: look at the load")
    if held >= OWN_SURVEYS and person.second_reader is None:
        return Holder(person.name, roles, "amber", "validates surveys of their own making: name a second reader")
    return Holder(person.name, roles, "green")
