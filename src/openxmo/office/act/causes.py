"""From the inner loop to the outer: a cause that comes back is a problem, and proposes an item for the backlog."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.act.models import Case, Cause, Problem
from openxmo.office.act.rules import days_in, find_cause_rule
from openxmo.office.decide.actions import propose_item
from openxmo.office.govern import trail
from openxmo.office.govern.practice import RootCause
from openxmo.office.govern.queries import read_office
from openxmo.office.ui.components.words import money

MOST_EVIDENCE = 50  # cases that an item names one by one
STARTERS = (
    _("A promise was not kept"),
    _("Nobody owned it"),
    _("Wrong or missing information"),
    _("The product or service failed"),
    _("It took too long"),
    _("A wrong charge"),
    _("A rule stood in the way"),
    _("How somebody behaved"),
)


def look_for_problem(case: Case, *, by: str, at: datetime) -> Problem | None:
    """Inside a transaction, after a cause was named: the problem that this case belongs to, if there is one now."""
    cause = case.cause
    assert cause is not None
    standing = Problem.objects.filter(cause=cause, closed_at__isnull=True).first()
    if standing is not None:
        attach(standing, [case], by=by, at=at)
        return standing
    rule = find_cause_rule(read_office(Home.at(Path(settings.OPENXMO_HOME))))
    if rule is None:
        return None
    recent = Case.objects.filter(cause=cause, happened_at__gte=at - days_in(rule.within), problem__isnull=True)
    cases = list(recent.exclude(state="dismissed").order_by("happened_at", "pk"))
    why = threshold(rule, len(cases), sum(each.severe for each in cases))
    if not why:
        return None
    problem = Problem.objects.create(cause=cause, opened_at=at, why=why)
    attach(problem, cases, by=by, at=at)
    audit.record("problem opened", by=by, at=at, on=[problem.name])
    propose(problem, cases, by=by, at=at)
    return problem


def threshold(rule: RootCause, count: int, severe: int) -> str:
    """Which threshold these cases pass, in words; empty where none."""
    if count >= rule.cases:
        return gettext("%(count)d cases in %(span)s") % {"count": count, "span": rule.within}
    if severe >= rule.severe_cases:
        return gettext("%(count)d severe cases in %(span)s") % {"count": severe, "span": rule.within}
    return ""


def attach(problem: Problem, cases: list[Case], *, by: str, at: datetime) -> None:
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(problem=problem)
    for case in cases:
        case.problem = problem
        trail.link(case.name, problem.name, by=by, at=at)
        if problem.item:
            trail.link(case.name, problem.item, by=by, at=at)


def propose(problem: Problem, cases: list[Case], *, by: str, at: datetime) -> None:
    """The backlog item of a problem, once, with its cases and what they cost to handle."""
    cost = problem.cost()
    units = {case.unit for case in cases}
    said = gettext("%(why)s had the same root cause: %(cause)s.") % {"why": problem.why, "cause": problem.cause.label}
    if cost is not None:
        currency = read_office(Home.at(Path(settings.OPENXMO_HOME))).settings.currency
        said += " " + gettext("Handling them cost %(cost)s so far.") % {"cost": money(cost, currency)}
    item = propose_item(
        title=problem.cause.label,
        description=said,
        experience="customer",
        unit=units.pop() if len(units) == 1 else None,
        evidence=[(case.name, 1) for case in cases[:MOST_EVIDENCE]],
        by=by,
        at=at,
    )
    problem.item = f"item:{item.pk}"
    problem.save(update_fields=["item"])
    trail.link(problem.name, problem.item, by=by, at=at)


@transaction.atomic
def close_problem(*, problem: Problem, by: str, at: datetime) -> Problem:
    """The cause is dealt with: when it comes back, it is a new problem."""
    done = Problem.objects.filter(pk=problem.pk, closed_at__isnull=True).update(closed_at=at, closed_by=by)
    if not done:
        raise WrongUsage(gettext("This problem is closed already."), where=problem.name)
    audit.record("problem closed", by=by, at=at, on=[problem.name])
    return Problem.objects.get(pk=problem.pk)


def start_vocabulary(*, by: str, at: datetime) -> None:
    """The words that an office begins with, where it has none: few, and its leads change them."""
    if not Cause.objects.exists():
        for label in STARTERS:
            put_cause(label=str(label), by=by, at=at)


@transaction.atomic
def put_cause(*, label: str, handling_cost: Decimal | None = None, by: str, at: datetime, key: str = "") -> Cause:
    """A word for the vocabulary, or a new label for one that stands there; an archived one comes back."""
    clean = " ".join(label.split())
    slug = key or slugify(clean)[:60]
    if not slug:
        raise WrongUsage(gettext("A cause needs a name."), mend=gettext("Name it in a few words."))
    cause, _new = Cause.objects.update_or_create(
        key=slug,
        defaults={
            "label": clean[:120],
            "handling_cost": handling_cost,
            "changed_at": at,
            "changed_by": by,
            "archived_at": None,
            "archived_by": "",
        },
    )
    audit.record("cause changed", by=by, at=at, on=[f"cause:{cause.key}"])
    return cause


@transaction.atomic
def archive_cause(*, cause: Cause, by: str, at: datetime) -> Cause:
    cause.archived_at, cause.archived_by = at, by
    cause.save(update_fields=["archived_at", "archived_by"])
    audit.record("cause archived", by=by, at=at, on=[f"cause:{cause.key}"])
    return cause
