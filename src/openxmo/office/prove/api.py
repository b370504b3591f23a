"""Initiatives over the network: what was promised, how it stands, and the verdict. They are planned on the pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.queries import check_right
from openxmo.office.lib.described import LIST, ONE, answers
from openxmo.office.lib.documents import json_response
from openxmo.office.lib.fields import Number
from openxmo.office.lib.paging import Page, list_page
from openxmo.office.lib.problems import not_found
from openxmo.office.lib.scopes import Scope, needs
from openxmo.office.prove.models import Initiative, Plan, Verdict
from openxmo.office.prove.queries import first_promise, standing_verdict
from openxmo.office.prove.states import State
from openxmo.office.prove.visibility import visible_to

router = Router(tags=["prove"])
READ = needs(Scope.INITIATIVES_READ)
TOLD = ("id", "title", "about", "owner", "sponsor", "unit", "item", "recommendation", "state", "stop_reason")
DATES = ("planned_start", "planned_end", "approved_at", "started_at", "ended_at", "stopped_at")


class InitiativesAsked(Page):
    state: State | None = None


def describe(initiative: Initiative) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(initiative, name) for name in TOLD}
    dates = {name: getattr(initiative, name) for name in DATES}
    return told | {name: None if value is None else value.isoformat() for name, value in dates.items()}


def describe_promise(plan: Plan) -> dict[str, Any]:
    told = ("metric", "by", "treated", "comparison", "expected", "drawn_by_lot")
    return {name: getattr(plan, name) for name in told}


def describe_verdict(verdict: Verdict) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(verdict, name) for name in ("word", "bound", "harmed_by", "grade")}
    until = None if verdict.until is None else verdict.until.isoformat()
    return told | {"until": until, "judged_at": verdict.judged_at.isoformat(), "judged_by": verdict.judged_by}


def seen_by(request: HttpRequest) -> Any:
    access: Access = request.access  # type: ignore[attr-defined]
    check_right(access, Right.READ_SCORES)
    return visible_to(access)


@router.get(
    "/initiatives", auth=READ, response={200: None}, summary="Initiatives", openapi_extra=answers(200, "a page", LIST)
)
def list_initiatives(request: HttpRequest, asked: Query[InitiativesAsked]) -> HttpResponse:
    rows = seen_by(request)
    return json_response(list_page(rows if asked.state is None else rows.filter(state=asked.state), asked, describe))


@router.get(
    "/initiatives/{initiative}", auth=READ, response={200: None}, summary="An initiative",
    openapi_extra=answers(200, "the initiative, its promise and its verdict", ONE),
)  # fmt: skip
def get_initiative(request: HttpRequest, initiative: Number) -> HttpResponse:
    found = seen_by(request).filter(pk=initiative).first()
    if found is None:
        raise not_found("There is no such initiative.")
    promise, verdict = first_promise(found), standing_verdict(found)
    return json_response(
        describe(found)
        | {
            "promise": None if promise is None else describe_promise(promise),
            "verdict": None if verdict is None else describe_verdict(verdict),
        }
    )
