"""The backlog over the network, and the question what should be improved next."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema

from openxmo.core.errors import WrongUsage
from openxmo.office.decide import actions, estimating
from openxmo.office.decide.models import Estimate, Item
from openxmo.office.decide.permissions import check_keep, check_place
from openxmo.office.decide.seen import Backlog
from openxmo.office.decide.states import State
from openxmo.office.decide.visibility import visible_to
from openxmo.office.govern.requests import ApiRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.described import LIST, ONE, operation
from openxmo.office.lib.documents import json_response, write_row
from openxmo.office.lib.fields import Line, Name, Number, Words
from openxmo.office.lib.paging import Page, get_row, list_page, narrow
from openxmo.office.lib.scopes import Scope, needs

router = Router(tags=["decide"])
READ, KEEP = needs(Scope.BACKLOG_READ), needs(Scope.BACKLOG_WRITE)
MOST_ESTIMATES = 100  # at once: every quantity there is, in every year
Amount = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
FEELINGS = {
    "type": "object",
    "required": ["rows", "lake_version"],
    "properties": {"rows": {"type": "array", "items": {"type": "object"}}, "lake_version": {"type": "integer"}},
}
TOLD = (
    *("id", "key", "title", "description", "unit", "state", "reason", "created_by"),
    *("experience", "impact_area", "journey_stage", "strategic_alignment"),
)
TOLD_OF_ESTIMATE = ("id", "quantity", "low", "likely", "high", "unit", "note", "made_by")
RANKING = {"type": "object", "description": "the same document as `xmo rank --json`"}


class BacklogAsked(Page):
    state: State | None = None


class Proposed(Schema):
    title: Line
    description: Words = ""
    experience: Name = ""
    impact_area: Name = ""
    journey_stage: Name = ""
    strategic_alignment: Name = ""
    unit: Name = ""


class Range(Schema):
    quantity: Name
    low: Amount
    likely: Amount
    high: Amount
    unit: Name


class Estimated(Schema):
    estimates: list[Range] = Field(min_length=1, max_length=MOST_ESTIMATES)
    note: Words = ""


class Moved(Schema):
    to: State
    reason: Words = ""


def describe(item: Item) -> dict[str, Any]:
    merged = None if item.merged_into_id is None else f"item:{item.merged_into_id}"
    return write_row(item, TOLD, ("created_at", "state_at")) | {"merged_into": merged}


def describe_estimate(estimate: Estimate) -> dict[str, Any]:
    return write_row(estimate, TOLD_OF_ESTIMATE, ("made_at",))


def backlog_of(request: ApiRequest) -> Backlog:
    return Backlog(request.office, request.access, now())


def find_item(request: ApiRequest, item: int) -> Item:
    return get_row(visible_to(request.access), item, "There is no such item in the backlog.")


@router.get("/backlog", **operation(READ, "The backlog", "a page", LIST))
def list_items(request: ApiRequest, asked: Query[BacklogAsked]) -> HttpResponse:
    return json_response(list_page(narrow(visible_to(request.access), state=asked.state), asked, describe))


@router.get("/backlog/{item}", **operation(READ, "An item", "the item", ONE))
def get_item(request: ApiRequest, item: Number) -> HttpResponse:
    return json_response(describe(find_item(request, item)))


@router.post("/backlog", **operation(KEEP, "Propose an item", "the item, proposed", ONE, status=201))
def propose(request: ApiRequest, given: Proposed) -> HttpResponse:
    """It is ranked once it has its four facets."""
    access = request.access
    check_keep(access)
    check_place(access, given.unit)
    named = ("impact_area", "journey_stage", "strategic_alignment")
    facets = {name: word for name in named if (word := getattr(given, name))}
    made = actions.propose_item(
        title=given.title,
        description=given.description,
        experience=given.experience,
        unit=given.unit or None,
        facets=facets,
        by=request.caller.by,
        at=now(),
    )
    return json_response(describe(made), status=201)


@router.post("/backlog/{item}/move", **operation(KEEP, "Move an item on", "the item", ONE))
def move(request: ApiRequest, item: Number, given: Moved) -> HttpResponse:
    """Ready and chosen demand its facets, declining demands a reason."""
    found = find_item(request, item)
    check_keep(request.access, found)
    done = actions.move_item(
        item=found, to=given.to, words=backlog_of(request).words, reason=given.reason, by=request.caller.by, at=now()
    )
    return json_response(describe(done))


@router.get("/backlog/{item}/estimates", **operation(READ, "What is estimated of an item", "a page", LIST))
def list_estimates(request: ApiRequest, item: Number, asked: Query[Page]) -> HttpResponse:
    """Every estimate ever made, with its author and date: of each author the newest of a quantity counts."""
    rows = Estimate.objects.filter(item=find_item(request, item))
    return json_response(list_page(rows, asked, describe_estimate))


@router.post(
    "/backlog/{item}/estimates",
    **operation(KEEP, "Estimate an item", "the estimates, as they were recorded", LIST, status=201),
)
def estimate(request: ApiRequest, item: Number, given: Estimated) -> HttpResponse:
    """Ranges of quantities that the rankings ask for, each in its unit; all are recorded or none. Others' stay."""
    found = find_item(request, item)
    check_keep(request.access, found)
    quantities = [each.quantity for each in given.estimates]
    if len(set(quantities)) < len(quantities):
        raise WrongUsage("A quantity is estimated twice.", mend="Give each quantity once.")
    made = estimating.record_estimates(
        item=found,
        estimates={each.quantity: (each.low, each.likely, each.high) for each in given.estimates},
        units={each.quantity: each.unit for each in given.estimates},
        currency=backlog_of(request).currency,
        note=given.note,
        by=request.caller.by,
        at=now(),
    )
    return json_response({"rows": [describe_estimate(row) for row in made], "next": None}, status=201)


@router.get(
    "/questions/feelings",
    **operation(
        needs(Scope.QUESTIONS_READ, people=True),
        "How people feel with an item, and without it",
        "Kano's pairs, category and coefficients by item",
        FEELINGS,
    ),
)
def ask_feelings(request: ApiRequest) -> HttpResponse:
    """Kano's two questions, counted from what customers and partners answered: of each person the newest pair."""
    return json_response(backlog_of(request).session.feelings().to_document())


@router.get(
    "/questions/rank",
    **operation(
        needs(Scope.QUESTIONS_READ, people=True),
        "What should be improved next",
        "four rankings of the backlog",
        RANKING,
    ),
)
def ask_rank(request: ApiRequest) -> HttpResponse:
    """Of the open items of the backlog: WSJF, RICE, Kano and money side by side, and where they disagree."""
    return json_response(backlog_of(request).ranking.to_document())
