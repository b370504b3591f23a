"""Gives every request the office as its person sees it."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from openxmo.core.errors import NotAllowed
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.access import Access
from openxmo.office.govern.queries import access_of
from openxmo.office.govern.session import Session
from openxmo.office.lib.clock import now


class OfficeMiddleware:
    """`request.access` is what the signed-in person may do; `request.office` asks questions with their rights."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.access = SimpleLazyObject(lambda: find_access(request))
        request.office = SimpleLazyObject(lambda: open_office(request))
        return self.get_response(request)


def served_home() -> Home:
    """The office that this process serves."""
    return home_at(settings.OPENXMO_HOME)


@lru_cache(maxsize=8)
def home_at(path: Path) -> Home:
    return Home.at(path)


def find_access(request: HttpRequest) -> Access | None:
    """None for somebody who is not signed in, or no longer in the office."""
    if not request.user.is_authenticated:
        return None
    try:
        return access_of(served_home(), request.user.get_username(), at=now())
    except NotAllowed:
        return None


def open_office(request: HttpRequest) -> Session:
    """NotAllowed for somebody whom the office does not know."""
    return Session(served_home(), as_user=request.user.get_username(), clock=now)
