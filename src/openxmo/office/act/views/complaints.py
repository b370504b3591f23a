"""Complaints: which are near the regulator's clock, and which words may be one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from openxmo.core.act.ageing import nearness
from openxmo.core.errors import UserError
from openxmo.office.accounts.roles import Right
from openxmo.office.act import queries
from openxmo.office.act.complaints import accept_possible, dismiss_possible
from openxmo.office.act.forms import JudgeForm
from openxmo.office.act.models import PossibleComplaint
from openxmo.office.act.permissions import can_lead_cases, check_lead_cases
from openxmo.office.act.rules import find_complaint_rule
from openxmo.office.act.visibility import visible_to
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to


@open_to(Right.READ_CASES, Right.WORK_CASES)
@require_GET
def complaints(request: OfficeRequest) -> HttpResponse:
    at, access = now(), request.access
    found = queries.complaints(access)
    context = {
        "cases": [(case, nearness(case.due_at, at)) for case in found[: queries.PAGE]],
        "clocks": queries.clocks_of(found, at=at),
        "possible": list(queries.waiting_possible(access)[: queries.PAGE]),
        "leads": can_lead_cases(access) and access.has(Right.WORK_CASES, Right.READ_CASES),
        "rule": find_complaint_rule(read_office(served_home())),
        "at": at,
    }
    return render(request, "act/complaints.html", context)


@open_to(Right.READ_CASES, Right.WORK_CASES)
@require_POST
def judge(request: OfficeRequest, key: int) -> HttpResponse:
    """Accept as a case, or dismiss with a reason."""
    check_lead_cases(request.access)
    possible = visible_to(request.access, PossibleComplaint.objects.filter(pk=key)).first()
    if possible is None:
        raise Http404(_("There is nothing to judge here."))
    form = JudgeForm(request.POST)
    by, at = request.access.name, now()
    try:
        if form.is_valid() and form.cleaned_data["deed"] == "accept":
            case = accept_possible(possible=possible, by=by, at=at)
            messages.success(request, _("It is case %(number)d now.") % {"number": case.pk})
            return redirect("act-case", key=case.pk)
        dismiss_possible(possible=possible, why=request.POST.get("why", ""), by=by, at=at)
        messages.success(request, _("Dismissed, with your reason."))
    except UserError as error:
        messages.error(request, error.told)
    return redirect("act-complaints")
