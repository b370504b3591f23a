"""Signals as a program sends them: acknowledged once they are on the disk, by the long way and the short one."""

import gzip
import hashlib
import io
import json
import time
from typing import Any

import pytest

from openxmo.core.signals.door import open_batches
from openxmo.core.signals.door.open_batches import wait_until_closed
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.keys import add_key, revoke_key
from openxmo.office.config import posting
from openxmo.office.config.callers import REMEMBERED
from openxmo.office.lib.clock import now
from openxmo.office.listen import intake
from tests.functional.homes import answers
from tests.functional.machine.calling import NDJSON, SIGNALS, Program, post, shape_of, store
from tests.spec.signals.door import as_lines


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
    body = as_lines(list(answers([9] * 700, text="as large as they come " * 70)))
    assert len(body) > intake.SHARED
    told = [
        client.post(SIGNALS, body, content_type=NDJSON),
        client.post(SIGNALS, gzip.compress(body), content_type=NDJSON, headers={"Content-Encoding": "gzip"}),
    ]
    assert [one.status_code for one in told] == [202, 202]
    assert told[0].json()["receipt"] != told[1].json()["receipt"]
    assert told[0].json()["sha256"] == told[1].json()["sha256"]
    assert [(one.accepted, one.duplicates) for one in store(home)] == [(700, 0), (0, 700)]


def test_bodies_that_come_together_share_a_receipt_and_each_is_told_its_own_hash(
    home: Home, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = program("signals:write")
    bodies = [as_lines(list(answers([9] * 700, first=first, text="said"))) for first in (0, 100)]
    with monkeypatch.context() as patched:
        patched.setattr(open_batches, "LASTS", 600)  # however slow this machine is now
        told = [client.post(SIGNALS, body, content_type=NDJSON).json() for body in bodies]
    assert [one["sha256"] for one in told] == [hashlib.sha256(body).hexdigest() for body in bodies]
    assert [one["bytes"] for one in told] == [len(body) for body in bodies]
    assert told[0]["receipt"] == told[1]["receipt"]
    assert [(one.received, one.accepted, one.conflicts) for one in store(home)] == [(1400, 800, 600)]


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
