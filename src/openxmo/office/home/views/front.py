"""After signing in: on to the first page of one's role."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.home.fronts import front_of
from openxmo.office.lib.entry import open_to_signed_in
from openxmo.office.lib.navigation import find_places


@open_to_signed_in
@require_GET
def front(request: OfficeRequest) -> HttpResponse:
    return redirect(front_of(request.access.roles))


@open_to_signed_in
@require_GET
def stage(request: OfficeRequest, stage: str) -> HttpResponse:
    """A stage's own address, as people type it: on to its first page that this person may open."""
    first = next((place for place in find_places(request.access.has) if place.stage == stage), None)
    if first is None:
        raise Http404
    return redirect(first.route)
