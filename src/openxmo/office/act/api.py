"""Cases and recommendations over the network: the same rules and deeds as on the pages."""

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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
from openxmo.office.lib.clock import now
from openxmo.office.lib.described import LIST, ONE, answers
from openxmo.office.lib.documents import json_response
from openxmo.office.lib.fields import Line, Name, Number, Words
from openxmo.office.lib.paging import Page, list_page
from openxmo.office.lib.problems import not_found
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
    told: dict[str, Any] = {name: getattr(case, name) for name in TOLD_OF_CASE}
    return told | {name: moment(getattr(case, name)) for name in CLOCKS}


def describe_recommendation(asked: Recommendation) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(asked, name) for name in TOLD_OF_RECOMMENDATION}
    return told | {name: moment(getattr(asked, name)) for name in ("sent_at", "due_at", "answered_at")}


def moment(at: Any) -> str | None:
    return None if at is None else at.isoformat()


def access_of(request: HttpRequest) -> Access:
    found: Access = request.access  # type: ignore[attr-defined]
    return found


def cases_of(access: Access) -> QuerySet[Case]:
    check_right(access, Right.READ_CASES)
    return visible_to(access, Case.objects.all())


def find_case(request: HttpRequest, case: int) -> Case:
    """The case, if the caller sees it: of others it is not told whether they exist."""
    found = cases_of(access_of(request)).filter(pk=case).first()
    if found is None:
        raise not_found("There is no such case.")
    return found


def asked_of(access: Access) -> QuerySet[Recommendation]:
    """Who may ask sees what was asked of their units and by themselves; who is asked, what was asked of their units."""
    if access.has(Right.RECOMMEND, Right.KEEP_BACKLOG):
        return asking.asked_by(access)
    rows = Recommendation.objects.all()
    return visible_to(access, rows) if access.has(Right.ANSWER_RECOMMENDATIONS) else rows.none()


def find_recommendation(request: HttpRequest, recommendation: int) -> Recommendation:
    found = asked_of(access_of(request)).filter(pk=recommendation).first()
    if found is None:
        raise not_found("There is no such recommendation.")
    return found


def who(request: HttpRequest) -> str:
    by: str = request.caller.by  # type: ignore[attr-defined]
    return by


def chosen(rows: Any, asked: CasesAsked | RecommendationsAsked) -> Any:
    wanted = {"state": asked.state, "unit": asked.unit or None}
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


@router.get("/cases", auth=CASES, response={200: None}, summary="Cases", openapi_extra=answers(200, "a page", LIST))
def list_cases(request: HttpRequest, asked: Query[CasesAsked]) -> HttpResponse:
    return json_response(list_page(chosen(cases_of(access_of(request)), asked), asked, describe_case))


@router.get(
    "/cases/{case}", auth=CASES, response={200: None}, summary="A case", openapi_extra=answers(200, "the case", ONE)
)
def get_case(request: HttpRequest, case: Number) -> HttpResponse:
    return json_response(describe_case(find_case(request, case)))


@router.post(
    "/cases/{case}/take", auth=WORK, response={200: None}, summary="Take a case",
    openapi_extra=answers(200, "the case, now taken", ONE),
)  # fmt: skip
def take_case(request: HttpRequest, case: Number) -> HttpResponse:
    """The first who takes it has it."""
    found = find_case(request, case)
    check_work_case(access_of(request), found)
    return json_response(describe_case(actions.take_case(case=found, by=who(request), at=now())))


@router.post(
    "/cases/{case}/reply", auth=WORK, response={200: None}, summary="Reply to the customer",
    openapi_extra=answers(200, "the case, now answered", ONE),
)  # fmt: skip
def reply(request: HttpRequest, case: Number, said: Reply) -> HttpResponse:
    """A letter is sent; a call or a chat is noted down."""
    found = find_case(request, case)
    check_work_case(access_of(request), found)
    actions.reply(case=found, way=said.way, words=said.words, by=who(request), at=now())
    return json_response(describe_case(Case.objects.get(pk=found.pk)))


@router.post(
    "/cases/{case}/note", auth=WORK, response={200: None}, summary="Note something down",
    openapi_extra=answers(200, "the case", ONE),
)  # fmt: skip
def note(request: HttpRequest, case: Number, said: Said) -> HttpResponse:
    found = find_case(request, case)
    check_work_case(access_of(request), found)
    actions.note(case=found, words=said.words, by=who(request), at=now())
    return json_response(describe_case(found))


@router.post(
    "/cases/{case}/resolve", auth=WORK, response={200: None}, summary="Say that it is resolved",
    openapi_extra=answers(200, "the case, now resolved", ONE),
)  # fmt: skip
def resolve(request: HttpRequest, case: Number) -> HttpResponse:
    """The customer is asked to confirm it."""
    found = find_case(request, case)
    check_work_case(access_of(request), found)
    return json_response(describe_case(actions.resolve(case=found, by=who(request), at=now())))


@router.get(
    "/recommendations", auth=ASKED, response={200: None}, summary="Recommendations",
    openapi_extra=answers(200, "a page", LIST),
)  # fmt: skip
def list_recommendations(request: HttpRequest, asked: Query[RecommendationsAsked]) -> HttpResponse:
    return json_response(list_page(chosen(asked_of(access_of(request)), asked), asked, describe_recommendation))


@router.get(
    "/recommendations/{recommendation}", auth=ASKED, response={200: None}, summary="A recommendation",
    openapi_extra=answers(200, "the recommendation", ONE),
)  # fmt: skip
def get_recommendation(request: HttpRequest, recommendation: Number) -> HttpResponse:
    return json_response(describe_recommendation(find_recommendation(request, recommendation)))


@router.post(
    "/recommendations", auth=ASK, response={201: None}, summary="Recommend",
    openapi_extra=answers(201, "the recommendation, sent", ONE),
)  # fmt: skip
def recommend(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Whoever answers for the unit gets a letter, and answers within the office's term."""
    check_right(access_of(request), Right.RECOMMEND)
    made = recommending.recommend(read_office(served_home()), **asked.dict(), by=who(request), at=now())
    return json_response(describe_recommendation(made), status=201)


@router.post(
    "/recommendations/{recommendation}/answer", auth=ASK, response={200: None}, summary="Answer a recommendation",
    openapi_extra=answers(200, "the recommendation, answered", ONE),
)  # fmt: skip
def answer(request: HttpRequest, recommendation: Number, given: Answer) -> HttpResponse:
    """Accept, decline with a reason, or counter with a proposal. The first answer stands."""
    found = find_recommendation(request, recommendation)
    check_answer(access_of(request), found)
    done = recommending.answer(recommendation=found, **given.dict(), by=who(request), at=now())
    return json_response(describe_recommendation(done))
