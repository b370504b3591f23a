"""Planning an initiative: written, changed with a reason, approved with its baseline, before the start."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.core.prove.seal import seal_of
from openxmo.office.accounts import audit
from openxmo.office.accounts.access import Access
from openxmo.office.govern import trail
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import access_of, find_person, read_office
from openxmo.office.govern.session import Session
from openxmo.office.prove import permissions, policies
from openxmo.office.prove.evidence import ask_course, clean, open_session, terms_of
from openxmo.office.prove.models import Design, Initiative, Plan
from openxmo.office.prove.sources import check_sources
from openxmo.office.prove.states import State
from openxmo.office.prove.terms import PlanTerms
from openxmo.office.prove.zones import day_of
from openxmo.questions.course import DAYS_IN


def person(by: str, at: datetime) -> Access:
    return access_of(served_home(), by, at=at)


def plan_initiative(
    *,
    title: str,
    owner: str,
    sponsor: str,
    unit: str,
    terms: PlanTerms,
    by: str,
    at: datetime,
    about: str = "",
    item: str = "",
    recommendation: str = "",
) -> Initiative:
    """A draft, with the first version of its plan."""
    access = person(by, at)
    permissions.check_run_in(access, unit)
    check_sources(access, (item, recommendation))
    check_people(owner, sponsor, unit)
    session = open_session(by, at)
    policies.check_terms(terms, session.definitions, session.rules)
    with transaction.atomic():
        initiative = Initiative.objects.create(
            title=title.strip(), about=about.strip(), owner=owner, sponsor=sponsor, unit=unit, item=item,
            recommendation=recommendation, planned_start=terms.change_on, planned_end=terms.until,
            made_at=at, made_by=by,
        )  # fmt: skip
        Plan.objects.create(initiative=initiative, number=1, **columns_of(terms, session), written_at=at, written_by=by)
        for earlier in dict.fromkeys(name for name in (recommendation, item) if name):
            trail.link(earlier, initiative.name, by=by, at=at)
        audit.record(
            "initiative planned", by=by, at=at, on=[initiative.name, *[n for n in (item, recommendation) if n]]
        )
    return initiative


def rewrite_plan(*, initiative: Initiative, terms: PlanTerms, by: str, at: datetime, reason: str = "") -> Plan:
    """Change the plan: a draft in place; what was approved by a new version with its reason, to be approved again."""
    permissions.check_run(person(by, at), initiative)
    policies.check_changeable(initiative)
    session = open_session(by, at)
    policies.check_terms(terms, session.definitions, session.rules)
    last = newest_plan(initiative)
    if last.fixed_at is not None and not reason.strip():
        raise WrongUsage(
            _("An approved plan is changed only with a reason."), mend=_("Say why: it stands beside the verdict.")
        )
    with transaction.atomic():
        values: dict[str, Any] = {**columns_of(terms, session), "written_at": at, "written_by": by}
        if last.fixed_at is None:
            for name, value in values.items():
                setattr(last, name, value)
            last.reason = reason.strip() or last.reason
            last.save()
            plan = last
        else:
            plan = Plan.objects.create(initiative=initiative, number=last.number + 1, reason=reason.strip(), **values)
        if initiative.state == State.DRAFT:
            initiative.planned_start, initiative.planned_end = terms.change_on, terms.until
            initiative.save()
        audit.record("plan changed", by=by, at=at, on=[initiative.name])
    return plan


def approve(*, initiative: Initiative, by: str, at: datetime) -> Plan:
    """Fix the newest version of the plan: baseline measured, definition kept, all of it sealed."""
    access = person(by, at)
    permissions.check_approve(access, initiative)
    plan = newest_plan(initiative)
    policies.check_fixable(initiative, plan, day_of(at))
    session = open_session(by, at)
    terms = terms_of(plan)
    policies.check_terms(terms, session.definitions, session.rules)
    answer = clean(ask_course(session, terms).to_document())
    if answer["suppressed"]:
        raise WrongUsage(
            _("The baseline rests on too few people to be shown, so nothing can be fixed."),
            mend=_("Choose larger groups, or a metric that is not about employees."),
        )
    metric = session.metric(plan.metric)
    with transaction.atomic():
        locked = Initiative.objects.select_for_update().get(pk=initiative.pk)
        plan = newest_plan(locked)
        policies.check_fixable(locked, plan, day_of(at))
        plan.baseline = answer | {"as_of": at.isoformat()}
        plan.definition = clean(msgspec.to_builtins(metric))
        plan.metric_version = answer["version"]
        plan.scope = None if access.units is None else sorted(access.units)
        plan.fixed_at, plan.fixed_by = at, by
        plan.seal = seal_of(plan.promise())
        plan.save()
        if plan.number == 1:
            locked.state = State.APPROVED
            locked.approved_at, locked.approved_by = at, by
        locked.planned_start, locked.planned_end = plan.change_on, plan.until
        locked.save()
        audit.record("plan approved", by=by, at=at, on=[locked.name])
    initiative.refresh_from_db()
    return plan


def newest_plan(initiative: Initiative) -> Plan:
    plan = initiative.plans.order_by("-number").first()
    assert plan is not None  # an initiative is made with its first plan
    return plan


def columns_of(terms: PlanTerms, session: Session) -> dict[str, Any]:
    """The terms as a row has them; the day of the verdict is reckoned where none was chosen."""
    found = asdict(terms) | {
        "where": [list(pair) for pair in terms.where],
        "treated": list(terms.treated),
        "comparison": None if terms.comparison is None else list(terms.comparison),
        "design": Design.COMPARED if terms.compared else Design.BEFORE_AFTER,
        "unit": effect_unit(session.metric(terms.metric).unit),
    }
    if terms.ready_on is None:
        foresight = ask_course(session, terms).to_document()["foresight"]
        found["ready_on"] = ready_day(terms, foresight["enough"] if foresight else None)
    return found


def ready_day(terms: PlanTerms, enough: int | None) -> date:
    """When the expected effect would show: after that many periods, at the latest when the reading ends."""
    if enough is None:
        return terms.until
    return min(terms.until, terms.change_on + timedelta(days=round(enough * DAYS_IN[terms.every])))


def effect_unit(unit: str) -> str:
    return "points" if unit == "%" else unit


def check_people(owner: str, sponsor: str, unit: str) -> None:
    office = read_office(served_home())
    for name in (owner, sponsor):
        find_person(office, name)
    if owner == sponsor:
        raise WrongUsage(_("Owner and sponsor are two people."), mend=_("Name somebody else as the sponsor."))
    if unit not in {each.key for each in office.units}:
        raise WrongUsage(_("There is no unit “%(unit)s”.") % {"unit": unit})
