"""The API as a program meets it: who may, what it answers, and that every error has one shape."""

import gzip
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from openxmo.core.signals.door.importing import drain_inbox
from openxmo.core.signals.door.open_batches import wait_until_closed
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.accounts.keys import SCOPES, add_key, revoke_key
from openxmo.office.accounts.models import AuditEvent
from openxmo.office.config import answering, api, posting
from openxmo.office.config.callers import REMEMBERED
from openxmo.office.jobs.erasure import forget
from openxmo.office.jobs.models import KeptResponse
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import entry_of
from openxmo.office.lib.limits import Buckets
from openxmo.office.lib.scopes import BearerKey, Scope
from openxmo.office.listen import intake
from tests.functional.homes import answers, ask
from tests.spec.signals.door import as_lines

Program = Callable[..., Client]
NDJSON = "application/x-ndjson"
SIGNALS = "/api/v1/signals"


def post(client: Client, *rows: object, kind: str = NDJSON, query: str = "", **more: Any) -> Any:
    return client.post(SIGNALS + query, as_lines(list(rows)), content_type=kind, **more)


def store(home: Home) -> list[Any]:
    wait_until_closed(home)
    return drain_inbox(Lake.open(home), sources={}, by="worker", at=now())


def shape_of(response: Any) -> dict[str, Any]:
    """The problem document; fails where an error has another shape."""
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = json.loads(response.content)
    assert document["status"] == response.status_code
    assert document["type"].startswith("urn:openxmo:problem:")
    assert document["title"]
    assert all(isinstance(value, str | int | list) for value in document.values())
    return document


# WHO MAY


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


# SIGNALS


def test_what_is_sent_is_on_the_disk_and_then_stored_with_counts(home: Home, program: Program) -> None:
    client = program("signals:write")
    told = post(client, *answers([9, 3]), b"no row", query="?source=web")
    assert told.status_code == 202
    receipt = told.json()["receipt"]
    assert client.get(f"/api/v1/receipts/{receipt}").json() == {"receipt": receipt, "state": "waiting"}
    store(home)
    found = client.get(f"/api/v1/receipts/{receipt}").json()
    assert (found["state"], found["received"], found["accepted"], found["rejected"]) == ("stored", 3, 2, 1)
    assert found["received"] == sum(found[name] for name in ("accepted", "duplicates", "conflicts", "rejected"))


def test_a_large_body_gets_a_receipt_of_its_own_and_may_be_packed(home: Home, program: Program) -> None:
    client = program("signals:write")
    body = as_lines(list(answers([9] * 700)))
    told = [
        client.post(SIGNALS, body, content_type=NDJSON),
        client.post(SIGNALS, gzip.compress(body), content_type=NDJSON, headers={"Content-Encoding": "gzip"}),
    ]
    assert [one.status_code for one in told] == [202, 202]
    assert told[0].json()["receipt"] != told[1].json()["receipt"]
    assert told[0].json()["sha256"] == told[1].json()["sha256"]
    assert [(one.accepted, one.duplicates) for one in store(home)] == [(700, 0), (0, 700)]


@pytest.mark.parametrize(
    ("body", "kind", "query", "status", "words"),
    [
        (b"{}", "application/json", "", 415, "x-ndjson"),
        (b"{}", "", "", 415, "x-ndjson"),
        (b" \n\n", NDJSON, "", 422, "empty"),
        (b'[{"id": 1}]', NDJSON, "", 422, "without a list"),
        (b"id,source\n", NDJSON, "", 422, "begins with"),
        (b'{"text": "\xff"}', NDJSON, "", 422, "UTF-8"),
        (b'{"text": "\xe2\x82', NDJSON, "", 422, "UTF-8"),
        (b"{}", NDJSON, "?zone=Middle-earth/Shire", 400, "zone"),
        (b"{}", NDJSON, "?source=%20", 422, "source"),
    ],
)
def test_what_is_no_ndjson_is_refused_in_words(
    home: Home, program: Program, body: bytes, kind: str, query: str, status: int, words: str
) -> None:
    response = program("signals:write").generic("POST", SIGNALS + query, body, content_type=kind)
    assert response.status_code == status
    assert words.lower() in shape_of(response)["detail"].lower()
    assert list(home.inbox.iterdir()) == []


