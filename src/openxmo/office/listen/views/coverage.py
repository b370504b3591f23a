"""Whom do we listen to, where, and who is missing?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to
from openxmo.office.listen.queries.coverage import find_coverage
from openxmo.office.ui.asked import asked_of


@open_to(Right.READ_SCORES)
@require_safe
def coverage(request: OfficeRequest) -> HttpResponse:
    asked = asked_of(request)
    found = find_coverage(request.office, unit=asked.unit, since=asked.since, until=asked.until)
    return render(request, "listen/coverage.html", {"coverage": found, "period": asked.period})
