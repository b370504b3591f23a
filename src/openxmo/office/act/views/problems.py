"""What keeps coming back: problems, their cases, and the vocabulary of root causes."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openxmo.core.errors import UserError
from openxmo.office.accounts.roles import Right
from openxmo.office.act import causes as acts
from openxmo.office.act import queries
from openxmo.office.act.forms import NewCauseForm
from openxmo.office.act.models import Cause, Problem
from openxmo.office.act.permissions import can_lead_cases, check_lead_cases
from openxmo.office.act.rules import find_cause_rule
from openxmo.office.act.visibility import visible_to
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.lib.things import find_thing


@open_to(Right.READ_CASES, Right.WORK_CASES)
@require_http_methods(["GET", "POST"])
def problems(request: OfficeRequest) -> HttpResponse:
    """Problems with their items, and the words that causes are named by; leads add to them."""
    form = NewCauseForm(request.POST or None)
    if request.method == "POST":
        check_lead_cases(request.access)
        if form.is_valid():
            acts.put_cause(**form.cleaned_data, by=request.access.name, at=now())
            messages.success(request, _("The cause can be named now."))
            return redirect("act-problems")
    found, office = queries.problems(request.access), read_office(served_home())
    context = {
        "problems": [
            (problem, find_thing(problem.item, request.access) if problem.item else None) for problem in found
        ],
        "open": sum(problem.closed_at is None for problem in found),
        "causes": Cause.objects.filter(archived_at__isnull=True).annotate(size=Count("cases")),
        "rule": find_cause_rule(office),
        "currency": office.settings.currency,
        "form": form,
        "leads": can_lead_cases(request.access),
    }
    return render(request, "act/problems.html", context, status=200 if request.method == "GET" else 422)


@open_to(Right.READ_CASES, Right.WORK_CASES)
@require_POST
def archive_cause(request: OfficeRequest, key: str) -> HttpResponse:
    check_lead_cases(request.access)
    cause = Cause.objects.filter(key=key, archived_at__isnull=True).first()
    if cause is None:
        raise Http404(_("There is no such cause."))
    acts.archive_cause(cause=cause, by=request.access.name, at=now())
    messages.success(request, _("The cause is offered no more; cases keep it."))
    return redirect("act-problems")


@open_to(Right.READ_CASES, Right.WORK_CASES)
@require_http_methods(["GET", "POST"])
def problem(request: OfficeRequest, key: int) -> HttpResponse:
    """One problem; a POST closes it."""
    found = Problem.objects.select_related("cause").filter(pk=key).first()
    cases = visible_to(request.access, found.cases.all()) if found else None
    if found is None or cases is None or (request.access.units is not None and not cases.exists()):
        raise Http404(_("There is no such problem."))
    if request.method == "POST":
        check_lead_cases(request.access)
        try:
            acts.close_problem(problem=found, by=request.access.name, at=now())
            messages.success(request, _("Closed: when the cause comes back, it is a new problem."))
        except UserError as error:
            messages.error(request, error.told)
        return redirect("act-problem", key=key)
    context = {
        "problem": found,
        "cases": cases.order_by("-happened_at")[: queries.PAGE],
        "size": found.cases.count(),
        "cost": found.cost(),
        "currency": read_office(served_home()).settings.currency,
        "item": find_thing(found.item, request.access) if found.item else None,
        "leads": can_lead_cases(request.access),
    }
    return render(request, "act/problem.html", context)