def test_a_body_above_the_limit_is_refused_however_it_is_packed(home: Home, program: Program, settings: Any) -> None:
    settings.OPENXMO_MOST_BYTES = 100_000
    client = program("signals:write")
    large = as_lines(list(answers([9] * 1000)))
    for body, headers in ((large, {}), (gzip.compress(large), {"Content-Encoding": "gzip"})):
        response = client.post(SIGNALS, body, content_type=NDJSON, headers=headers)
        assert response.status_code == shape_of(response)["status"] == 413
    broken = client.post(SIGNALS, gzip.compress(b"{}")[:-4], content_type=NDJSON, headers={"Content-Encoding": "gzip"})
    assert broken.status_code == 422
    assert list(home.inbox.iterdir()) == []


@pytest.mark.parametrize("moment", ["closed", "stored"])
def test_a_batch_that_moves_on_while_its_receipt_is_looked_for_is_found(
    program: Program, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    client = program("signals:write")
    receipt = post(client, *answers([9])).json()["receipt"]
    places = intake.waiting_places

    def move_on(home: Home, name: str) -> Any:
        """The batch moves on just before it is looked for where it was."""
        if moment == "stored":
            store(home)
        first, second = places(home, name)
        yield first.with_name("nothing")  # as if it had been looked at a moment ago, and left since
        wait_until_closed(home)
        yield second

    monkeypatch.setattr(intake, "waiting_places", move_on)
    found = client.get(f"/api/v1/receipts/{receipt}")
    assert (found.status_code, found.json().get("state")) == (200, "waiting" if moment == "closed" else "stored")


def test_a_receipt_that_nobody_gave_is_not_there(program: Program) -> None:
    client = program("signals:write")
    for name in ("20260101T000000000000-0123456789", "..", "%2e%2e%2fkeys", "x"):
        assert client.get(f"/api/v1/receipts/{name}").status_code == 404


# QUESTIONS


@pytest.mark.parametrize(
    ("name", "asked", "words"),
    [
        ("score", {"metric": "nps"}, ["score", "nps"]),
        (
            "score",
            {"metric": "nps", "by": "channel,team", "every": "month", "where": ["channel=chat", "channel=phone"]},
            [
                "score",
                "nps",
                "--by",
                "channel,team",
                "--every",
                "month",
                "--where",
                "channel=chat",
                "--where",
                "channel=phone",
            ],
        ),
        (
            "explain",
            {"metric": "nps", "before": "2026-03-01..2026-03-02", "after": "2026-03-02..2026-03-04", "by": "channel"},
            [
                "explain",
                "nps",
                "--before",
                "2026-03-01..2026-03-02",
                "--after",
                "2026-03-02..2026-03-04",
                "--by=channel",
            ],
        ),
        ("catalogue", {}, ["metrics"]),
        ("quality", {}, ["sources"]),
        ("gap", {}, ["gap"]),
    ],
)
def test_the_document_is_the_commands(
    home: Home, program: Program, name: str, asked: dict[str, Any], words: list[str]
) -> None:
    rows = [*answers([9, 3, 10] * 15, channel="chat"), *answers([5] * 15, first=100, channel="phone")]
    post(program("signals:write"), *rows)
    store(home)
    at = {"as_of": "2026-04-01"} if name in ("score", "explain", "gap") else {}
    response = program("questions:read").get(f"/api/v1/questions/{name}", asked | at)
    assert response.status_code == 200, response.content
    said = ask(home.path, *words, *(["--as-of", "2026-04-01"] if at else []))
    told = response.json()
    if name == "quality":  # how fresh a source is hangs on the second at which it is asked
        for row in (*told["rows"], *said["rows"]):
            row.pop("freshness"), row.pop("quality")
    assert told == said


def test_the_signals_behind_a_number_come_in_pages_and_only_to_who_may_open_answers(
    home: Home, program: Program
) -> None:
    post(program("signals:write"), *answers([9, 3, 10, 8, 2], unit="north", channel="chat"))
    store(home)
    asked: dict[str, Any] = {"metric": "nps", "size": 2, "where": "channel=chat"}
    client = program("answers:read")
    first = client.get("/api/v1/questions/signals", asked).json()
    assert (first["n"], [row["id"] for row in first["rows"]]) == (5, ["a4", "a3"])
    second = client.get("/api/v1/questions/signals", asked | {"after": first["further"]}).json()
    assert [row["id"] for row in second["rows"]] == ["a2", "a1"]
    assert client.get("/api/v1/questions/signals", asked | {"size": 501}).status_code == 422
    for place in ("x", "1", f"{10**30}.1", f"1.{10**30}", "²."):
        refused = client.get("/api/v1/questions/signals", asked | {"after": place})
        assert refused.status_code == shape_of(refused)["status"] == 400, place
    for name, n in (("Tom", 5), ("Carl", 0)):
        told = program("answers:read", acts_as=name).get("/api/v1/questions/signals", asked).json()
        assert told["n"] == n
    assert program("questions:read").get("/api/v1/questions/signals", asked).status_code == 403
    assert program("answers:read", acts_as="Eve").get("/api/v1/questions/signals", asked).status_code == 403


def test_what_one_person_has_been_through_is_told_to_who_may_and_each_look_is_written_down(
    home: Home, program: Program
) -> None:
    post(program("signals:write"), *answers([9, 3], unit="north"))
    store(home)
    found = program("answers:read").get("/api/v1/questions/person", {"subject": "c1"})
    assert [row["value"] for row in found.json()["rows"]] == [3.0]
    looks = AuditEvent.objects.filter(what="looked at a person")
    assert [(look.by, look.on) for look in looks] == [("key:program 2", ["person:c1"])]
    wrong: list[dict[str, str]] = [{"subject": "c1", "kind": "Q"}, {"subject": ""}, {}]
    for asked in wrong:
        assert program("answers:read").get("/api/v1/questions/person", asked).status_code == 422
    for name, status in (("Carl", 400), ("Eve", 403), ("Root", 403)):
        response = program("answers:read", acts_as=name).get("/api/v1/questions/person", {"subject": "c1"})
        assert (response.status_code, "c1" in response.content.decode()) == (status, status == 400)
    assert looks.count() == 1


def test_what_moved_and_what_was_heard_is_told_within_the_callers_units(home: Home, program: Program) -> None:
    last_quarter = [
        row | {"happened_at": row["happened_at"].replace("2026-03", "2025-12")}
        for row in answers([9] * 60, first=100, unit="north", channel="phone")
    ]
    rows = [*last_quarter, *answers([2] * 90, unit="north", channel="chat")]
    post(program("signals:write"), *rows)
    store(home)

    def told(name: str, question: str, **asked: str) -> Any:
        response = program("questions:read", acts_as=name).get(f"/api/v1/questions/{question}", asked)
        assert response.status_code == 200, response.content
        return response.json()

    (move,) = told("Lea", "moved", until="2026-04-01")["rows"]
    assert (move["metric"], move["change"], move["real"]) == ("nps", -200.0, True)
    assert told("Carl", "moved", until="2026-04-01")["rows"] == []
    assert told("Lea", "heard", dimension="channel")["values"] == ["chat", "phone"]
    assert told("Lea", "heard")["names"] == [{"name": "nps", "kind": "X"}]
    assert told("Carl", "heard", dimension="channel")["values"] == []
    assert told("Carl", "heard")["names"] == []


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"metric": "npx"}, 400, "nps"),
        ({}, 422, "metric"),
        ({"metric": "nps", "wher": "a=b"}, 422, "`where`"),
        ({"metric": "nps", "since": "2026-02-30"}, 400, "2026-02-30"),
        ({"metric": "nps", "since": "yesterday"}, 422, "since"),
        ({"metric": "nps", "every": "fortnight"}, 422, "every"),
        ({"metric": "nps", "where": "chat"}, 400, "where=channel=chat"),
        ({"metric": "nps", "by": "nothing_known"}, 400, "nothing_known"),
        ({"metric": "nps\x00"}, 422, "metric"),
    ],
)
def test_a_question_that_is_off_is_refused_in_words(
    program: Program, asked: dict[str, Any], status: int, words: str
) -> None:
    response = program("questions:read").get("/api/v1/questions/score", asked)
    assert response.status_code == status, response.content
    assert words in json.dumps(shape_of(response))


