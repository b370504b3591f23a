"""Where is it? Anything by a word."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openxmo.office.govern.queries import definitions
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.home.finding import find
from openxmo.office.lib.entry import open_to_signed_in
from openxmo.office.lib.navigation import find_places


@open_to_signed_in
@require_GET
def search(request: OfficeRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    found = find(
        words,
        access=request.access,
        definitions=definitions(request.office.home),
        places=find_places(request.access.has),
    )
    return render(request, "home/search.html", {"words": words, "found": found})
