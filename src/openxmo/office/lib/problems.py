"""What the API answers when it does not do what was asked: one shape for every error (RFC 9457, problem+json)."""

import json
from typing import Any, ClassVar

from django.http import HttpResponse

from openxmo.core.errors import NotAllowed, UnreadableInput, UserError

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "The request is off",
    401: "Nobody is signed in",
    403: "Not allowed",
    404: "There is nothing here",
    405: "This address does not know that method",
    409: "Something else came first",
    413: "The body is too large",
    415: "The body is of a kind that is not read here",
    422: "The input cannot be taken as it is",
    429: "Too many requests",
    500: "Something went wrong that is not your doing",
    503: "The office cannot take this now",
}
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "a stable name of the kind of error"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what happened, where, and how to mend it"},
        "where": {"type": "string"},
        "mend": {"type": "string"},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


class Refused(UserError):
    """An error with a status of its own, beyond those that all of OpenXMO knows."""

    status: int = 400

    def __init__(self, status: int, what: str, *, where: str = "", mend: str = "", wait: int | None = None) -> None:
        super().__init__(what, where=where, mend=mend)
        self.status = status
        self.wait = wait  # seconds after which it may be tried again

    exit_code: ClassVar[int] = 2


def not_found(what: str, *, mend: str = "") -> Refused:
    return Refused(404, what, mend=mend)


def status_of(error: UserError) -> int:
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, NotAllowed):
        return 403
    return 422 if isinstance(error, UnreadableInput) else 400


def describe(status: int, what: str, *, where: str = "", mend: str = "", **more: Any) -> dict[str, Any]:
    """The document. `type` names the kind of error, so that a program need not read words."""
    title = TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400])
    detail = " ".join(part for part in (what, mend) if part)
    document: dict[str, Any] = {"type": f"urn:openxmo:problem:{status}", "title": title, "status": status}
    named = {"detail": detail, "where": where, "mend": mend, **more}
    return document | {key: value for key, value in named.items() if value}


def problem(status: int, what: str, **more: Any) -> HttpResponse:
    document = describe(status, what, **more)
    return HttpResponse(json.dumps(document, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)


def problem_of(error: UserError) -> HttpResponse:
    response = problem(status_of(error), error.what, where=error.where, mend=error.mend)
    if isinstance(error, Refused) and error.wait is not None:
        response["Retry-After"] = str(error.wait)
    return response
