"""Cases and recommendations over the network: the same rules and deeds as on the pages."""

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Field, Query, Router, Schema

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.act import actions, asking, recommending
from openxmo.office.act.models import Case, Recommendation
from openxmo.office.act.models.recommendations import Lever
from openxmo.office.act.permissions import check_answer, check_work_case
from openxmo.office.act.states import CaseState, RecommendationState
from openxmo.office.act.visibility import visible_to
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import check_right, read_office
from openxmo.office.govern.requests import ApiRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.described import LIST, ONE, operation
from openxmo.office.lib.documents import json_response, write_row
from openxmo.office.lib.fields import Line, Name, Number, Words
from openxmo.office.lib.paging import Page, get_row, list_page, narrow
from openxmo.office.lib.scopes import Scope, needs

router = Router(tags=["act"])
CASES, WORK = needs(Scope.CASES_READ), needs(Scope.CASES_WRITE)
ASKED, ASK = needs(Scope.RECOMMENDATIONS_READ), needs(Scope.RECOMMENDATIONS_WRITE)
TOLD_OF_CASE = (
    *("id", "state", "sort", "severe", "unit", "team", "subject", "account", "contact", "channel", "reason"),
    *("product", "stage", "words", "score_of", "score", "scale", "owner", "outcome", "rounds", "opened_from"),
)
CLOCKS = (
    *("happened_at", "opened_at", "due_at", "first_reply_due_at", "resolve_due_at", "update_due_at", "final_due_at"),
    *("taken_at", "first_reply_at", "resolved_at", "confirmed_at", "closed_at"),
)
TOLD_OF_RECOMMENDATION = (
    *("id", "state", "item", "asked", "why", "strength", "cost_of_not_acting", "may_be_wrong", "unit", "lever"),
    *("evidence", "sent_by", "answered_by", "reason", "proposal"),
)


class CasesAsked(Page):
    state: CaseState | None = None
    unit: Name = ""


class Said(Schema):
    words: Words


class Reply(Said):
    way: Literal["letter", "call", "chat"]


class Asked(Schema):
    asked: Line
    why: Words
    strength: Literal["strong", "fair", "weak"]
    unit: Name
    lever: Lever
    may_be_wrong: Words
    item: Line = ""
    cost_of_not_acting: Words = ""
    evidence: list[Line] = Field(default_factory=list, max_length=100)


class Answer(Schema):
    deed: Literal["accept", "decline", "counter"]
    reason: Words = ""
    proposal: Words = ""


class RecommendationsAsked(Page):
    state: RecommendationState | None = None
    unit: Name = ""


def describe_case(case: Case) -> dict[str, Any]:
    return write_row(case, TOLD_OF_CASE, CLOCKS)


def describe_recommendation(asked: Recommendation) -> dict[str, Any]:
    return write_row(asked, TOLD_OF_RECOMMENDATION, ("sent_at", "due_at", "answered_at"))


def cases_of(access: Access) -> QuerySet[Case]:
    check_right(access, Right.READ_CASES)
    return visible_to(access, Case.objects.all())


def find_case(request: ApiRequest, case: int) -> Case:
    return get_row(cases_of(request.access), case, "There is no such case.")


def case_to_work(request: ApiRequest, case: int) -> Case:
    """The case, for somebody who may work it."""
    found = find_case(request, case)
    check_work_case(request.access, found)
    return found


def asked_of(access: Access) -> QuerySet[Recommendation]:
    """Who may ask sees what was asked of their units and by themselves; who is asked, what was asked of their units."""
    if access.has(Right.RECOMMEND, Right.KEEP_BACKLOG):
        return asking.asked_by(access)
    rows = Recommendation.objects.all()
    return visible_to(access, rows) if access.has(Right.ANSWER_RECOMMENDATIONS) else rows.none()


def find_recommendation(request: ApiRequest, recommendation: int) -> Recommendation:
    return get_row(asked_of(request.access), recommendation, "There is no such recommendation.")


@router.get("/cases", **operation(CASES, "Cases", "a page", LIST))
def list_cases(request: ApiRequest, asked: Query[CasesAsked]) -> HttpResponse:
    return json_response(
        list_page(narrow(cases_of(request.access), state=asked.state, unit=asked.unit), asked, describe_case)
    )


@router.get("/cases/{case}", **operation(CASES, "A case", "the case", ONE))
def get_case(request: ApiRequest, case: Number) -> HttpResponse:
    return json_response(describe_case(find_case(request, case)))


@router.post("/cases/{case}/take", **operation(WORK, "Take a case", "the case, now taken", ONE))
def take_case(request: ApiRequest, case: Number) -> HttpResponse:
    """The first who takes it has it."""
    taken = actions.take_case(case=case_to_work(request, case), by=request.caller.by, at=now())
    return json_response(describe_case(taken))


@router.post("/cases/{case}/reply", **operation(WORK, "Reply to the customer", "the case, now answered", ONE))
def reply(request: ApiRequest, case: Number, said: Reply) -> HttpResponse:
    """A letter is sent; a call or a chat is noted down."""
    found = case_to_work(request, case)
    actions.reply(case=found, way=said.way, words=said.words, by=request.caller.by, at=now())
    return json_response(describe_case(Case.objects.get(pk=found.pk)))


@router.post("/cases/{case}/note", **operation(WORK, "Note something down", "the case", ONE))
def note(request: ApiRequest, case: Number, said: Said) -> HttpResponse:
    found = case_to_work(request, case)
    actions.note(case=found, words=said.words, by=request.caller.by, at=now())
    return json_response(describe_case(found))


@router.post("/cases/{case}/resolve", **operation(WORK, "Say that it is resolved", "the case, now resolved", ONE))
def resolve(request: ApiRequest, case: Number) -> HttpResponse:
    """The customer is asked to confirm it."""
    resolved = actions.resolve(case=case_to_work(request, case), by=request.caller.by, at=now())
    return json_response(describe_case(resolved))


@router.get("/recommendations", **operation(ASKED, "Recommendations", "a page", LIST))
def list_recommendations(request: ApiRequest, asked: Query[RecommendationsAsked]) -> HttpResponse:
    rows = narrow(asked_of(request.access), state=asked.state, unit=asked.unit)
    return json_response(list_page(rows, asked, describe_recommendation))


@router.get("/recommendations/{recommendation}", **operation(ASKED, "A recommendation", "the recommendation", ONE))
def get_recommendation(request: ApiRequest, recommendation: Number) -> HttpResponse:
    return json_response(describe_recommendation(find_recommendation(request, recommendation)))


@router.post("/recommendations", **operation(ASK, "Recommend", "the recommendation, sent", ONE, status=201))
def recommend(request: ApiRequest, asked: Asked) -> HttpResponse:
    """Whoever answers for the unit gets a letter, and answers within the office's term."""
    check_right(request.access, Right.RECOMMEND)
    made = recommending.recommend(read_office(served_home()), **asked.dict(), by=request.caller.by, at=now())
    return json_response(describe_recommendation(made), status=201)


@router.post(
    "/recommendations/{recommendation}/answer",
    **operation(ASK, "Answer a recommendation", "the recommendation, answered", ONE),
)
def answer(request: ApiRequest, recommendation: Number, given: Answer) -> HttpResponse:
    """Accept, decline with a reason, or counter with a proposal. The first answer stands."""
    found = find_recommendation(request, recommendation)
    check_answer(request.access, found)
    done = recommending.answer(recommendation=found, **given.dict(), by=request.caller.by, at=now())
    return json_response(describe_recommendation(done))
