"""One case: the words, the clock, the customer's history, the conversation, and what comes next."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from openxmo.core.errors import UserError
from openxmo.office.accounts.roles import Right
from openxmo.office.act import actions, confirming, policies, queries
from openxmo.office.act.addresses import find_address
from openxmo.office.act.forms import CauseForm, NoteForm, ReplyForm, WhyForm
from openxmo.office.act.history import read_history
from openxmo.office.act.judging import is_somebody
from openxmo.office.act.models import Case
from openxmo.office.act.nexts import next_step
from openxmo.office.act.permissions import can_work_case
from openxmo.office.act.views.finding import find_case
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to

WORKING = open_to(Right.WORK_CASES)


@open_to(Right.READ_CASES, Right.WORK_CASES)
@require_GET
def show(request: OfficeRequest, key: int) -> HttpResponse:
    return page(request, find_case(request.access, key))


def page(request: OfficeRequest, case: Case, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a case, with forms that were filled in wrong in place of empty ones."""
    at = now()
    reachable = bool(find_address(case.response))
    working = can_work_case(request.access, case)
    context = {
        "case": case,
        "at": at,
        "working": working,
        "next": next_step(case, request.access),
        "entries": case.entries.all(),
        "history": read_history(request.office, case, at=at),
        "known": is_somebody(case.subject),
        "others": queries.others_of_customer(request.access, case),
        "escalations": case.escalations.filter(told_at__isnull=False),
        "possible": case.possible_complaints.filter(state="waiting"),
        "reachable": reachable,
        "reads_answers": request.access.has(Right.READ_ANSWERS),
        "reply_form": ReplyForm(reachable=reachable),
        "note_form": NoteForm(prefix="note"),
        "cause_form": CauseForm(initial={"cause": case.cause_id, "severe": case.severe}),
        "why_form": WhyForm(),
        "can": {
            deed: working and policies.can_step(case, deed) for deed in ("resolve", "reopen", "give_up", "dismiss")
        },
        "open": working and policies.is_open(case),
        "reading": not working,
        "free": working and policies.is_open(case) and not case.taken_by and case.owner != request.access.name,
        "link": actions.confirmation_link(case) if working and case.state == "resolved" else "",
        **forms,
    }
    return render(request, "act/case.html", context, status=status)


def doing(deed: Callable[[OfficeRequest, Case], str]) -> Callable[[OfficeRequest, int], HttpResponse]:
    """A deed that needs no form: done, told, and back to the case; refused, told in its place."""

    def view(request: OfficeRequest, key: int) -> HttpResponse:
        case = find_case(request.access, key, to_work=True)
        try:
            messages.success(request, deed(request, case))
        except UserError as error:
            messages.error(request, error.told)
        return redirect("act-case", key=key)

    return view


@WORKING
@require_POST
def take(request: OfficeRequest, key: int) -> HttpResponse:
    def deed(request: OfficeRequest, case: Case) -> str:
        actions.take_case(case=case, by=request.access.name, at=now())
        return _("You have this case.")

    return doing(deed)(request, key)


@WORKING
@require_POST
def reply(request: OfficeRequest, key: int) -> HttpResponse:
    case = find_case(request.access, key, to_work=True)
    form = ReplyForm(request.POST, reachable=bool(find_address(case.response)))
    if not form.is_valid():
        return page(request, case, status=422, reply_form=form)

    def deed(request: OfficeRequest, case: Case) -> str:
        actions.reply(case=case, **form.cleaned_data, by=request.access.name, at=now())
        return _("Kept, and on its way.") if form.cleaned_data["way"] == "letter" else _("Noted down.")

    return doing(deed)(request, key)


@WORKING
@require_POST
def note(request: OfficeRequest, key: int) -> HttpResponse:
    case = find_case(request.access, key, to_work=True)
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return page(request, case, status=422, note_form=form)

    def deed(request: OfficeRequest, case: Case) -> str:
        actions.note(case=case, words=form.cleaned_data["words"], by=request.access.name, at=now())
        return _("Noted down.")

    return doing(deed)(request, key)


@WORKING
@require_POST
def cause(request: OfficeRequest, key: int) -> HttpResponse:
    case = find_case(request.access, key, to_work=True)
    form = CauseForm(request.POST)
    if not form.is_valid():
        return page(request, case, status=422, cause_form=form)

    def deed(request: OfficeRequest, case: Case) -> str:
        done = actions.name_cause(case=case, **form.cleaned_data, by=request.access.name, at=now())
        if done.problem_id:
            return _("Named. This cause keeps coming back: it is a problem now, and stands in the backlog.")
        return _("Named.")

    return doing(deed)(request, key)


@WORKING
@require_POST
def resolve(request: OfficeRequest, key: int) -> HttpResponse:
    def deed(request: OfficeRequest, case: Case) -> str:
        actions.resolve(case=case, by=request.access.name, at=now())
        return _("Resolved. It counts as recovered when the customer says so.")

    return doing(deed)(request, key)


@WORKING
@require_POST
def reopen(request: OfficeRequest, key: int) -> HttpResponse:
    def deed(request: OfficeRequest, case: Case) -> str:
        office = read_office(served_home())
        confirming.reopen_case(office, case=case, by=request.access.name, at=now())
        return _("Open again, with a new clock.")

    return doing(deed)(request, key)


@WORKING
@require_POST
def give_up(request: OfficeRequest, key: int) -> HttpResponse:
    return closing(request, key, actions.give_up, _("Closed as not recovered."))


@WORKING
@require_POST
def dismiss(request: OfficeRequest, key: int) -> HttpResponse:
    return closing(request, key, actions.dismiss, _("Dismissed, with your reason."))


def closing(request: OfficeRequest, key: int, close: Callable[..., Case], told: str) -> HttpResponse:
    form = WhyForm(request.POST)
    if not form.is_valid():
        return page(request, find_case(request.access, key, to_work=True), status=422, why_form=form)

    def deed(request: OfficeRequest, case: Case) -> str:
        close(case=case, why=form.cleaned_data["why"], by=request.access.name, at=now())
        return told

    return doing(deed)(request, key)
