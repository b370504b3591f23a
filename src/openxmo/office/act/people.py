"""Who is told and who is asked: people of the office by their team, their unit and what they may do."""

from collections.abc import Iterable
from datetime import date

from openxmo.office.accounts.models import User
from openxmo.office.accounts.roles import Right, rights_of
from openxmo.office.govern.office import Office
from openxmo.office.govern.organisation import Person
from openxmo.office.govern.queries import units_within


def agents_of(office: Office, *, team: str, unit: str) -> list[str]:
    """Who serves in the team; where the team has nobody by name, who serves in the unit."""
    serving = [person for person in office.people if "agent" in person.roles]
    in_team = [person.name for person in serving if team and person.team == team]
    return in_team or [person.name for person in serving if unit and unit in person.units]


def leads_of(office: Office, *, team: str, unit: str) -> list[str]:
    """Who leads the team, else who leads cases in the unit, or in the nearest unit above that has a lead."""
    found = [person.name for person in office.people if team and team in person.leads]
    leads = [person for person in office.people if "team_lead" in person.roles]
    return found or nearest(leads, [unit, *units_above(office, unit)])


def heads_of(office: Office, unit: str) -> list[str]:
    """Who leads the units above, the nearest first; the office's lead where nobody does."""
    heads = [person for person in office.people if {"people_leader", "team_lead", "executive"} & set(person.roles)]
    return nearest(heads, units_above(office, unit)) or with_role(office, "xmo_lead")


def with_role(office: Office, role: str) -> list[str]:
    return [person.name for person in office.people if role in person.roles]


def addressees(office: Office, unit: str, *, day: date) -> list[str]:
    """Who answers recommendations for this unit: those placed nearest to it."""
    may = [person for person in office.people if Right.ANSWER_RECOMMENDATIONS in rights_of(person.roles)]
    receiving = [person for person in may if "receiving_team" in person.roles]
    path = [unit, *units_above(office, unit)]
    found = nearest(receiving, path) or nearest(may, path)
    return [name for name in found if unit in units_within(office.units, units_of(office, name), day=day)]


def units_above(office: Office, unit: str) -> list[str]:
    """The units above this one, the nearest first."""
    parents = {each.key: each.parent for each in office.units}
    found: list[str] = []
    above = parents.get(unit)
    while above and above not in found:
        found.append(above)
        above = parents.get(above)
    return found


def nearest(people: Iterable[Person], path: Iterable[str]) -> list[str]:
    """The people placed in the first unit of the path that has any."""
    people = list(people)
    for unit in path:
        found = [person.name for person in people if unit and unit in person.units]
        if found:
            return found
    return []


def units_of(office: Office, name: str) -> tuple[str, ...]:
    return next((person.units for person in office.people if person.name == name), ())


def emails_of(names: Iterable[str]) -> dict[str, str]:
    """The addresses of people who sign in and have one."""
    rows = User.objects.filter(username__in=list(names), is_active=True).exclude(email="")
    return dict(rows.values_list("username", "email"))


def label_of(office: Office, unit: str) -> str:
    """What a unit is called."""
    return next((each.label for each in office.units if each.key == unit and each.label), unit)
