"""Where do we stand? The first page of whoever leads the office."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.home import standing
from openxmo.office.home.trusting import judge_trust
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.listen.queries.imports import import_rows
from openxmo.office.ui.asked import asked_of, today
from openxmo.office.understand.queries import compared, movers

PARTS = ("trends", "moved", "trust")  # what takes longer comes after the page, each by itself


@open_to(Right.READ_SCORES)
@require_GET
def stand(request: OfficeRequest) -> HttpResponse:
    asked = asked_of(request)
    found = standing.delivered(request.office, since=asked.since, until=asked.until)
    may_bring = request.access.has(Right.IMPORT_SIGNALS)
    context = {
        "period": asked.period,
        "ambitions": found,
        "behind": [each for each in found if each.state == "behind"],
        "reached": [each for each in found if each.state == "reached"],
        "waiting": standing.waiting(request.access, at=now()),
        "nothing_heard": not found and may_bring and not import_rows(request.office.home),
        "sees_cases": request.access.has(Right.READ_CASES),
    }
    return render(request, "home/stand.html", context)


@open_to(Right.READ_SCORES)
@require_GET
def part(request: OfficeRequest, name: str) -> HttpResponse:
    """One part of the page, for the page itself to fetch."""
    if name not in PARTS:
        raise Http404
    told = {"trends": trends, "moved": moved, "trust": trust}[name]
    return render(request, f"home/_{name}.html", told(request))


def trends(request: OfficeRequest) -> dict[str, Any]:
    asked = asked_of(request)
    found = standing.delivered(request.office, since=asked.since, until=asked.until)
    return {"ambitions": standing.with_trend(request.office, found, until=today().replace(day=1))}


def moved(request: OfficeRequest) -> dict[str, Any]:
    at = now()
    real = [each for each in movers(request.office, at) if each.real]
    return {"moved": real, "compared": compared(request.office, at)}


def trust(request: OfficeRequest) -> dict[str, Any]:
    asked = asked_of(request)
    return {"trust": judge_trust(request.office, since=asked.since, until=asked.until)}
