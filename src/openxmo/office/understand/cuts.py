"""By what a number may be cut, in the reader's words, and why not by the rest."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.checks import check_cuts
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.dimensions import is_list, underlying
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.pace import check_pace
from openxmo.core.release.rules import Rules
from openxmo.office.govern.session import Session

EVERY = ("month", "quarter", "year", "week", "day")
PACES = {
    "day": gettext_lazy("day"),
    "week": gettext_lazy("week"),
    "month": gettext_lazy("month"),
    "quarter": gettext_lazy("quarter"),
    "year": gettext_lazy("year"),
}
USUAL = {
    "channel": gettext_lazy("Channel"),
    "reason": gettext_lazy("Contact reason"),
    "segment": gettext_lazy("Segment"),
    "journey": gettext_lazy("Journey"),
    "stage": gettext_lazy("Stage"),
    "touchpoint": gettext_lazy("Moment"),
    "product": gettext_lazy("Product"),
    "agent": gettext_lazy("Agent"),
    "team": gettext_lazy("Team"),
    "site": gettext_lazy("Site"),
    "region": gettext_lazy("Region"),
    "device": gettext_lazy("Device"),
    "brand": gettext_lazy("Brand"),
    "language": gettext_lazy("Language"),
    "queue": gettext_lazy("Queue"),
    "item": gettext_lazy("Item"),
    "unit": gettext_lazy("Unit"),
    "source": gettext_lazy("Source"),
    "instrument": gettext_lazy("Question wording"),
    "theme": gettext_lazy("Theme"),
}


@dataclass(frozen=True)
class Cut:
    """One dimension to choose. `refused` says why this metric is not cut by it; empty where it is."""

    key: str
    label: str
    refused: str = ""


def label_of(name: str, definitions: Definitions) -> str:
    """A dimension in words."""
    if name in definitions.dimensions:
        return definitions.dimensions[name].label or name.replace("_", " ")
    return str(USUAL.get(name, name.removeprefix("attrs.").replace("_", " ")))


def in_words(value: str | None) -> str:
    """A value of a dimension as it is read: `hub_3` is a key, "hub 3" a product."""
    return gettext("(not said)") if value is None else value.replace("_", " ")


def cuts_of(office: Session, metric: Metric) -> list[Cut]:
    """All dimensions that the picker shows for this metric, in their usual order."""
    definitions, rules = office.definitions, office.rules
    of_staff = {each.key for each in definitions.dimensions.values() if each.employees}
    names = [*USUAL, *(name for name in definitions.dimensions if name not in USUAL)]
    if metric.experience != "employee":
        names = [name for name in names if name not in of_staff or name in USUAL]
    few = ""
    if metric.experience == "employee" and office.has_few_employees:
        few = gettext("too few employees were heard: their answers are shown as a whole only")
    return [Cut(name, label_of(name, definitions), why_not(name, metric, office, rules) or few) for name in names]


def why_not(name: str, metric: Metric, office: Session, rules: Rules) -> str:
    try:
        check_cuts(metric, (name,), {}, None, office.definitions)
    except WrongUsage as error:
        return error.what
    if metric.experience == "employee" and name not in rules.employee_cuts:
        return gettext("answers of employees are not cut by this")
    if name in rules.agent_cuts and (rules.agents is None or not (office.viewer.agent or office.viewer.leads)):
        return gettext("numbers about an agent are seen by that agent and the direct lead")
    return ""


def paces_of(metric: Metric | None) -> list[Cut]:
    """The periods that the picker shows: for a metric that is judged per quarter, weeks and days are refused."""
    return [Cut(every, every, "" if metric is None else why_not_per(every, metric)) for every in EVERY]


def why_not_per(every: str, metric: Metric) -> str:
    try:
        check_pace(metric, every)
    except WrongUsage:
        said = gettext("%(metric)s is judged per %(pace)s: what a single %(every)s says is chance more than change.")
        pace = PACES[metric.judged_per or every]
        return said % {"metric": metric.label or metric.key, "pace": pace, "every": PACES[every]}
    return ""


def allowed(cuts: Iterable[Cut]) -> list[Cut]:
    return [cut for cut in cuts if not cut.refused]


def sensible_cuts(office: Session, metric: Metric, *, most: int = 2) -> tuple[str, ...]:
    """The first usual dimensions that tell this metric's signals apart, where nobody chose any."""
    chosen: list[str] = []
    for cut in allowed(cuts_of(office, metric)):
        if len(chosen) == most:
            break
        if cut.key in ("source", "instrument", "unit", "team") or is_list(cut.key, office.definitions):
            continue
        if underlying(cut.key, office.definitions) in {underlying(name, office.definitions) for name in chosen}:
            continue
        if metric.experience == "employee" or len(values_of(office, cut.key, metric)) > 1:
            chosen.append(cut.key)
    return tuple(chosen)


def values_of(office: Session, name: str, metric: Metric) -> tuple[str, ...]:
    """The values of a dimension to choose from."""
    return office.heard(name, name=metric.signal).result.values
