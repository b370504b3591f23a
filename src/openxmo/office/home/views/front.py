"""After signing in: on to the first page of one's role."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.home.fronts import front_of
from openxmo.office.lib.entry import open_to_signed_in


@open_to_signed_in
@require_GET
def front(request: OfficeRequest) -> HttpResponse:
    return redirect(front_of(request.access.roles))
