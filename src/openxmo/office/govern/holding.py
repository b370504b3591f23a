"""Who holds which role: the seven of the office in their missions, and all others, with what each may do."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from openxmo.office.accounts.roles import MISSIONS, RIGHTS, ROLES, Role
from openxmo.office.govern.coverage import Coverage, Holder, check_coverage
from openxmo.office.govern.organisation import Person

MISSION_NAMES = {
    1: (_("Measure"), _("Ask well, collect whole, and say what can be trusted.")),
    2: (_("Interpret"), _("Find out why, and what experience it amounts to.")),
    3: (_("Lead"), _("Recommend, follow, and prove.")),
}


@dataclass(frozen=True)
class Held:
    """One role with its holders. `light` is green, amber where vacant or asking for care, red without a lead."""

    role: Role
    holders: tuple[str, ...]
    light: str
    words: str

    @property
    def rights(self) -> list[str]:
        return [str(RIGHTS[right]) for right in sorted(self.role.rights)]

    @property
    def tone(self) -> str:
        return {"green": "better", "amber": "open", "red": "worse"}.get(self.light, "quiet")


@dataclass(frozen=True)
class Mission:
    label: str
    objective: str
    roles: tuple[Held, ...]


def hold_roles(people: Iterable[Person]) -> tuple[Coverage, list[Mission], list[Held]]:
    """How well the seven are covered, the missions with them, and all other roles."""
    listed = list(people)
    coverage = check_coverage(listed)
    missions = [
        Mission(str(label), str(objective), tuple(_held(ROLES[key], listed, coverage) for key in MISSIONS[number]))
        for number, (label, objective) in MISSION_NAMES.items()
    ]
    others = [_held(role, listed, None) for role in ROLES.values() if role.mission is None]
    return coverage, missions, others


def _held(role: Role, people: list[Person], coverage: Coverage | None) -> Held:
    names = tuple(sorted(person.name for person in people if role.key in person.roles))
    if coverage is None:
        return Held(role, names, "", "")
    if not names:
        lead = role.key == "xmo_lead"
        return Held(role, names, "red" if lead else "amber", str(_("vacant")))
    careful = [holder for holder in coverage.holders if role.key in holder.roles and holder.why]
    if careful:
        return Held(role, names, "amber", str(_("ask for care")))
    combined = any(len(holder.roles) > 1 for holder in _holders(coverage, role.key))
    return Held(role, names, "green", str(_("combined")) if combined else str(_("held")))


def _holders(coverage: Coverage, role: str) -> list[Holder]:
    return [holder for holder in coverage.holders if role in holder.roles]
