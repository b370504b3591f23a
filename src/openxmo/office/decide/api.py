"""The backlog over the network, and the question what should be improved next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from openxmo.office.accounts.access import Access
from openxmo.office.decide import actions, queries
from openxmo.office.decide.models import Item
from openxmo.office.decide.permissions import check_keep, check_place
from openxmo.office.decide.stages import heard_stages
from openxmo.office.decide.states import State
from openxmo.office.decide.visibility import visible_to
from openxmo.office.decide.vocabulary import read_vocabulary, words_in_force
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.session import Session
from openxmo.office.lib.clock import now
from openxmo.office.lib.described import LIST, ONE, answers
from openxmo.office.lib.documents import json_response
from openxmo.office.lib.fields import Line, Name, Number, Words
from openxmo.office.lib.paging import Page, list_page
from openxmo.office.lib.problems import not_found
from openxmo.office.lib.scopes import Scope, needs

router = Router(tags=["decide"])
READ, KEEP = needs(Scope.BACKLOG_READ), needs(Scope.BACKLOG_WRITE)
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


class Moved(Schema):
    to: State
    reason: Words = ""


def describe(item: Item) -> dict[str, Any]:
    told = ("id", "key", "title", "description", "unit", "state", "reason", "created_by")
    facets = ("experience", "impact_area", "journey_stage", "strategic_alignment")
    merged = None if item.merged_into_id is None else f"item:{item.merged_into_id}"
    dates = {"created_at": item.created_at.isoformat(), "state_at": item.state_at.isoformat(), "merged_into": merged}
    return {name: getattr(item, name) for name in (*told, *facets)} | dates


def access_of(request: HttpRequest) -> Access:
    found: Access = request.access  # type: ignore[attr-defined]
    return found


def who(request: HttpRequest) -> str:
    by: str = request.caller.by  # type: ignore[attr-defined]
    return by


def read_words(request: HttpRequest) -> dict[str, tuple[str, ...]]:
    """The words by which items are sorted, in force now."""
    session: Session = request.office  # type: ignore[attr-defined]
    return words_in_force(read_vocabulary(read_office(session.home), heard_stages(session)))


def find_item(request: HttpRequest, item: int) -> Item:
    found = visible_to(access_of(request)).filter(pk=item).first()
    if found is None:
        raise not_found("There is no such item in the backlog.")
    return found


@router.get(
    "/backlog", auth=READ, response={200: None}, summary="The backlog", openapi_extra=answers(200, "a page", LIST)
)
def list_items(request: HttpRequest, asked: Query[BacklogAsked]) -> HttpResponse:
    rows = visible_to(access_of(request))
    return json_response(list_page(rows if asked.state is None else rows.filter(state=asked.state), asked, describe))


@router.get(
    "/backlog/{item}", auth=READ, response={200: None}, summary="An item", openapi_extra=answers(200, "the item", ONE)
)
def get_item(request: HttpRequest, item: Number) -> HttpResponse:
    return json_response(describe(find_item(request, item)))


@router.post(
    "/backlog", auth=KEEP, response={201: None}, summary="Propose an item",
    openapi_extra=answers(201, "the item, proposed", ONE),
)  # fmt: skip
def propose(request: HttpRequest, given: Proposed) -> HttpResponse:
    """It is ranked once it has its four facets."""
    access = access_of(request)
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
        by=who(request),
        at=now(),
    )
    return json_response(describe(made), status=201)


@router.post(
    "/backlog/{item}/move", auth=KEEP, response={200: None}, summary="Move an item on",
    openapi_extra=answers(200, "the item", ONE),
)  # fmt: skip
def move(request: HttpRequest, item: Number, given: Moved) -> HttpResponse:
    """Ready and chosen demand its facets, declining demands a reason."""
    found = find_item(request, item)
    check_keep(access_of(request), found)
    done = actions.move_item(
        item=found, to=given.to, words=read_words(request), reason=given.reason, by=who(request), at=now()
    )
    return json_response(describe(done))


@router.get(
    "/questions/rank", auth=needs(Scope.QUESTIONS_READ, people=True), response={200: None},
    summary="What should be improved next", openapi_extra=answers(200, "four rankings of the backlog", RANKING),
)  # fmt: skip
def ask_rank(request: HttpRequest) -> HttpResponse:
    """Of the open items of the backlog: WSJF, RICE, Kano and money side by side, and where they disagree."""
    rows = visible_to(access_of(request)).exclude(state=State.MERGED)
    words = read_words(request)
    entries = queries.read_entries(rows, words=words, at=now())
    ranking = queries.rank_items(entries, words=words, rate=queries.find_rate())
    return json_response(request.office.released(ranking).to_document())  # type: ignore[attr-defined]
