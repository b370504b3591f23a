"""What must hold between the objects of an office: names lead somewhere, weights add up, units form a tree.

Each check gives sentences about what is wrong; `check_office` refuses an office with any.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from openxmo.core.decide import kano
from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.checks import check_metric
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Dimension, Xla
from openxmo.core.signals.contract import COLUMNS, SCALE_PATTERN
from openxmo.office.accounts.roles import ROLES
from openxmo.office.govern.calendars import open_hours
from openxmo.office.govern.currencies import CURRENCIES
from openxmo.office.govern.form import refuse
from openxmo.office.govern.naming import did_you_mean
from openxmo.office.govern.office import Office, identity
from openxmo.office.govern.practice import Answering, ClosedLoop, Complaint, Review

ATTRIBUTE = "attrs."
COLUMN_NAMES = frozenset(column.name for column in COLUMNS) - {"attrs"}
CUTS_BY_TIME = frozenset({"day", "week", "month", "quarter", "year"})
MOST_ROUNDING = 1e-6
Problems = Iterator[str]


def check_office(office: Office) -> None:
    """`UnreadableInput` with the first thing that does not fit, and the others in what to mend."""
    refuse([problem for check in CHECKS for problem in check(office)])


def check_settings(office: Office) -> Problems:
    settings = office.settings
    yield from _check_zone("[office]", settings.zone)
    if settings.currency not in CURRENCIES:
        yield f'[office]: "{settings.currency}" is no currency: give its ISO 4217 code, like EUR'
    if settings.minimum_groups.comments < settings.minimum_groups.employees:
        yield "[office]: minimum_groups.comments must not be fewer than employees: words name people sooner"
    for field in ("purpose", "legal_basis", "consultation"):
        if settings.agent_disclosure is not None and not getattr(settings.agent_disclosure, field).strip():
            yield f"[office]: agent_disclosure.{field} says nothing"


def check_sources(office: Office) -> Problems:
    for source in office.sources:
        place = f'[[source]] "{source.key}"'
        if source.zone is not None:
            yield from _check_zone(place, source.zone)
        if source.scale is not None and not re.search(SCALE_PATTERN, source.scale):
            yield f'{place}: scale "{source.scale}" must be a scale, like `1..5`'
        if source.fresh_within_hours is not None and source.fresh_within_hours <= 0:
            yield f"{place}: fresh_within_hours must be more than 0"


def _check_zone(place: str, zone: str) -> Problems:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, LookupError):
        from zoneinfo import available_timezones

        near = did_you_mean(zone, available_timezones())
        yield f'{place}: "{zone}" is no time zone{near or ": name one like Europe/Berlin"}'


def check_calendars(office: Office) -> Problems:
    for calendar in office.calendars:
        try:
            open_hours(calendar, office.settings.zone)
        except WrongUsage as error:
            yield f'[[calendar]] "{calendar.key}": {_in_one(error)}'


def check_units(office: Office) -> Problems:
    parents = {unit.key: unit.parent for unit in office.units}
    for unit in office.units:
        place = f'[[unit]] "{unit.key}"'
        if unit.parent is not None and unit.parent not in parents:
            yield f'{place}: there is no unit "{unit.parent}" for a parent{did_you_mean(unit.parent, parents)}'
        elif _is_its_own_ancestor(unit.key, parents):
            yield f"{place}: is a part of itself: follow its parents"
        if (unit.valid_from or date.min) >= (unit.valid_to or date.max):
            yield f"{place}: valid_to must be after valid_from"


def _is_its_own_ancestor(key: str, parents: dict[str, str | None]) -> bool:
    seen = set()
    above = parents.get(key)
    while above is not None and above not in seen:
        if above == key:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def check_people(office: Office) -> Problems:
    units = {unit.key for unit in office.units}
    names = {person.name for person in office.people}
    for person in office.people:
        place = f'[[person]] "{person.name}"'
        for role in person.roles:
            yield from _known(f"{place}: there is no role", role, ROLES)
        for unit in person.units:
            yield from _known(f"{place}: there is no unit", unit, units)
        if person.second_reader is not None:
            yield from _known(f"{place}: there is no person", person.second_reader, names - {person.name})


def _known(sentence: str, name: str, known: object) -> Problems:
    names = set(known) if isinstance(known, (set, frozenset, dict)) else set()
    if name not in names:
        yield f'{sentence} "{name}"{did_you_mean(name, names)}'


# METRICS


def check_dimensions(office: Office) -> Problems:
    for dimension in office.dimensions:
        yield from (f'[[dimension]] "{dimension.key}": {problem}' for problem in _dimension_problems(dimension))


def _dimension_problems(dimension: Dimension) -> Problems:
    """A dimension is a column or attribute of its own name, one of another name, or borrowed."""
    if dimension.column is not None and dimension.signal is not None:
        yield "has either a column, or a signal to borrow from, not both"
    if dimension.key in COLUMN_NAMES and (dimension.column or dimension.signal):
        yield "is the name of a column of the signal already: choose another key"
    if dimension.signal is not None and dimension.link is None:
        yield "link is missing: a borrowed dimension says over what it is linked (issue, contact, subject, response)"
    if dimension.signal is None and dimension.link is not None:
        yield "signal is missing: a link says over what another signal is found"
    for field, name in (("column", dimension.column), ("take", dimension.take)):
        if name is not None and name not in COLUMN_NAMES and not name.startswith(ATTRIBUTE):
            yield f'{field} knows no column "{name}"{did_you_mean(name, COLUMN_NAMES) or ": write attrs." + name}'


def check_metrics(office: Office) -> Problems:
    known = Definitions(
        metrics={metric.key: metric for metric in office.metrics},
        dimensions={dimension.key: dimension for dimension in office.dimensions},
    )
    for metric in office.metrics:
        place = f'[[metric]] "{metric.key}"'
        try:
            check_metric(metric, known)
        except WrongUsage as error:
            yield f"{place}: {_in_one(error)}"
        cuts = {*COLUMN_NAMES, *known.dimensions, *CUTS_BY_TIME}
        for name in metric.refused_by:
            if not name.startswith(ATTRIBUTE):
                yield from _known(f"{place}: refused_by knows no", name, cuts)


def _in_one(error: WrongUsage) -> str:
    """What and how to mend it, to stand after the place and before a full stop."""
    return f"{error.what[0].lower()}{error.what[1:]} {error.mend}".strip().rstrip(".")


def check_xlas(office: Office) -> Problems:
    metrics = {metric.key for metric in office.metrics}
    for xla in office.xlas:
        place = f'[[xla]] "{xla.key}"'
        for component in xla.components:
            yield from _known(f"{place}: there is no metric", component.metric, metrics)
        yield from (f"{place}: {problem}" for problem in _xla_problems(xla))


def _xla_problems(xla: Xla) -> Problems:
    total = sum(component.weight for component in xla.components)
    experience = sum(component.weight for component in xla.components if component.kind == "X")
    if abs(total - 1) > MOST_ROUNDING:
        yield f"the weights of its components must add up to 1, not {total:g}"
    if experience < 0.5 - MOST_ROUNDING:
        yield f"at least half of the weight must be X (what people say), not {experience:g}"
    if xla.poor > xla.good:
        yield "good must not lie below poor"
    if any(component.low >= component.high for component in xla.components):
        yield "low must lie below high in every component; `better` says which end is good"


def check_ambitions(office: Office) -> Problems:
    metrics, xlas = {metric.key for metric in office.metrics}, {xla.key for xla in office.xlas}
    objectives = {objective.key for objective in office.objectives}
    for ambition in office.ambitions:
        place = f'[[ambition]] "{ambition.key}"'
        if (ambition.metric is None) == (ambition.xla is None):
            yield f"{place}: names either a metric or an XLA"
        if ambition.metric is not None:
            yield from _known(f"{place}: there is no metric", ambition.metric, metrics)
        if ambition.xla is not None:
            yield from _known(f"{place}: there is no XLA", ambition.xla, xlas)
        if ambition.objective is not None:
            yield from _known(f"{place}: there is no objective", ambition.objective, objectives)
        if ambition.by is not None and not _is_date(ambition.by):
            yield f'{place}: by "{ambition.by}" is no date: write it as 2026-12-31'


def _is_date(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True


# PRACTICE


RELATIONSHIP_NPS = frozenset({"nps", "enps"})  # names of signals
TRANSACTIONAL_NPS = "tnps"


def check_nps_apart(office: Office) -> Problems:
    """NPS of the relationship is asked of the relationship alone, that of a contact under a name of its own."""
    signals = {identity(instrument): instrument.signal or instrument.key for instrument in office.instruments}
    for survey in office.surveys:
        for question in survey.questions:
            name = signals.get(question, "")
            place = f'[[survey]] "{survey.key}": {question}'
            if name in RELATIONSHIP_NPS and not survey.relationship:
                yield f'{place} is NPS of the relationship: set relationship = true, or ask one with signal = "tnps"'
            if name == TRANSACTIONAL_NPS and survey.relationship:
                yield f"{place} is NPS of a contact: ask it in a survey that is not of the relationship"


def check_kano(office: Office) -> Problems:
    """Kano's two questions are told apart by what they ask about, and their five answers by their place."""
    for instrument in office.instruments:
        if instrument.signal not in (kano.WITH, kano.WITHOUT):
            continue
        place = f'[[instrument]] "{identity(instrument)}"'
        if not instrument.item:
            yield f"{place}: item is missing: Kano's questions name the idea they ask about by its key"
        if instrument.answers != "choice" or len(set(instrument.labels)) != len(kano.LABELS):
            yield f"{place}: Kano's questions are a choice of five labels: like, must be, neutral, live with, dislike"


