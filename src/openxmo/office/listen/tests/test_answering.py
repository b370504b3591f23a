"""A survey answered at its link, with and without JavaScript, once and twice."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from django.test import Client

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import change_office, put
from openxmo.office.govern.practice import Instrument
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now
from openxmo.office.listen.links import token_of
from openxmo.office.listen.models import ContactAddress, Opening, PersonalLink, Reply
from openxmo.office.listen.tests.drawing import opened, stored

FULL = {"q1": "2", "q2": "6", "q3": "no", "q4": "Had to call <b>twice</b>.", "q5": "yes", "address": "ann@mail.example"}


def action_of(client: Client, opening: Opening | PersonalLink, query: str = "") -> str:
    page = client.get(f"/listen/s/{token_of(opening)}/{query}").content.decode()
    found = re.search(r'action="([^"]*\?n=[^"]*)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def linked(home: Home, **fields: object) -> PersonalLink:
    opening = opened(home, personal=True, unit="north")
    common = {"subject": "c-1", "subject_kind": "customer", "contact": "k-1", "team": "x", "agent": "amy"}
    return PersonalLink.objects.create(
        **{**common, "opening": opening, "expires_at": now() + timedelta(days=9), "made_at": now(), "made_by": "Sue"}
        | fields
    )


def test_who_is_asked_reads_who_asks(home: Home) -> None:
    named = msgspec.structs.replace(read_office(home).settings, name="Hill & Sons")
    change_office(home, lambda office: msgspec.structs.replace(office, settings=named), by="Lea", at=now())
    page = Client().get(f"/listen/s/{token_of(opened(home))}/").content.decode()
    assert "Hill &amp; Sons" in page
    assert "OpenXMO" not in page


def test_an_answer_at_a_public_link_becomes_signals_of_one_response(home: Home) -> None:
    client = Client()
    opening = opened(home, unit="north", channel="web", stage="support")
    reply = client.post(action_of(client, opening), FULL)
    assert reply.status_code == 303
    assert "Your answer is kept" in client.get(reply["Location"]).content.decode()
    rows = {row["name"]: row for row in stored(home)}
    assert set(rows) == {"csat", "ces", "resolved", "comment", "consent"}
    csat = rows["csat"]
    assert (csat["value"], csat["scale"], csat["instrument"], csat["basis"]) == (2, "1..5", "csat@1", "asked")
    assert (csat["unit"], csat["channel"], csat["stage"]) == ("north", "web", "support")
    assert rows["ces"]["scale"] == "1..7"
    assert (rows["resolved"]["kind"], rows["resolved"]["label"]) == ("X", "no")
    assert (rows["consent"]["item"], rows["consent"]["label"]) == ("may-contact", "yes")
    assert len({row["response"] for row in rows.values()}) == 1
    assert len({row["subject"] for row in rows.values()}) == 1


def test_the_address_is_kept_beside_the_response_and_in_no_signal(home: Home) -> None:
    client = Client()
    client.post(action_of(client, opened(home)), FULL)
    kept = ContactAddress.objects.get()
    assert kept.address == "ann@mail.example"
    rows = stored(home)
    assert kept.subject == rows[0]["subject"]
    assert kept.response == rows[0]["response"]
    assert b"ann@mail" not in b"".join(path.read_bytes() for path in home.lake.rglob("*") if path.is_file())
    assert "ann@mail" not in str(rows)


def test_who_does_not_agree_leaves_no_address(home: Home) -> None:
    client = Client()
    client.post(action_of(client, opened(home)), FULL | {"q5": "no"})
    assert Reply.objects.count() == 1
    assert not ContactAddress.objects.exists()


def test_a_double_click_and_a_reload_are_one_answer(home: Home) -> None:
    client = Client()
    action = action_of(client, opened(home))
    for _ in range(3):
        assert client.post(action, FULL).status_code == 303
    assert Reply.objects.count() == 1
    assert sum(row["name"] == "csat" for row in stored(home)) == 1


def test_two_people_at_one_public_link_are_two_answers(home: Home) -> None:
    opening = opened(home)
    for _ in range(2):
        client = Client()
        client.post(action_of(client, opening), FULL)
    assert len({row["subject"] for row in stored(home)}) == 2


def test_surveyjs_sends_json_and_is_told_what_is_wrong(home: Home) -> None:
    client = Client()
    action = action_of(client, opened(home))
    sent = client.post(action, json.dumps({"q1": 9}), content_type="application/json")
    assert sent.status_code == 422
    assert "1 to 5" in sent.json()["message"]
    assert not Reply.objects.exists()
    sent = client.post(action, json.dumps({"q1": 4, "q5": "no"}), content_type="application/json")
    assert sent.json() == {"kept": True}
    assert {row["name"] for row in stored(home)} == {"csat", "consent"}


def test_the_definition_for_surveyjs_asks_what_the_form_asks(home: Home) -> None:
    page = Client().get(f"/listen/s/{token_of(opened(home))}/?score=4").content.decode()
    found = re.search(r'<script id="survey-definition" type="application/json">(.*?)</script>', page, re.S)
    assert found
    elements = json.loads(found[1])["pages"][0]["elements"]
    assert [one["type"] for one in elements] == ["rating", "rating", "radiogroup", "comment", "radiogroup", "text"]
    assert elements[0]["defaultValue"] == 4
    assert (elements[1]["rateMin"], elements[1]["rateMax"]) == (1, 7)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"q1": ""},
        {"q1": "6"},
        {"q1": "0"},
        {"q1": "2.5"},
        {"q1": "nan"},
        {"q1": "inf"},
        {"q1": "five"},
        {"q1": "4", "q3": "maybe"},
        {"q1": "4", "q4": "x" * 5001},
        {"q1": "4", "q5": "yes"},
        {"q1": "4", "q5": "yes", "address": "nobody"},
    ],
)
def test_an_answer_outside_the_instrument_is_shown_again_and_not_kept(home: Home, sent: dict[str, str]) -> None:
    client = Client()
    reply = client.post(action_of(client, opened(home)), sent)
    assert reply.status_code == 422
    assert "nothing was sent yet" in reply.content.decode()
    assert not Reply.objects.exists()
    assert not stored(home)


@pytest.mark.parametrize("body", [b" ", b"[]", b"{", b"\xff\xfe", b'{"q1": {"a": 1}}', b'{"q1": [5]}', b"[" * 9000])
def test_garbage_as_json_is_refused_calmly(home: Home, body: bytes) -> None:
    client = Client()
    reply = client.post(action_of(client, opened(home)), body, content_type="application/json")
    assert reply.status_code in (400, 422)
    assert reply.json()["message"]
    assert not Reply.objects.exists()


def test_a_link_checker_that_opens_every_address_answers_nothing(home: Home) -> None:
    link = linked(home)
    for query in ("", "?score=1", "?q1=5&q3=yes"):
        assert Client().get(f"/listen/s/{token_of(link)}/{query}").status_code == 200
        assert Client().head(f"/listen/s/{token_of(link)}/{query}").status_code == 200
    link.refresh_from_db()
    assert link.answered_at is None
    assert not stored(home)


def test_one_click_in_a_letter_shows_the_number_chosen_and_only_sending_answers(home: Home) -> None:
    page = Client().get(f"/listen/s/{token_of(linked(home))}/?score=4").content.decode()
    assert re.search(r'name="q1" value="4" checked', page)
    assert not Reply.objects.exists()


def test_a_personal_link_carries_who_and_what_it_was_about_and_asks_no_address(home: Home) -> None:
    link = linked(home)
    client = Client()
    action = action_of(client, link)
    assert client.post(action, {"q1": "1", "q5": "yes"}).status_code == 303
    rows = {row["name"]: row for row in stored(home)}
    csat = rows["csat"]
    assert (csat["subject"], csat["contact"], csat["team"], csat["agent"]) == ("c-1", "k-1", "x", "amy")
    assert rows["invitation_answered"]["response"] == csat["response"]
    assert not ContactAddress.objects.exists()


def test_a_personal_link_answers_once(home: Home) -> None:
    link = linked(home)
    client = Client()
    action = action_of(client, link)
    client.post(action, {"q1": "1"})
    again = client.post(action, {"q1": "5"})
    assert again.status_code == 200
    assert "Your answer is kept" in again.content.decode()
    assert [row["value"] for row in stored(home) if row["name"] == "csat"] == [1]


def test_who_asks_not_to_be_asked_is_heard(home: Home) -> None:
    link = linked(home)
    reply = Client().post(f"/listen/s/{token_of(link)}/no/")
    assert "We will not ask you again" in reply.content.decode()
    assert Client().post(f"/listen/s/{token_of(link)}/", FULL).status_code == 200
    assert [row["name"] for row in stored(home)] == ["invitation_refused"]


@pytest.mark.parametrize("token", ["o1", "o1~", "o1~wrong", "p1~wrong", "~", "x" * 500, "o999999999999~a"])
def test_a_token_that_was_never_given_out_opens_nothing(home: Home, token: str) -> None:
    opened(home)
    for address in (f"/listen/s/{token}/", f"/listen/s/{token}/thanks/"):
        assert Client().get(address).status_code == 404
    assert Client().post(f"/listen/s/{token}/", FULL).status_code == 404


def test_a_page_made_for_one_link_does_not_answer_another(home: Home) -> None:
    client = Client()
    nonce = action_of(client, opened(home)).partition("?")[2]
    other = opened(home)
    assert client.post(f"/listen/s/{token_of(other)}/?{nonce}", FULL).status_code == 400
    assert not Reply.objects.exists()


def test_a_closed_or_expired_link_takes_no_answer(home: Home) -> None:
    client = Client()
    opening = opened(home)
    action = action_of(client, opening)
    Opening.objects.update(valid_to=now())
    assert client.post(action, FULL).status_code == 410
    late = linked(home, expires_at=now() - timedelta(seconds=1))
    assert client.get(f"/listen/s/{token_of(late)}/").status_code == 410
    assert not Reply.objects.exists()


def test_what_cannot_be_written_is_not_thanked_for(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    action = action_of(client, opened(home))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openxmo.office.listen.actions.answers.put_batch", full)
    assert client.post(action, FULL).status_code == 500
    assert not Reply.objects.exists()
    monkeypatch.undo()
    assert client.post(action, FULL).status_code == 303
    assert sum(row["name"] == "csat" for row in stored(home)) == 1


def test_relationship_and_after_contact_answers_never_share_a_name(home: Home) -> None:
    client = Client()
    client.post(action_of(client, opened(home, "relationship")), {"q1": "9", "q2": "why not"})
    names = {row["name"] for row in stored(home)}
    assert names == {"nps", "comment"}


def test_answers_of_employees_are_marked_as_theirs(home: Home) -> None:
    client = Client()
    client.post(action_of(client, opened(home, "team-pulse")), {f"q{n}": "4" for n in range(1, 6)})
    assert {row["subject_kind"] for row in stored(home)} == {"employee"}


def test_root_keeps_the_system_and_cannot_see_surveys(sign_in: Callable[[str], Client]) -> None:
    for address in ("/listen/surveys/", "/listen/imports/", "/listen/", "/listen/surveys/asked/", "/listen/files/"):
        assert sign_in("Root").get(address).status_code == 403


@pytest.mark.capability("CXM-11")
def test_relationship_nps_cannot_be_put_into_a_survey_after_a_contact(home: Home) -> None:
    office = read_office(home)
    survey = next(one for one in office.surveys if one.key == "after-contact")
    mixed = msgspec.structs.replace(survey, questions=("nps@1", "comment@1"))
    with pytest.raises(UnreadableInput, match="NPS of the relationship"):
        put(home, mixed, by="Sue", at=now())
    own = Instrument(key="tnps", version="1", wording="After this, would you recommend us?", scale="0..10")
    put(home, own, by="Sue", at=now())
    put(home, msgspec.structs.replace(survey, questions=("tnps@1", "comment@1")), by="Sue", at=now())
    client = Client()
    client.post(action_of(client, opened(home)), {"q1": "9", "q2": "well done"})
    client.post(action_of(client, opened(home, "relationship")), {"q1": "3"})
    assert {(row["name"], row["value"]) for row in stored(home) if row["value"] is not None} == {
        ("tnps", 9),
        ("nps", 3),
    }
