"""The week in three sentences, as the letter says them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.home.sentences import three_sentences
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to


@open_to(Right.READ_SCORES)
@require_GET
def weekly(request: OfficeRequest) -> HttpResponse:
    at = now()
    sentences = three_sentences(request.office, request.access, at=at)
    return render(request, "home/weekly.html", {"sentences": sentences, "at": at})
