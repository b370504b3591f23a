"""Did {initiative} work? What was promised, what came of it, how good the evidence is, and the money."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openxmo.core.act.ageing import days_old
from openxmo.core.errors import WrongUsage
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.prove import actions, drawing, permissions, policies, queries, wording
from openxmo.office.prove.forms import AffectedForm, BlockerForm, MilestoneForm
from openxmo.office.prove.models import Initiative, MoneyClaim, Plan, Verdict, Word
from openxmo.office.prove.states import CLAIM_TONES, JUDGEABLE, TONES, State
from openxmo.office.prove.views.frame import attempt, find
from openxmo.office.prove.zones import day_of


@open_to(Right.READ_SCORES)
def initiative(request: OfficeRequest, pk: int) -> HttpResponse:
    found = find(request, pk)
    return render(request, "prove/initiative.html", page(request, found))


def page(request: OfficeRequest, found: Initiative) -> dict[str, Any]:
    plan = queries.standing_plan(found)
    newest = found.plans.order_by("-number").first()
    verdict = queries.standing_verdict(found)
    shown = plan or newest
    return {
        "initiative": found,
        "state": State(found.state).label,
        "state_tone": TONES[State(found.state)],
        "answer": wording.answer(found, plan, verdict, queries.verdict_due(found)),
        "plan": shown,
        "approved": plan,
        "draft_version": newest if plan and newest and newest.number > plan.number else None,
        "due": queries.verdict_due(found),
        **(promised(request, shown, found) if shown else {}),
        **(told(verdict) if verdict else {}),
        **work(found),
        **money_of(request, found, verdict),
        **deeds(request, found, plan, newest),
    }


def promised(request: OfficeRequest, plan: Plan, found: Initiative) -> dict[str, Any]:
    """The plan, and what became of it since it was fixed."""
    metric = request.office.definitions.metrics.get(plan.metric)
    counter = request.office.definitions.metrics.get(plan.counter_metric)
    version = request.office.definitions.versions.get(f"metric:{plan.metric}")
    late = (day_of(found.started_at) - plan.change_on).days if found.started_at else 0
    baseline = plan.baseline or {}
    label = (metric.label if metric else "") or plan.metric
    return {
        "metric_label": label,
        "counter_label": (counter.label if counter else "") or plan.counter_metric,
        "promise": wording.promise(plan, label),
        "compared_with": wording.compared_with(plan),
        "baseline": baseline,
        "baseline_rows": baseline.get("before", []),
        "foresight": baseline.get("foresight"),
        "cannot_show": cannot_show(plan),
        "redefined": plan.fixed_at is not None and version != plan.metric_version,
        "version_now": version,
        "whole": plan.fixed_at is None or plan.is_whole,
        "late_days": max(late, 0),
        "versions": list(found.plans.order_by("number")),
        "baseline_chart": drawing.draw(baseline, as_groups(baseline), plan) if baseline.get("points") else None,
    }


def cannot_show(plan: Plan) -> bool:
    """Whether the promised effect is smaller than what the design finds four times in five."""
    foresight = (plan.baseline or {}).get("foresight")
    return foresight is not None and bool(foresight["detectable"] > abs(plan.expected))


def as_groups(baseline: dict[str, Any]) -> drawing.Rows:
    return [{"treated": row["treated"], "after": False, "mean": row["value"]} for row in baseline["before"]]


def told(verdict: Verdict) -> dict[str, Any]:
    """The verdict with its numbers, chart and limits."""
    found, plan = verdict.document, verdict.plan
    proof = found["proof"]
    spec = drawing.draw(found["series"], proof["groups"], plan)
    effect = proof["effect"]
    means = {(row["treated"], row["after"]): row for row in proof["groups"]}
    labels = {point["period"] for point in found["series"]["points"]}
    return {
        "verdict": verdict,
        "verdict_words": wording.short(verdict),
        "verdict_tone": wording.tone(verdict),
        "effect": as_cell(effect) if effect else None,
        "effect_unit": proof["effect_unit"],
        "better": found["better"],
        "chart": spec,
        "chart_table": drawing.table(spec, found["series"], plan) if spec["x"][0] in labels else None,
        "groups": [
            (side, means.get((side, False)), means.get((side, True)), moved(means, treated=side))
            for side in (True, False)
            if (side, True) in means
        ],
        "grade": wording.GRADES[verdict.grade],
        "grade_why": wording.REASONS[verdict.grade],
        "doubts": [wording.DOUBTS[doubt] for doubt in found["evidence"]["doubts"]],
        "must_hold": wording.must_hold(verdict),
        "unknown": wording.unknown(verdict),
        "counter": found["counter"],
        "counter_told": wording.counter_told(found["counter"]) if found["counter"] else "",
        "alone": wording.alone(verdict, moved(means, treated=True), moved(means, treated=False)),
        "counter_harm": bool(verdict.harmed_by),
        "earlier_verdicts": [
            (each, wording.short(each), wording.tone(each)) for each in verdict.initiative.verdicts.order_by("-number")
        ],
        "interim": verdict.word == Word.NOT_YET,
    }


def as_cell(effect: dict[str, Any]) -> dict[str, Any]:
    """An effect as an estimate is shown."""
    method = _("clustered by %s") % effect["clusters"] if effect["clusters"] else effect["errors"]
    return {
        "value": effect["value"],
        "low": effect["low"],
        "high": effect["high"],
        "n": effect["n"],
        "effective_n": effect["n"],
        "method": method,
        "suppressed": None,
        "excluded": {},
        "detectable": None,
    }


def moved(means: dict[tuple[bool, bool], dict[str, Any]], *, treated: bool) -> float | None:
    before, after = means.get((treated, False)), means.get((treated, True))
    if not before or not after or before["mean"] is None or after["mean"] is None:
        return None
    change: float = after["mean"] - before["mean"]
    return change


def work(found: Initiative) -> dict[str, Any]:
    today = day_of(now())
    return {
        "milestones": [(each, each.done_at is None and each.due_on < today) for each in found.milestones.all()],
        "blockers": [(each, days_old(each.raised_at, each.cleared_at or now())) for each in queries.blockers_of(found)],
        "affected": list(found.affected.all()),
        "milestone_form": MilestoneForm(auto_id="milestone_%s"),
        "blocker_form": BlockerForm(auto_id="blocker_%s"),
        "affected_form": AffectedForm(auto_id="affected_%s"),
    }


def money_of(request: OfficeRequest, found: Initiative, verdict: Verdict | None) -> dict[str, Any]:
    claims = MoneyClaim.objects.filter(initiative=found).select_related("verdict", "initiative").order_by("-id")
    no_money = ""
    try:
        policies.check_claimable(verdict)
        if verdict is not None:
            policies.check_unclaimed(verdict)
    except WrongUsage as problem:
        no_money = problem.what
    return {
        "claims": [
            (each, each.state, CLAIM_TONES[each.state], each.answer, permissions.can_answer_money(request.access, each))
            for each in claims
        ],
        "no_money": no_money,
        "may_claim": not no_money and permissions.can_propose_money(request.access, found),
    }


def deeds(request: OfficeRequest, found: Initiative, plan: Plan | None, newest: Plan | None) -> dict[str, Any]:
    access, state = request.access, State(found.state)
    runs = permissions.can_run(access, found)
    unfixed = newest is not None and newest.fixed_at is None
    return {
        "runs": runs,
        "may_approve": unfixed and permissions.can_approve(access, found),
        "needs_approval": unfixed,
        "may_start": runs and state == State.APPROVED,
        "may_end": runs and state == State.UNDER_WAY,
        "may_stop": runs and policies.can_step(found, State.STOPPED),
        "may_change": runs and state not in (State.JUDGED, State.STOPPED),
        "may_judge": bool(
            plan and found.started_at and state in JUDGEABLE and permissions.can_judge(access, found, plan)
        ),
    }


# THE STEPS


@open_to(Right.READ_SCORES)
@require_POST
def approve(request: OfficeRequest, pk: int) -> HttpResponse:
    return step(request, pk, actions.approve, _("Approved: the promise, the metric and its baseline are fixed."))


@open_to(Right.RUN_INITIATIVES)
@require_POST
def start(request: OfficeRequest, pk: int) -> HttpResponse:
    return step(request, pk, actions.start, _("It has started."))


@open_to(Right.RUN_INITIATIVES)
@require_POST
def end(request: OfficeRequest, pk: int) -> HttpResponse:
    return step(request, pk, actions.end, _("The work is done."))


@open_to(Right.RUN_INITIATIVES)
@require_POST
def stop(request: OfficeRequest, pk: int) -> HttpResponse:
    stopping = partial(actions.stop, reason=request.POST.get("reason", ""))
    return step(request, pk, stopping, _("It is stopped, and its verdict can still be asked for."))


@open_to(Right.RUN_INITIATIVES)
@require_POST
def judge(request: OfficeRequest, pk: int) -> HttpResponse:
    return step(request, pk, actions.judge, _("Judged by the numbers as they stand now."))


def step(request: OfficeRequest, pk: int, action: Callable[..., Any], done: str) -> HttpResponse:
    """Take the initiative on, and say so on its page."""
    found = find(request, pk)
    return attempt(request, found, partial(action, initiative=found, by=request.access.name, at=now()), done)
