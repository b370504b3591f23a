"""Days and times of every page are those of the office's zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office


class ZoneMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(read_office(served_home()).settings.zone):
            return self.get_response(request)
