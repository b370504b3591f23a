"""What the pages of this room begin with."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openxmo.core.errors import WrongUsage
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.prove import permissions
from openxmo.office.prove.models import Initiative


def find(request: OfficeRequest, pk: int) -> Initiative:
    """The initiative, for somebody who may see it."""
    initiative = Initiative.objects.filter(pk=pk).first()
    if initiative is None:
        raise Http404
    permissions.check_see(request.access, initiative)
    return initiative


def back_to(initiative: Initiative, anchor: str = "") -> HttpResponse:
    address = reverse("prove-initiative", args=[initiative.pk])
    return redirect(f"{address}#{anchor}" if anchor else address)


def attempt(
    request: OfficeRequest, initiative: Initiative, deed: Callable[[], Any], done: str, *, at: str = ""
) -> HttpResponse:
    """Do it and go back to the page, which says that it was done, or what is to be mended."""
    try:
        deed()
    except WrongUsage as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, done)
    return back_to(initiative, at)
