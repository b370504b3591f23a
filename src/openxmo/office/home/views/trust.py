"""Can we trust our scores? What reports leave out, and where that changes a score by more than noise."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.home.trusting import judge_trust
from openxmo.office.lib.entry import open_to
from openxmo.office.ui.asked import asked_of


@open_to(Right.READ_SCORES)
@require_GET
def trust(request: OfficeRequest) -> HttpResponse:
    asked = asked_of(request)
    found = judge_trust(request.office, since=asked.since, until=asked.until)
    return render(request, "home/trust.html", {"period": asked.period, "trust": found})
