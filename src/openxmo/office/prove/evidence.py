"""What the office is asked for a plan: the baseline before the change, the proof after it."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.metric import Metric
from openxmo.core.prove.did import PreTrend
from openxmo.core.prove.grade import Evidence, grade_evidence
from openxmo.core.prove.harm import HarmCheck, check_harm
from openxmo.core.release import Released
from openxmo.office.govern.asked import read_conditions
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.moments import read_moment
from openxmo.office.govern.session import Session
from openxmo.office.prove.models import Plan
from openxmo.office.prove.terms import PlanTerms
from openxmo.questions.course import Course, course
from openxmo.questions.proof import Proof


def open_session(by: str, at: datetime) -> Session:
    """The office as this person saw it at that moment: what happened later is not read."""
    return Session(served_home(), as_user=by, clock=lambda: at)


@dataclass(frozen=True)
class Days:
    """When the change came and until when it is read, moved as far as the start was late."""

    change: date
    until: date
    ready: date


def days_of(plan: Plan, started: date | None) -> Days:
    late = max(timedelta(0), started - plan.change_on) if started else timedelta(0)
    return Days(plan.change_on + late, plan.until + late, plan.ready_on + late)


def terms_of(plan: Plan) -> PlanTerms:
    """A plan's row as the terms it was written with."""
    return PlanTerms(
        metric=plan.metric,
        by=plan.by,
        treated=tuple(plan.treated),
        comparison=None if plan.comparison is None else tuple(plan.comparison),
        where=tuple((key, value) for key, value in plan.where),
        drawn_by_lot=plan.drawn_by_lot,
        cluster=plan.cluster,
        every=plan.every,  # type: ignore[arg-type]
        since=plan.since,
        change_on=plan.change_on,
        until=plan.until,
        expected=plan.expected,
        ready_on=plan.ready_on,
        counter_metric=plan.counter_metric,
        counter_limit=plan.counter_limit,
    )


def ask_course(
    session: Session, terms: PlanTerms, days: Days | None = None, metric: Metric | None = None
) -> "Released[Course]":
    """Both groups period by period, and what the design will show."""
    zone = session.definitions.zone
    change, until = (days.change, days.until) if days else (terms.change_on, terms.until)
    answer = session.asked(
        course,
        metric or session.metric(terms.metric),
        as_of=session.clock(),
        known_at=None,
        by=terms.by,
        treated=terms.treated,
        comparison=terms.comparison,
        change=read_moment(change, zone),
        since=read_moment(terms.since, zone),
        until=read_moment(until, zone),
        every=terms.every,
        cluster=terms.cluster or None,
        where=read_conditions(terms.where),
        expected=terms.expected,
    )
    if answer.result.problem is not None:
        raise answer.result.problem
    return answer


def ask_proof(
    session: Session, terms: PlanTerms, days: Days, metric: Metric | str, *, main: bool = True
) -> "Released[Proof]":
    """The effect on the metric of the plan, or on its counter-metric, which promises nothing and is read the same."""
    return session.prove(
        metric,
        by=terms.by,
        treated=terms.treated,
        comparison=terms.comparison,
        change=days.change,
        since=terms.since,
        until=days.until,
        every=terms.every,
        cluster=terms.cluster or None,
        where=terms.where,
        expected=terms.expected if main else None,
        ready=days.ready,
        as_of=session.clock(),
    )


def definition_of(plan: Plan) -> Metric:
    """The metric as it stood when the plan was fixed."""
    return msgspec.convert(plan.definition, Metric)


def has_new_definition(plan: Plan, session: Session) -> bool:
    """Whether the office has since changed what the metric means."""
    present = session.definitions.metrics.get(plan.metric)
    return present is None or (present.signal, present.score, present.where) != (
        (fixed := definition_of(plan)).signal,
        fixed.score,
        fixed.where,
    )


def check_counter(session: Session, terms: PlanTerms, days: Days) -> dict[str, Any] | None:
    """What happened to the counter-metric; where it could not be read, the sentence that says why."""
    if not terms.counter_metric:
        return None
    metric = session.metric(terms.counter_metric)
    about = {"metric": metric.key, "label": metric.label or metric.key, "better": metric.better, "unit": metric.unit}
    try:
        proof = ask_proof(session, terms, days, metric, main=False).to_document()
    except WrongUsage as problem:
        return about | {"proof": None, "check": None, "problem": str(problem)}
    effect = proof["effect"]
    if not effect:
        return about | {"proof": proof, "check": None, "problem": ""}
    found = check_harm(effect["value"], effect["low"], effect["high"], better=metric.better, limit=terms.counter_limit)
    return about | {"proof": proof, "check": msgspec.to_builtins(found), "problem": ""}


def harm_of(counter: dict[str, Any] | None) -> HarmCheck | None:
    check = counter["check"] if counter else None
    return HarmCheck(**check) if check else None


def grade(proof: dict[str, Any], plan: Plan, *, changed_after_start: bool, baseline_moved: bool) -> Evidence:
    drift = PreTrend(**proof["pre_trend"]) if proof["pre_trend"] else None
    return grade_evidence(
        compared=plan.compared,
        by_lot=plan.drawn_by_lot,
        drift=drift,
        units=proof["units"],
        changed_after_start=changed_after_start,
        baseline_moved=baseline_moved,
    )


def clean(found: Any) -> Any:
    """The same without numbers that are none: a database keeps them differently, or not at all."""
    if isinstance(found, dict):
        return {key: clean(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [clean(each) for each in found]
    return None if isinstance(found, float) and not math.isfinite(found) else found