# INITIATIVES

PLAN = {
    "title": "Call ahead",
    "owner": "Rita",
    "sponsor": "Eve",
    "unit": "north",
    "metric": "csat",
    "by": "site",
    "treated": ["a"],
    "comparison": ["b"],
    "where": {"channel": "phone"},
    "change_on": "2027-07-01",
    "until": "2027-11-01",
    "ready_on": "2027-10-01",
    "expected": 15.0,
}


def test_an_initiative_is_planned_by_a_key_that_acts_as_somebody(home: Home, program: Program) -> None:  # noqa: ARG001
    def plan(client: Client, **other: Any) -> Any:
        return client.post("/api/v1/initiatives", PLAN | other, content_type="application/json")

    lea = program("initiatives:write", "initiatives:read", acts_as="Lea")
    made = plan(lea)
    assert made.status_code == 201, made.content
    document = made.json()
    assert (document["state"], document["promise"], document["verdict"]) == ("draft", None, None)
    told = document["plan"]
    assert (told["metric"], told["treated"], told["where"]) == ("csat", ["a"], [["channel", "phone"]])
    assert (told["change_on"], told["ready_on"], told["fixed_at"]) == ("2027-07-01", "2027-10-01", None)
    assert lea.get(f"/api/v1/initiatives/{document['id']}").json() == document
    assert [row["id"] for row in lea.get("/api/v1/initiatives").json()["rows"]] == [document["id"]]
    carl = program("initiatives:read", acts_as="Carl")
    assert carl.get(f"/api/v1/initiatives/{document['id']}").status_code == 404
    alone = plan(program("initiatives:write"))
    assert alone.status_code == 403
    assert "--acts-as" in shape_of(alone)["detail"]
    assert plan(program("initiatives:write", acts_as="Tom")).status_code == 403
    for other, status, words in (
        ({"expected": -15.0}, 400, "worse"),
        ({"until": "2027-06-01"}, 400, "ends before"),
        ({"metric": "csta"}, 400, "csat"),
        ({"owner": "Nobody"}, 403, "Nobody"),
        ({"treated": []}, 422, "treated"),
        ({"change_on": "0001-01-01"}, 422, "change_on"),
        ({"item": "item:9999999999999999999999"}, 403, "item:"),
    ):
        refused = plan(lea, **other)
        assert refused.status_code == status, refused.content
        assert words in json.dumps(shape_of(refused))
    assert len(lea.get("/api/v1/initiatives").json()["rows"]) == 1


