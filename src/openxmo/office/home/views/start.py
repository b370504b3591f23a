"""Start here: the nine steps of the first walk, each with its number and ending where the reader can do it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openxmo.core.errors import UserError
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.home import steps
from openxmo.office.home.walking import Walk
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to_signed_in


@open_to_signed_in
@require_GET
def overview(request: OfficeRequest) -> HttpResponse:
    walk = Walk(request.office, request.access, now())
    listed = [{"step": each, "may": each.may(request.access)} for each in steps.STEPS]
    return render(request, "home/start.html", {"steps": listed, "is_sample": walk.is_sample})


@open_to_signed_in
@require_GET
def step(request: OfficeRequest, key: str) -> HttpResponse:
    found = steps.find_step(key)
    if found is None:
        raise Http404
    walk = Walk(request.office, request.access, now())
    context = {
        "step": found,
        "number": steps.number_of(found),
        "count": len(steps.STEPS),
        "said": say(found, walk),
        "address": found.address(walk) if found.may(request.access) else "",
        "next": steps.after(found),
        "before": steps.before(found),
    }
    return render(request, "home/step.html", context)


def say(found: steps.Step, walk: Walk) -> str:
    """The step's number in a sentence; who may not see it is told who may."""
    if not found.may(walk.access):
        return ""
    try:
        return found.tell(walk)
    except UserError as error:
        return error.what
