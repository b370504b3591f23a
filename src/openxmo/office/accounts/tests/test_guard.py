"""Nobody calls what does not say who may call it."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.middleware import GuardMiddleware, check_entry
from openxmo.office.accounts.roles import Right
from openxmo.office.lib.entry import Entry


def silent(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse("secret")


def test_a_view_that_declares_nobody_is_never_called() -> None:
    guard = GuardMiddleware(silent)
    with pytest.raises(LookupError, match="declares nobody"):
        guard.process_view(RequestFactory().get("/"), silent, (), {})


def test_a_person_without_a_role_is_told_whom_to_ask() -> None:
    with pytest.raises(NotAllowed, match="hold no role"):
        check_entry(Entry("rights", frozenset({Right.READ_SCORES})), None)


def test_nobody_signs_up_by_themselves(sign_in: Callable[[str], Client]) -> None:
    assert sign_in("Lea") is not None
    answer = Client().get("/accounts/signup/")
    assert b"password1" not in answer.content