# THE OFFICE


def test_the_office_file_goes_out_and_comes_back(program: Program) -> None:
    client = program("metrics:write")
    text = client.get("/api/v1/office").content.decode()
    same = client.put("/api/v1/office", text, content_type="application/toml")
    assert (same.status_code, same.json()["changed"], same.json()["added"]) == (200, {}, {})
    more = '[[metric]]\nkey = "calm"\nsignal = "calm"\nscore = { kind = "mean" }\n'
    checked = client.put("/api/v1/office?check=true", more, content_type="application/toml").json()
    assert (checked["check"], checked["added"]) == (True, {"metric": ["calm"]})
    assert client.put("/api/v1/office", more, content_type="application/toml").json()["added"] == {"metric": ["calm"]}
    wrong = client.put("/api/v1/office", "[[metric", content_type="application/toml")
    assert wrong.status_code == shape_of(wrong)["status"] == 422
    assert client.put("/api/v1/office", more, content_type="application/json").status_code == 415
    assert program("metrics:write", acts_as="Tom").get("/api/v1/office").status_code == 403


# AGAIN, AND TOO OFTEN


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


# WHAT IS NOT THERE, AND WHAT BREAKS


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


# THE SHORT WAY


def send(body: bytes, *, key: str = "", query: str = "", **head: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    """One post on the short way, as the server calls it: status, headers, document."""
    environ = {
        "PATH_INFO": SIGNALS,
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": query,
        "CONTENT_TYPE": NDJSON,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"Bearer {key}",
        "wsgi.input": io.BytesIO(body),
        **head,
    }
    assert posting.is_posting(environ)
    told: list[Any] = []
    content = b"".join(posting.post_signals(environ, lambda *given: told.extend(given)))
    headers = dict(told[1])
    assert headers["Content-Length"] == str(len(content))
    return int(told[0].split()[0]), headers, json.loads(content)


@pytest.fixture
def key(home: Home) -> str:  # noqa: ARG001
    posting.RECENT.found.clear()
    posting.buckets.cache_clear()
    return add_key("shop", scopes=["signals:write"], by="operator", at=now())[1]


def test_the_short_way_answers_as_the_long_one(home: Home, key: str, program: Program) -> None:
    rows = list(answers([9, 3]))
    status, headers, document = send(as_lines(rows), key=key, query="source=web")
    long = post(program("signals:write"), *rows, query="?source=web")
    assert (status, long.status_code) == (202, 202)
    assert {**document, "receipt": ""} == {**long.json(), "receipt": ""}
    assert headers["Content-Type"] == long["Content-Type"]
    assert {name for name in headers if name.startswith("RateLimit")} == {
        name for name in long.headers if name.startswith("RateLimit")
    }
    assert sorted(one.by for one in store(home)) == ["key:program 1", "key:shop"]


@pytest.mark.parametrize(
    ("body", "status", "head", "words"),
    [
        (b"", 422, {}, "empty"),
        (b"[]", 422, {}, "begins with"),
        (b"{}", 415, {"CONTENT_TYPE": "text/csv"}, "text/csv"),
        (b"{}", 415, {"HTTP_CONTENT_ENCODING": "br"}, "br"),
        (b"{}", 413, {"CONTENT_LENGTH": str(2**40)}, "larger"),
        (b"{}", 400, {"CONTENT_LENGTH": "50"}, "48 bytes are missing"),
        (b"{}", 422, {"QUERY_STRING": "sauce=web"}, "sauce"),
        (b"{}", 400, {"QUERY_STRING": "zone=Nowhere"}, "Nowhere"),
        (b"{}", 401, {"HTTP_AUTHORIZATION": "Bearer xmo_no"}, "No key"),
    ],
)
def test_the_short_way_refuses_in_the_same_shape(
    home: Home, key: str, body: bytes, status: int, head: dict[str, str], words: str
) -> None:
    found, headers, document = send(body, key=key, **head)
    assert (found, document["status"], headers["Content-Type"]) == (status, status, "application/problem+json")
    assert words in document["detail"]
    assert list(home.inbox.iterdir()) == []


def test_a_body_of_unknown_length_is_read_to_its_end(home: Home, key: str) -> None:
    status, _, _ = send(as_lines(list(answers([9]))), key=key, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert status == 202
    assert [one.accepted for one in store(home)] == [1]


def test_a_withdrawn_key_stops_within_two_seconds(home: Home, key: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    assert send(b"{}", key=key)[0] == 202
    revoke_key("shop", by="operator", at=now())
    later = time.monotonic() + REMEMBERED
    monkeypatch.setattr("openxmo.office.config.callers.time.monotonic", lambda: later)
    assert send(b"{}", key=key)[0] == 401
