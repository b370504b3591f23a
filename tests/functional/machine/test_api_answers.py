"""What the API answers to a request sent again or too often, and that every error has one shape."""

import pytest
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.config import answering
from openxmo.office.jobs.erasure import forget
from openxmo.office.jobs.models import KeptResponse
from openxmo.office.lib.clock import now
from openxmo.office.lib.limits import Buckets
from tests.functional.homes import answers
from tests.functional.machine.calling import Program, post, shape_of, store


def test_a_request_that_is_sent_again_is_answered_as_before(home: Home, program: Program) -> None:
    client, key = program(), {"Idempotency-Key": "11-22"}
    first, again = (post(client, *answers([9]), headers=key) for _ in range(2))
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert post(client, *answers([3]), headers=key).status_code == 422
    assert post(program(), *answers([9]), headers=key).json() != first.json()  # another program's keys are its own
    assert sum(one.received for one in store(home)) == 2
    text = '[[metric]]\nkey = "calm"\nsignal = "calm"\nscore = { kind = "mean" }\n'
    put = {"content_type": "application/toml", "headers": {"Idempotency-Key": "x"}}
    done = [client.put("/api/v1/office", text, **put) for _ in range(2)]  # type: ignore[arg-type]
    assert [one.json()["added"] for one in done] == [{"metric": ["calm"]}] * 2
    assert client.put("/api/v1/office", text + "\n", **put).status_code == 422  # type: ignore[arg-type]
    assert client.put("/api/v1/office", text, content_type="application/toml").json()["added"] == {}
    assert post(client, *answers([9]), headers={"Idempotency-Key": "x" * 300}).status_code == 400


def test_kept_answers_of_erased_people_are_deleted(program: Program) -> None:
    client = program("metrics:write", acts_as="Lea")
    client.put("/api/v1/office", "# none", content_type="application/toml", headers={"Idempotency-Key": "1"})
    client.put("/api/v1/office", "[[dimension", content_type="application/toml", headers={"Idempotency-Key": "2"})
    assert KeptResponse.objects.count() == 2
    assert forget({"TOML"}, by="operator", at=now()) == 1
    assert forget({"nobody"}, by="operator", at=now()) == 0
    assert KeptResponse.objects.count() == 1


def test_who_calls_too_often_is_told_when_to_come_back(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    at = 0.0
    buckets = Buckets(60, clock=lambda: at)
    monkeypatch.setattr(answering, "buckets", lambda: buckets)
    client = program("metrics:read")
    left = [client.get("/api/v1/metrics")["RateLimit-Remaining"] for _ in range(60)]
    assert (left[0], left[-1]) == ("59", "0")
    refused = client.get("/api/v1/metrics")
    assert refused.status_code == shape_of(refused)["status"] == 429
    assert refused["Retry-After"] == "1"
    assert refused["RateLimit-Reset"] == "60"
    assert program("metrics:read").get("/api/v1/metrics").status_code == 200
    at = 1.0
    assert client.get("/api/v1/metrics").status_code == 200


def test_errors_have_one_shape_wherever_they_arise(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    client = program()
    for method, path, status in (
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v1/", 404),
        ("DELETE", "/api/v1/signals", 405),
        ("POST", "/api/v1/metrics", 405),
    ):
        response = client.generic(method, path)
        assert response.status_code == shape_of(response)["status"] == status, path
    assert client.delete("/api/v1/signals")["Allow"] == "POST"
    monkeypatch.setattr("openxmo.office.portability.api.export", lambda _: 1 / 0)
    broken = client.get("/api/v1/office")
    assert broken.status_code == shape_of(broken)["status"] == 500
    assert "ZeroDivision" not in broken.content.decode()


def test_the_description_is_open_to_all_and_says_every_error() -> None:
    response = Client().get("/api/v1/openapi.json")
    document = response.json()
    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for described in methods.values():
            assert described["security"] == [{"BearerKey": []}]
            assert {"400", "401", "403", "404", "422", "429"} <= set(described["responses"])
            assert described["summary"]
