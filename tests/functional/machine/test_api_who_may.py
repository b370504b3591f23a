"""Whom the API lets in: keys by their scopes, whom they act as, and people in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.keys import SCOPES, revoke_key
from openxmo.office.config import answering, api
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import entry_of
from openxmo.office.lib.scopes import BearerKey, Scope
from tests.functional.homes import answers
from tests.functional.machine.calling import Program, post, shape_of, store


def test_every_operation_declares_its_scope() -> None:
    api.check_scopes(api.api())
    found = {address: operation.auth_callbacks for address, operation in api.operations(api.api())}
    assert "/signals" in found
    assert all(isinstance(one, BearerKey) for listed in found.values() for one in listed)
    assert {str(scope) for scope in Scope} == set(SCOPES)


def test_an_operation_that_declares_no_scope_is_found() -> None:
    made = api.make_api()

    @made.get("/forgotten")
    def forgotten(request: object) -> int:  # noqa: ARG001
        return 1

    with pytest.raises(LookupError, match="/forgotten"):
        api.check_scopes(made)


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for pattern in patterns:
        here = before + str(pattern.pattern)
        found += addresses(pattern.url_patterns, here) if isinstance(pattern, URLResolver) else [(here, pattern)]
    return found


def test_every_address_of_the_api_is_behind_the_guard_and_asks_for_a_key(home: Home) -> None:  # noqa: ARG001
    listed = [(name, one) for name, one in addresses(get_resolver().url_patterns) if name.startswith("api/")]
    assert len(listed) > 10
    for name, pattern in listed:
        assert entry_of(pattern.callback) is not None, name
    for path, methods in api.description()["paths"].items():
        for method in methods:
            response = Client().generic(method.upper(), path.replace("{", "").replace("}", ""))
            assert response.status_code == 401, (method, path)
            assert response["WWW-Authenticate"] == "Bearer"
            shape_of(response)


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_key_does_only_what_its_scopes_name(program: Program, scope: str) -> None:
    client = program(scope)
    for path, methods in api.description()["paths"].items():
        for method, described in methods.items():
            wanted = next(
                operation.auth_callbacks[0].scope  # type: ignore[attr-defined]
                for _, operation in api.operations(api.api())
                if operation.operation_id == described["operationId"]
                or described["operationId"] == api.api().get_openapi_operation_id(operation)
            )
            response = client.generic(method.upper(), path.replace("{", "").replace("}", ""))
            allowed = wanted == scope
            lacks = response.status_code == 403 and "lacks the scope" in response.content.decode()
            assert lacks is not allowed, (method, path, response.content)


def test_a_revoked_key_and_a_made_up_one_are_nobodys(program: Program) -> None:
    client = program("metrics:read")
    assert client.get("/api/v1/metrics").status_code == 200
    revoke_key("program 1", by="operator", at=now())
    assert client.get("/api/v1/metrics").status_code == 401
    for header in ("Bearer", "Bearer xmo_made-up", "Basic eDp5", "Bearer \u2603", ""):
        assert Client(headers={"Authorization": header}).get("/api/v1/metrics").status_code == 401


def test_a_key_has_the_rights_of_whom_it_acts_as(home: Home, program: Program) -> None:
    post(program("signals:write"), *answers([9, 3, 10] * 20, unit="north"))
    store(home)

    def n_of(name: str) -> Any:
        response = program("questions:read", acts_as=name).get("/api/v1/questions/score", {"metric": "nps"})
        assert response.status_code == 200, response.content
        return [row["n"] for row in response.json()["rows"]]

    assert (n_of("Lea"), n_of("Tom"), n_of("Carl")) == ([60], [60], [0])
    root = program("questions:read", acts_as="Root").get("/api/v1/questions/score", {"metric": "nps"})
    assert shape_of(root)["status"] == root.status_code == 403
    sent = post(program("signals:write", acts_as="Tom"), *answers([9]))
    assert sent.status_code == 403
    assert "Tom" in shape_of(sent)["detail"]


def test_a_person_in_a_browser_reads_questions_and_changes_nothing(sign_in: Callable[[str], Client]) -> None:
    lea = sign_in("Lea")
    assert lea.get("/api/v1/questions/catalogue").status_code == 200
    assert lea.get("/api/v1/metrics").status_code == 200
    assert lea.put("/api/v1/office", "", content_type="application/toml").status_code == 401
    assert post(lea, *answers([9])).status_code == 401
    assert sign_in("Root").get("/api/v1/questions/score", {"metric": "nps"}).status_code == 403


@pytest.mark.usefixtures("home")
def test_callers_without_a_key_are_counted_by_their_own_address_behind_a_web_server(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.OPENXMO_CALLS_PER_MINUTE = 1
    answering.buckets.cache_clear()

    def call(forwarded: str) -> int:
        return Client(headers={"X-Forwarded-For": forwarded}).get("/api/v1/metrics").status_code

    assert call("203.0.113.7") == 401
    assert call("198.51.100.1, 203.0.113.7") == 429  # what the caller wrote before it counts for nothing
    assert call("203.0.113.8") == 401
