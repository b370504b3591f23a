"""Planning an initiative: five steps on one page, which tells before approval what the design can show."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from openxmo.core.errors import UserError
from openxmo.core.prove.grade import grade_evidence
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.prove import actions, drawing, permissions, policies, wording
from openxmo.office.prove.actions.planning import columns_of, effect_unit, newest_plan, ready_day
from openxmo.office.prove.evidence import ask_course
from openxmo.office.prove.forms import (
    HarmForm,
    MeasureForm,
    PromiseForm,
    ReasonForm,
    WhoForm,
    WhomForm,
    initial_of,
    read_terms,
)
from openxmo.office.prove.models import Initiative, Plan
from openxmo.office.prove.sources import find_sources
from openxmo.office.prove.terms import PlanTerms
from openxmo.office.prove.views.frame import back_to, find
from openxmo.questions.course import DAYS_IN

SHOWN_VALUES = 40


@dataclass
class Steps:
    """The forms of the steps, filled from what was sent, or from `initial`."""

    measure: MeasureForm
    whom: WhomForm
    promise: PromiseForm
    harm: HarmForm
    who: WhoForm | None = None
    reason: ReasonForm | None = None

    def all(self) -> list[Any]:
        return [each for each in (self.who, self.measure, self.whom, self.promise, self.harm, self.reason) if each]

    def are_valid(self) -> bool:
        """All of them are asked, so that each shows what is wrong with it."""
        return not [each for each in self.all() if not each.is_valid()]

    def terms(self) -> PlanTerms:
        return read_terms(self.measure, self.whom, self.promise, self.harm)


def open_steps(request: OfficeRequest, initial: dict[str, Any], *, new: bool, reason: bool = False) -> Steps:
    sent = request.POST if request.method == "POST" else None
    definitions = request.office.definitions
    return Steps(
        who=WhoForm(sent, initial=initial, office=read_office(request.office.home), access=request.access)
        if new
        else None,
        measure=MeasureForm(sent, initial=initial, definitions=definitions),
        whom=WhomForm(sent, initial=initial, definitions=definitions),
        promise=PromiseForm(sent, initial=initial),
        harm=HarmForm(sent, initial=initial, definitions=definitions),
        reason=ReasonForm(sent, initial=initial) if reason else None,
    )


@open_to(Right.RUN_INITIATIVES)
def new(request: OfficeRequest) -> HttpResponse:
    """`?item=item:3&recommendation=recommendation:2` says what it comes out of."""
    steps = open_steps(request, first_words(request), new=True)
    context: dict[str, Any] = {"steps": steps, "new": True, "sources": sources_of(request)}
    if request.method != "POST":
        return render(request, "prove/plan.html", context)
    if not steps.are_valid():
        return render(request, "prove/plan.html", context | {"wrong": wrong_fields(steps)}, status=422)
    assert steps.who is not None
    told = steps.who.cleaned_data
    try:
        if request.POST.get("step") == "check":
            permissions.check_run_in(request.access, told["unit"])
            return render(request, "prove/plan.html", context | foretold(request, steps.terms()))
        made = actions.plan_initiative(terms=steps.terms(), by=request.access.name, at=now(), **told)
    except UserError as problem:
        return refused(request, context, problem)
    return redirect(reverse("prove-initiative", args=[made.pk]))


@open_to(Right.RUN_INITIATIVES)
def change(request: OfficeRequest, pk: int) -> HttpResponse:
    """A draft is written over; an approved plan gets a new version, with the reason."""
    found = find(request, pk)
    permissions.check_run(request.access, found)
    policies.check_changeable(found)
    last: Plan = newest_plan(found)
    fixed = last.fixed_at is not None
    steps = open_steps(request, initial_of(last), new=False, reason=fixed)
    context: dict[str, Any] = {"steps": steps, "new": False, "initiative": found, "fixed": fixed}
    if request.method != "POST":
        return render(request, "prove/plan.html", context)
    if not steps.are_valid():
        return render(request, "prove/plan.html", context | {"wrong": wrong_fields(steps)}, status=422)
    try:
        if request.POST.get("step") == "check":
            return render(request, "prove/plan.html", context | foretold(request, steps.terms()))
        reason = steps.reason.cleaned_data["reason"] if steps.reason else ""
        actions.rewrite_plan(initiative=found, terms=steps.terms(), reason=reason, by=request.access.name, at=now())
    except UserError as problem:
        return refused(request, context, problem)
    return back_to(found, "promise")


def first_words(request: OfficeRequest) -> dict[str, Any]:
    things = sources_of(request)
    return {
        "title": things[0].label if things else "",
        "item": request.GET.get("item", ""),
        "recommendation": request.GET.get("recommendation", ""),
        "owner": request.access.name,
        "unit": next(iter(request.access.units), "") if request.access.units and len(request.access.units) == 1 else "",
    }


def sources_of(request: OfficeRequest) -> list[Any]:
    given = request.POST if request.method == "POST" else request.GET
    return find_sources(request.access, [given.get(name, "") for name in ("recommendation", "item")])


def wrong_fields(steps: Steps) -> int:
    return sum(len(form.errors) for form in steps.all())


def refused(request: OfficeRequest, context: dict[str, Any], problem: UserError) -> HttpResponse:
    """The same page, with what is to be mended and the values that were heard of."""
    more: dict[str, Any] = {"problem": problem}
    steps: Steps = context["steps"]
    if steps.whom.is_valid() and steps.measure.is_valid():
        more["values"] = heard_values(request, steps.measure.cleaned_data["metric"], steps.whom.cleaned_data["by"])
    return render(request, "prove/plan.html", context | more, status=422)


def heard_values(request: OfficeRequest, metric: str, by: str) -> list[str]:
    """The values of a dimension, as far as scores may be shown by it."""
    try:
        rows = request.office.score(metric, by=by).to_document()["rows"]
    except UserError:
        return []
    return [row["by"][by] for row in rows if row["by"][by] is not None][:SHOWN_VALUES]


# WHAT THE DESIGN CAN SHOW


def foretold(request: OfficeRequest, terms: PlanTerms) -> dict[str, Any]:
    """Before approval: the baseline, the smallest effect that would be found, and when a verdict could be known."""
    session = request.office
    policies.check_terms(terms, session.definitions, session.rules)
    document = ask_course(session, terms).to_document()
    foresight = document["foresight"]
    metric = session.metric(terms.metric)
    plan = Plan(initiative=Initiative(), **columns_of(terms_with_day(terms, foresight), session))
    shown = bool(foresight) and foresight["detectable"] <= abs(terms.expected)
    evidence = grade_evidence(
        compared=terms.compared,
        by_lot=terms.drawn_by_lot,
        drift=None,
        units=foresight["units"] if foresight else None,
    )
    groups = [{"treated": row["treated"], "after": False, "mean": row["value"]} for row in document["before"]]
    return {
        "foretold": True,
        "foresight": foresight,
        "unforeseen": document["unforeseen"],
        "baseline_rows": document["before"],
        "can_show": shown,
        "effect_unit": effect_unit(metric.unit),
        "metric_unit": metric.unit,
        "terms": terms,
        "ready_on": plan.ready_on,
        "enough_on": enough_day(terms, foresight),
        "grade": wording.GRADES[evidence.grade],
        "doubts": [wording.DOUBTS[doubt] for doubt in evidence.doubts if doubt != "unchecked"],
        "chart": drawing.draw(document, groups, plan) if document["points"] else None,
        "promise": wording.promise(plan, metric.label or metric.key),
        "compared_with": wording.compared_with(plan),
        "chart_question": _("How did both groups go before the change?"),
    }


def terms_with_day(terms: PlanTerms, foresight: dict[str, Any] | None) -> PlanTerms:
    if terms.ready_on is not None:
        return terms
    return replace(terms, ready_on=ready_day(terms, foresight["enough"] if foresight else None))


def enough_day(terms: PlanTerms, foresight: dict[str, Any] | None) -> date | None:
    """When the design would find the promised effect, also where that is after the reading ends."""
    if not foresight or foresight["enough"] is None:
        return None
    return terms.change_on + timedelta(days=round(foresight["enough"] * DAYS_IN[terms.every]))
