"""What others ask of the office: it as it stood at a moment, its definitions, its people and what they may see."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.metrics.checks import find_metric
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric, Xla
from openxmo.core.release.rules import AgentDisclosure, Rules, rules_of
from openxmo.core.release.viewer import OPERATOR, Viewer
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import RIGHTS, ROLES, Right, rights_of
from openxmo.office.govern import store
from openxmo.office.govern.form import read_form
from openxmo.office.govern.naming import did_you_mean
from openxmo.office.govern.office import Office
from openxmo.office.govern.organisation import Person, Unit
from openxmo.office.govern.remembered import remembered

DEFAULT_OFFICE = "default_office.toml"


@cache
def default_office_text() -> str:
    """The default office file, with the reasons for its values."""
    return resources.files("openxmo.office.govern").joinpath(DEFAULT_OFFICE).read_text(encoding="utf-8")


@cache
def read_default_office() -> Office:
    """The office that `xmo init` writes."""
    return read_form(tomllib.loads(default_office_text()))


def read_office(home: Home, *, known_at: datetime | None = None) -> Office:
    """The office as it stands, or as it was known at a moment; an empty one where none was written."""
    if known_at is None:
        return remembered((home.path, "office")).find(
            store.newest_stamp(home), "office", lambda: store.office_of(store.read_standings(home))
        )
    return store.office_of(store.read_standings(home, known_at=known_at))


def definitions(of: Home | Office, *, known_at: datetime | None = None) -> Definitions:
    """What questions need of an office. From a home it carries versions and breaks; an `Office` has neither."""
    if isinstance(of, Office):
        return _definitions(of, ())
    if known_at is None:
        return remembered((of.path, "office")).find(
            store.newest_stamp(of), "definitions", lambda: _definitions_of(of, None)
        )
    return _definitions_of(of, known_at)


def _definitions_of(home: Home, known_at: datetime | None) -> Definitions:
    standings = store.read_standings(home, known_at=known_at)
    return _definitions(store.office_of(standings), standings.values())


def _definitions(office: Office, standings: Iterable[store.Standing]) -> Definitions:
    standing = [one for one in standings if not one.archived]
    return Definitions(
        zone=office.settings.zone,
        metrics={item.key: item for item in office.metrics},
        dimensions={item.key: item for item in office.dimensions},
        sources={item.key: item for item in office.sources},
        ambitions={item.key: item for item in office.ambitions},
        xlas={item.key: item for item in office.xlas},
        versions={f"{one.kind}:{one.key}": one.version for one in standing},
        breaks={f"{one.kind}:{one.key}": one.breaks for one in standing if one.breaks},
    )


def get_metric(of: Home | Office | Definitions, key: str) -> Metric:
    """The metric with this key; `WrongUsage` names the nearest known ones."""
    return find_metric(key, of if isinstance(of, Definitions) else definitions(of))


def get_xla(of: Home | Office | Definitions, key: str) -> Xla:
    """The XLA with this key; `WrongUsage` names the nearest known one."""
    xlas = (of if isinstance(of, Definitions) else definitions(of)).xlas
    if key not in xlas:
        raise WrongUsage(
            _('There is no XLA "%(key)s"%(hint)s') % {"key": key, "hint": did_you_mean(key, xlas) or "."},
            mend=_("`xmo export` shows the office's XLAs."),
        )
    return xlas[key]


# PEOPLE


def find_person(of: Home | Office, name: str) -> Person:
    """The person who signs in with this name; `NotAllowed` where there is none."""
    office = of if isinstance(of, Office) else read_office(of)
    people = {person.name: person for person in office.people}
    if name not in people:
        raise NotAllowed(
            _('There is nobody called "%(name)s" in this office%(hint)s')
            % {"name": name, "hint": did_you_mean(name, people) or "."}
        )
    return people[name]


def access_of(of: Home | Office, name: str, *, at: datetime) -> Access:
    """The rights and the scope of a person, as their roles and the units of that day give them."""
    office = of if isinstance(of, Office) else read_office(of)
    person = find_person(office, name)
    return Access(
        name=person.name,
        roles=person.roles,
        rights=rights_of(person.roles),
        units=_scope(office, person, day=at.astimezone(ZoneInfo(office.settings.zone)).date()),
        agent=person.agent,
        leads=person.leads,
        team=person.team,
    )


def _scope(office: Office, person: Person, *, day: date) -> frozenset[str] | None:
    if person.units:
        return units_within(office.units, person.units, day=day)
    office_wide = any(role in ROLES and ROLES[role].office_wide for role in person.roles)
    return None if office_wide else frozenset()


def units_within(units: Iterable[Unit], tops: Iterable[str], *, day: date) -> frozenset[str]:
    """These units and all below them that stand on that day."""
    standing = {unit.key: unit for unit in units if unit.stands_on(day)}
    below: dict[str | None, list[str]] = {}
    for unit in standing.values():
        below.setdefault(unit.parent, []).append(unit.key)
    found: set[str] = set()
    waiting = [top for top in tops if top in standing]
    while waiting:
        unit_key = waiting.pop()
        if unit_key not in found:
            found.add(unit_key)
            waiting += below.get(unit_key, [])
    return frozenset(found)


def find_viewer(of: Home | Office, name: str | None, *, at: datetime) -> Viewer:
    """The person of that name at the exit door; nobody named is the operator."""
    if name is None:
        return OPERATOR
    access = access_of(of, name, at=at)
    return Viewer(
        name=access.name,
        roles=access.roles,
        reads_scores=Right.READ_SCORES in access.rights,
        units=access.units,
        agent=access.agent,
        leads=frozenset(access.leads),
    )


def find_rules(of: Home | Office) -> Rules:
    """What the office has settled about showing numbers: minimum groups, employee cuts, agents and their teams."""
    office = of if isinstance(of, Office) else read_office(of)
    groups, disclosure = office.settings.minimum_groups, office.settings.agent_disclosure
    agents = None
    if disclosure is not None:
        agents = AgentDisclosure(
            purpose=disclosure.purpose, legal_basis=disclosure.legal_basis, consultation=disclosure.consultation
        )
    return rules_of(
        definitions(office),
        employees=groups.employees,
        comments=groups.comments,
        organisation=groups.organisation,
        agents=agents,
        agent_answers=groups.agents,
        teams={person.agent: person.team for person in office.people if person.agent and person.team},
    )


def check_right(access: Access, right: Right) -> None:
    """`NotAllowed`, with the roles that may, unless this person has the right."""
    if right in access.rights:
        return
    may = [role.label for role in ROLES.values() if right in role.rights]
    raise NotAllowed(
        _("%(who)s may not %(right)s.") % {"who": access.name, "right": RIGHTS[right]},
        mend=_("These roles may: %(roles)s.") % {"roles": ", ".join(may)} if may else "",
    )


def has_right(access: Access, right: Right) -> bool:
    return right in access.rights
