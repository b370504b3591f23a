"""Questions over the API: the documents of the command, within the caller's rights, and refused in words."""

import json
from typing import Any

import pytest

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.models import AuditEvent
from tests.functional.homes import answers, ask
from tests.functional.machine.calling import Program, post, shape_of, store


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
