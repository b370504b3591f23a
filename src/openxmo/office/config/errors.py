"""Errors that a person can mend, shown on one calm page with the right status."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed, UserError
from openxmo.office.lib.problems import Refused

MACHINES = "/api/"


class ErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not request.path.startswith(MACHINES):
            return show_deed(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a `UserError`; all others are logged, and shown by `500.html`."""
        return show(request, error) if isinstance(error, UserError) else None


def show(request: HttpRequest, error: UserError) -> HttpResponse:
    status = error.status if isinstance(error, Refused) else 403 if isinstance(error, NotAllowed) else 400
    return render(request, "ui/error.html", {"error": error, "back": find_way_back(request)}, status=status)


def show_deed(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """A deed's address opened as if it were a page: by a reload, or by signing in again. Its page is one step up."""
    error = UserError(
        _("This address only takes what a form sends; there is nothing to see at it."),
        mend=_("Go back to the page with the form, and do it there. Nothing was changed."),
    )
    back = find_way_back(request) or find_page_above(request.path)
    answer = render(request, "ui/error.html", {"error": error, "back": back}, status=405)
    answer["Allow"] = refused["Allow"]
    return answer


def find_page_above(path: str) -> str:
    """The nearest address above `path` that is one of ours; empty where only the front page is."""
    parts = path.strip("/").split("/")[:-1]
    while parts:
        above = f"/{'/'.join(parts)}/"
        try:
            resolve(above)
        except Resolver404:
            parts.pop()
        else:
            return above
    return ""


def find_way_back(request: HttpRequest) -> str:
    """The page of this office that the person came from; empty where there is none."""
    came_from = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return came_from if ours and came_from != request.build_absolute_uri() else ""
