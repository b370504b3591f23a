"""What a request carries once the middleware has seen it: the type of every view's first argument."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from openxmo.office.accounts.access import Access
from openxmo.office.govern.session import Session


class OfficeRequest(HttpRequest):
    """`access` is what the person may do, `office` asks questions with their rights, `htmx` is true for a fragment."""

    access: Access
    office: Session
    htmx: HtmxDetails
