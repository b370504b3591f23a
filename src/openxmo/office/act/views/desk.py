"""Who needs us today? The desk of agents and leads, and all cases of a lead's units at once."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from openxmo.office.accounts.roles import Right
from openxmo.office.act import actions, queries
from openxmo.office.act.forms import AssignForm
from openxmo.office.act.models import Case
from openxmo.office.act.nexts import next_step
from openxmo.office.act.people import agents_of
from openxmo.office.act.permissions import can_lead_cases, check_lead_cases
from openxmo.office.act.visibility import visible_to
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to

MOST_AT_ONCE = 200


@open_to(Right.READ_CASES, Right.WORK_CASES)
@require_GET
def desk(request: OfficeRequest) -> HttpResponse:
    """Mine first by clock, then what nobody has; a lead sees the clocks of all their units."""
    at, access = now(), request.access
    searched = request.GET.get("q", "")
    cases = queries.open_cases_of(access)
    clocks = queries.clocks_of(cases, at=at)
    mine = list(queries.search(queries.mine(access), searched)[: queries.PAGE])
    free = list(queries.search(queries.unowned(access), searched)[: queries.PAGE])
    others = []
    if can_lead_cases(access) or searched or not access.has(Right.WORK_CASES):
        rest = queries.search(cases, searched).exclude(owner="").exclude(owner=access.name)
        others = list(rest[: queries.PAGE])
    lists = [
        (_("Mine"), rows(mine, request, at)),
        (_("Nobody has these yet"), rows(free, request, at)),
        (_("With colleagues"), rows(others, request, at)),
    ]
    possible = queries.waiting_possible(access)
    first = next(iter(mine or free), None)
    context = {
        "clocks": clocks,
        "lists": [(title, found) for title, found in lists if found],
        "first": first,
        "searched": searched,
        "possible": possible.count(),
        "holders": queries.by_owner(cases, at=at) if can_lead_cases(access) else [],
        "leads": can_lead_cases(access),
        "in_time": queries.answered_in_time(access, at=at),
        "at": at,
    }
    return render(request, "act/desk.html", context)


def rows(cases: list[Case], request: OfficeRequest, at: datetime) -> list[dict[str, object]]:
    """One row a customer, with the one obvious next step of its most pressing case."""
    return [
        {
            "customer": each,
            "case": each.case,
            "next": next_step(each.case, request.access),
            "late": is_late(each.case, at),
        }
        for each in queries.by_customer(cases)
    ]


def is_late(case: Case, at: datetime) -> bool:
    return case.due_at is not None and case.due_at < at


@open_to(Right.READ_CASES, Right.WORK_CASES)
@require_http_methods(["GET", "POST"])
def bulk(request: OfficeRequest) -> HttpResponse:
    """All open cases of a lead's units by clock or by owner, given out several at a time."""
    check_lead_cases(request.access)
    at, access = now(), request.access
    office = read_office(served_home())
    cases = queries.open_cases_of(access)
    owner = request.GET.get("owner")
    shown = list((cases if owner is None else cases.filter(owner=owner))[:MOST_AT_ONCE])
    names = sorted(
        {name for case in shown for name in agents_of(office, team=case.team, unit=case.unit)} | {access.name}
    )
    form = AssignForm(request.POST or None, names=names)
    if request.method == "POST" and form.is_valid():
        keys = [int(key) for key in request.POST.getlist("cases") if key.isdecimal()][:MOST_AT_ONCE]
        chosen = list(visible_to(access, Case.objects.filter(pk__in=keys)))
        count = actions.assign_cases(cases=chosen, to=form.cleaned_data["to"], by=access.name, at=at)
        said = ngettext("%(count)d case was given out.", "%(count)d cases were given out.", count) % {"count": count}
        messages.success(request, said)
        return redirect(request.get_full_path())
    context = {
        "clocks": queries.clocks_of(cases, at=at),
        "holders": queries.by_owner(cases, at=at),
        "cases": shown,
        "owner": owner,
        "form": form,
        "at": at,
    }
    return render(request, "act/bulk.html", context, status=200 if request.method == "GET" else 422)
