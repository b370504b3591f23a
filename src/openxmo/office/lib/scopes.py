"""What a key of the API may be used for. A key does nothing that its scopes do not name.

Every operation of the API declares its scope with `needs`: `Router(auth=needs(Scope.CASES_READ))`, or
`@router.post("", auth=needs(Scope.CASES_WRITE))`. One that declares none is closed to everybody.
"""

from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from ninja.security.base import AuthBase


class Scope(StrEnum):
    SIGNALS_WRITE = "signals:write"
    QUESTIONS_READ = "questions:read"
    ANSWERS_READ = "answers:read"
    METRICS_READ = "metrics:read"
    METRICS_WRITE = "metrics:write"
    ROLES_WRITE = "roles:write"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    BACKLOG_READ = "backlog:read"
    BACKLOG_WRITE = "backlog:write"
    RECOMMENDATIONS_READ = "recommendations:read"
    RECOMMENDATIONS_WRITE = "recommendations:write"
    INITIATIVES_READ = "initiatives:read"
    INITIATIVES_WRITE = "initiatives:write"


class BearerKey(AuthBase):
    """A bearer key with this scope; `request.caller` is whoever calls."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A key made by `xmo key add`."

    def __init__(self, scope: Scope, *, people: bool = False) -> None:
        self.scope = scope
        self.people = people  # also somebody who is signed in in a browser, for reading only
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        """Whoever calls, if they may; None where nobody is known, which the API answers with 401."""
        caller = getattr(request, "caller", None)
        if caller is None:
            return None
        if caller.scopes is None:
            return caller if self.people and request.method in ("GET", "HEAD") else None
        caller.check(self.scope)
        return caller


def needs(scope: Scope, *, people: bool = False) -> BearerKey:
    """Who may call an operation: keys with this scope; with `people` whoever is signed in, too, with their rights."""
    return BearerKey(scope, people=people)
