"""What a request carries once the middleware has seen it: the type of every view's first argument."""

from typing import Protocol

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from openxmo.office.accounts.access import Access
from openxmo.office.govern.session import Session


class OfficeRequest(HttpRequest):
    """`access` is what the person may do, `office` asks questions with their rights, `htmx` is true for a fragment."""

    access: Access
    office: Session
    htmx: HtmxDetails


class Caller(Protocol):
    """Who calls the API: a key, perhaps acting as a person, or a person in a browser (`scopes` None)."""

    @property
    def by(self) -> str: ...
    @property
    def as_user(self) -> str | None: ...
    @property
    def scopes(self) -> frozenset[str] | None: ...


class ApiRequest(HttpRequest):
    """The same of an operation of the API."""

    access: Access
    office: Session
    caller: Caller