def check_listening(office: Office) -> Problems:
    instruments = {identity(instrument) for instrument in office.instruments}
    surveys = {survey.key for survey in office.surveys}
    journeys = {journey.key for journey in office.journeys}
    metrics = {metric.key for metric in office.metrics}
    for instrument in office.instruments:
        if instrument.answers == "rating" and instrument.scale is None:
            yield f'[[instrument]] "{identity(instrument)}": scale is missing: a rating has one, like `1..5`'
    yield from check_kano(office)
    for survey in office.surveys:
        for question in survey.questions:
            yield from _known(f'[[survey]] "{survey.key}": there is no instrument', question, instruments)
    yield from check_nps_apart(office)
    for programme in office.programmes:
        place = f'[[programme]] "{programme.key}"'
        for name in programme.surveys:
            yield from _known(f"{place}: there is no survey", name, surveys)
        for name in programme.metrics:
            yield from _known(f"{place}: there is no metric", name, metrics)
        if programme.metrics and not programme.why_these.strip():
            yield f"{place}: why_these is missing: say which decision these metrics serve"
        for name in programme.journeys:
            yield from _known(f"{place}: there is no journey", name, journeys)


def check_rules(office: Office) -> Problems:
    calendars = {calendar.key for calendar in office.calendars}
    for rule in office.rules:
        place = f'[[rule]] "{rule.key}"'
        if isinstance(rule, (ClosedLoop, Complaint, Answering)) and rule.calendar is not None:
            yield from _known(f"{place}: there is no calendar", rule.calendar, calendars)
        if isinstance(rule, Answering):
            yield from _known(f"{place}: there is no role", rule.then, ROLES)
        if isinstance(rule, Review):
            for role in rule.roles:
                yield from _known(f"{place}: there is no role", role, ROLES)
        if isinstance(rule, Complaint) and rule.final_answer and not (rule.regulator and rule.rule_of):
            yield f"{place}: a final_answer needs the regulator whose rule it is, and rule_of, the date of that rule"


def check_names_are_unique(office: Office) -> Problems:
    seen = set()
    for kind, key, _ in office.each():
        if (kind, key) in seen:
            yield f'[[{kind}]] "{key}": stands twice'
        seen.add((kind, key))


CHECKS: tuple[Callable[[Office], Problems], ...] = (
    check_settings,
    check_names_are_unique,
    check_units,
    check_people,
    check_sources,
    check_calendars,
    check_dimensions,
    check_metrics,
    check_xlas,
    check_ambitions,
    check_listening,
    check_rules,
)
