"""Initiatives over the network: planned, listed, and read with what was promised and the verdict.

They are approved, started and judged on the pages: each of these is a person's word.
"""

from dataclasses import fields
from datetime import date
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.queries import check_right
from openxmo.office.govern.requests import ApiRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.described import LIST, ONE, operation
from openxmo.office.lib.documents import json_response, write_row
from openxmo.office.lib.fields import SOUND, Line, Name, Number, Words
from openxmo.office.lib.paging import Page, get_row, list_page, narrow
from openxmo.office.lib.scopes import Scope, needs
from openxmo.office.prove.actions import plan_initiative
from openxmo.office.prove.models import Initiative, Plan, Verdict
from openxmo.office.prove.queries import first_promise, standing_verdict
from openxmo.office.prove.states import State
from openxmo.office.prove.terms import Every, PlanTerms
from openxmo.office.prove.visibility import visible_to

router = Router(tags=["prove"])
READ, PLAN = needs(Scope.INITIATIVES_READ), needs(Scope.INITIATIVES_WRITE)
TOLD = ("id", "title", "about", "owner", "sponsor", "unit", "item", "recommendation", "state", "stop_reason")
DATES = ("planned_start", "planned_end", "approved_at", "started_at", "ended_at", "stopped_at")


class InitiativesAsked(Page):
    state: State | None = None


Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=SOUND)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=SOUND)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Amount = Annotated[float, Field(allow_inf_nan=False)]
Values = Annotated[list[Line], Field(max_length=100)]


class Planned(Schema):
    title: Title
    about: Words = ""
    owner: Key
    sponsor: Key
    unit: Key
    item: Line = Field("", description="what it comes out of, as item:3")
    recommendation: Line = Field("", description="what it comes out of, as recommendation:2")
    metric: Key
    by: Key = Field(description="the dimension whose values tell who is reached")
    treated: Annotated[list[Line], Field(min_length=1, max_length=100, description="the values that are reached")]
    comparison: Values | None = Field(None, description="others to compare with; all if left out, none if empty")
    where: dict[Key, Line] = Field(default_factory=dict, description="only these")
    change_on: Day
    until: Day = Field(description="the end of the reading, itself left out")
    expected: Amount = Field(description="the promised move, with its sign, in the metric's unit")
    drawn_by_lot: bool = False
    cluster: Name = ""
    every: Every = "month"
    since: Day | None = None
    ready_on: Day | None = Field(None, description="when a verdict may be given; reckoned if left out")
    counter_metric: Name = ""
    counter_limit: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0

    def terms(self) -> PlanTerms:
        given = {one.name: getattr(self, one.name) for one in fields(PlanTerms)}
        lists = {name: None if given[name] is None else tuple(given[name]) for name in ("treated", "comparison")}
        return PlanTerms(**{**given, **lists, "where": tuple(self.where.items())})


def describe(initiative: Initiative) -> dict[str, Any]:
    return write_row(initiative, TOLD, DATES)


def describe_plan(plan: Plan) -> dict[str, Any]:
    told = ("number", "metric", "by", "treated", "comparison", "where", "expected", "drawn_by_lot", "every")
    return write_row(plan, told, ("change_on", "until", "ready_on", "fixed_at"))


def describe_verdict(verdict: Verdict) -> dict[str, Any]:
    return write_row(verdict, ("word", "bound", "harmed_by", "grade", "judged_by"), ("until", "judged_at"))


def describe_whole(initiative: Initiative) -> dict[str, Any]:
    """With its newest plan, the plan that was approved before the start, and the verdict that stands."""
    newest = initiative.plans.order_by("-number").first()
    promise, verdict = first_promise(initiative), standing_verdict(initiative)
    return describe(initiative) | {
        "plan": None if newest is None else describe_plan(newest),
        "promise": None if promise is None else describe_plan(promise),
        "verdict": None if verdict is None else describe_verdict(verdict),
    }


def seen_by(access: Access) -> "QuerySet[Initiative]":
    check_right(access, Right.READ_SCORES)
    return visible_to(access)


@router.get("/initiatives", **operation(READ, "Initiatives", "a page", LIST))
def list_initiatives(request: ApiRequest, asked: Query[InitiativesAsked]) -> HttpResponse:
    return json_response(list_page(narrow(seen_by(request.access), state=asked.state), asked, describe))


@router.get(
    "/initiatives/{initiative}",
    **operation(READ, "An initiative", "the initiative with its plan, its promise and its verdict", ONE),
)
def get_initiative(request: ApiRequest, initiative: Number) -> HttpResponse:
    found = get_row(seen_by(request.access), initiative, "There is no such initiative.")
    return json_response(describe_whole(found))


@router.post(
    "/initiatives", **operation(PLAN, "Plan an initiative", "the initiative, a draft with its plan", ONE, status=201)
)
def plan(request: ApiRequest, given: Planned) -> HttpResponse:
    """A draft: metric, expected effect and design stand before the start. Its sponsor approves it on the pages."""
    person = request.caller.as_user
    if person is None:
        raise NotAllowed(
            "A program alone plans nothing: a plan has an author.", mend="Make a key that acts as somebody: --acts-as."
        )
    about = {name: getattr(given, name) for name in ("title", "about", "owner", "sponsor", "unit")}
    came = {name: getattr(given, name) for name in ("item", "recommendation")}
    made = plan_initiative(**about, **came, terms=given.terms(), by=person, at=now())
    return json_response(describe_whole(made), status=201)
