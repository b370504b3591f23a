"""Errors that a person can mend, shown on one calm page with the right status."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from openxmo.core.errors import NotAllowed, UserError


class ErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a `UserError`; all others are logged, and shown by `500.html`."""
        return show(request, error) if isinstance(error, UserError) else None


def show(request: HttpRequest, error: UserError) -> HttpResponse:
    status = 403 if isinstance(error, NotAllowed) else 400
    return render(request, "ui/error.html", {"error": error, "back": find_way_back(request)}, status=status)


def find_way_back(request: HttpRequest) -> str:
    """The page of this office that the person came from; empty where there is none."""
    came_from = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return came_from if ours and came_from != request.build_absolute_uri() else ""
