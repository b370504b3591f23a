"""Judging an initiative: the numbers of its plan, read now, and kept as they were found."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.core.prove.harm import with_harm
from openxmo.core.prove.verdict import Verdict as Judged
from openxmo.office.accounts import audit
from openxmo.office.govern import trail
from openxmo.office.prove import permissions, policies
from openxmo.office.prove.actions.planning import person
from openxmo.office.prove.evidence import (
    ask_course,
    ask_proof,
    check_counter,
    clean,
    days_of,
    definition_of,
    grade,
    harm_of,
    has_new_definition,
    open_session,
    terms_of,
)
from openxmo.office.prove.models import Initiative, MoneyClaim, Plan, Verdict, Word
from openxmo.office.prove.queries import standing_plan
from openxmo.office.prove.states import State
from openxmo.office.prove.zones import day_of

BASELINE_GROWN = 0.1  # by that share of answers a baseline may grow or shrink before it counts as another one


def judge(*, initiative: Initiative, by: str, at: datetime) -> Verdict:
    """One verdict more. The initiative counts as judged once its work is over and the verdict is knowable."""
    plan = standing_plan(initiative)
    policies.check_judgeable(initiative)
    if plan is None:
        raise WrongUsage(_("Nothing was promised, so there is nothing to judge."))
    permissions.check_judge(person(by, at), initiative, plan)
    found = look(initiative, plan, by=by, at=at)
    with transaction.atomic():
        locked = Initiative.objects.select_for_update().get(pk=initiative.pk)
        policies.check_judgeable(locked)
        last = locked.verdicts.order_by("-number").first()
        verdict = Verdict.objects.create(
            initiative=locked, plan=plan, number=last.number + 1 if last else 1, judged_at=at, judged_by=by, **found
        )
        if verdict.word != Word.NOT_YET and locked.state in (State.ENDED, State.STOPPED):
            locked.state = State.JUDGED
            locked.save()
        trail.link(locked.name, verdict.name, by=by, at=at)
        voided = [claim.name for claim in MoneyClaim.objects.filter(initiative=locked)]
        audit.record("initiative judged", by=by, at=at, on=[locked.name, verdict.name])
        if voided:
            audit.record("money voided", by=by, at=at, on=voided)
    initiative.refresh_from_db()
    return verdict


def look(initiative: Initiative, plan: Plan, *, by: str, at: datetime) -> dict[str, Any]:
    """What the plan finds at this moment: the columns of a verdict. Nothing is kept."""
    session = open_session(by, at)
    terms = terms_of(plan)
    days = days_of(plan, day_of(initiative.started_at) if initiative.started_at else None)
    redefined = has_new_definition(plan, session)
    metric = definition_of(plan) if redefined else session.metric(plan.metric)
    proof = clean(ask_proof(session, terms, days, metric).to_document())
    if proof["suppressed"]:
        raise WrongUsage(_("The verdict would rest on too few people to be shown."))
    series = clean(ask_course(session, terms, days, metric).to_document())
    counter = clean(check_counter(session, terms, days))
    moved = baseline_moved(plan.baseline or {}, series)
    evidence = grade(proof, plan, changed_after_start=changed_after_start(initiative, plan), baseline_moved=moved)
    verdict = word_of(proof, counter)
    harmed_by = plan.counter_metric if verdict["word"] == Word.HARM and proof["verdict"]["word"] != Word.HARM else ""
    return {
        "word": verdict["word"],
        "bound": verdict["bound"],
        "until": verdict["until"],
        "harmed_by": harmed_by,
        "grade": evidence.grade,
        "lake_version": proof["lake_version"],
        "document": {
            "proof": proof,
            "series": series,
            "counter": counter,
            "evidence": {"grade": evidence.grade, "doubts": list(evidence.doubts)},
            "days": {name: day.isoformat() for name, day in asdict(days).items()},
            "redefined": redefined,
            "reason": verdict["reason"],
            "label": metric.label or metric.key,
            "better": metric.better,
            "unit": metric.unit,
        },
    }


def word_of(proof: dict[str, Any], counter: dict[str, Any] | None) -> dict[str, Any]:
    """The word of the proof, after the counter-metric was heard."""
    told = proof["verdict"]
    if told is None:
        return {"word": Word.NO_EVIDENCE, "bound": None, "until": None, "reason": proof["moved"]["label"]}
    until = datetime.fromisoformat(told["until"]) if told["until"] else None
    judged = Judged(told["word"], told["bound"], until, told["reason"])
    reason = counter["label"] if counter else ""
    heard = with_harm(judged, harm_of(counter), reason=reason)
    return {
        "word": Word(heard.word),
        "bound": heard.bound,
        "until": day_of(heard.until) if heard.until else None,
        "reason": heard.reason,
    }


def changed_after_start(initiative: Initiative, plan: Plan) -> bool:
    return bool(plan.fixed_at and initiative.started_at and plan.fixed_at > initiative.started_at)


def baseline_moved(then: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether what was measured before the change reads otherwise now: corrected, withdrawn or late signals."""
    means = {row["treated"]: row for row in now.get("before", ())}
    for row in then.get("before", ()):
        present = means.get(row["treated"])
        known = present is not None and None not in (row["value"], row["low"], row["high"], present["value"])
        if known and present is not None and not row["low"] <= present["value"] <= row["high"]:
            return True
    return abs(1 - common_answers(then, now)) > BASELINE_GROWN


def common_answers(then: dict[str, Any], now: dict[str, Any]) -> float:
    """How many answers the periods of the baseline hold now, for each that they held when it was frozen."""
    held = {(row["treated"], row["period"]): row["n"] or 0 for row in now.get("points", ())}
    frozen = {
        (row["treated"], row["period"]): row["n"] or 0 for row in then.get("points", ()) if row["end"] <= then["as_of"]
    }
    before = sum(frozen.values())
    return sum(held.get(key, 0) for key in frozen) / before if before else 1.0
