"""Opening surveys, asking people by the frequency rules, and saying why somebody was not asked."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit
from openxmo.office.lib.clock import now
from openxmo.office.listen.models import Asking, Opening, PersonalLink
from openxmo.office.listen.tests.drawing import opened, stored

SignIn = Callable[[str], Client]


def asked(client: Client, opening: Opening, people: str) -> list[dict[str, str]]:
    reply = client.post(f"/listen/links/{opening.pk}/ask/", {"people": people, "expires_in": 30})
    assert reply.status_code == 200, reply.content.decode()[:2000]
    return list(csv.DictReader(io.StringIO(reply.content.decode())))


def test_sue_opens_a_survey_and_its_link_answers(sign_in: SignIn) -> None:
    client = sign_in("Sue")
    reply = client.post("/listen/surveys/after-contact/open/", {"label": "shop", "channel": "store", "stage": "buy"})
    assert reply.status_code == 302
    opening = Opening.objects.get()
    assert (opening.made_by, opening.channel, opening.stage, opening.personal) == ("Sue", "store", "buy", False)
    page = client.get(reply["Location"]).content.decode()
    address = page.partition('value="http')[2].partition('"')[0]
    path = address.partition("/listen")[1] + address.partition("/listen")[2]
    assert Client().get(path).status_code == 200
    assert read_audit(what="survey opened").get().on == [f"opening:{opening.pk}"]
    assert "1 survey is open" in client.get("/listen/surveys/").content.decode()


def test_carl_and_amy_may_open_nothing(sign_in: SignIn, home: Home) -> None:
    opening = opened(home, unit="north")
    for name in ("Carl", "Amy", "Root", "Dan"):
        client = sign_in(name)
        assert client.get("/listen/surveys/").status_code == 403
        assert client.post("/listen/surveys/after-contact/open/", {}).status_code == 403
        assert client.get(f"/listen/links/{opening.pk}/").status_code == 403
        assert client.post(f"/listen/links/{opening.pk}/close/").status_code == 403
        assert client.post(f"/listen/links/{opening.pk}/ask/", {"people": "c"}).status_code == 403
    assert Opening.objects.get().closed_at is None


def test_a_survey_that_is_not_there_and_a_link_that_is_not_there(sign_in: SignIn) -> None:
    client = sign_in("Sue")
    assert client.get("/listen/surveys/nothing/open/").status_code == 404
    assert client.get("/listen/links/77/").status_code == 404


def test_a_list_of_people_becomes_links_and_invitations(sign_in: SignIn, home: Home) -> None:
    opening = opened(home, personal=True)
    lines = asked(sign_in("Sue"), opening, "subject,account,contact\nc1,a1,k1\nc2,a2,k2\n")
    assert [line["asked"] for line in lines] == ["yes", "yes"]
    assert all("/listen/s/p" in line["link"] for line in lines)
    rows = stored(home)
    assert {(row["name"], row["subject"], row["account"]) for row in rows} == {
        ("invitation_sent", "c1", "a1"),
        ("invitation_sent", "c2", "a2"),
    }


def test_the_same_list_twice_gives_the_same_links_and_asks_nobody_twice(sign_in: SignIn, home: Home) -> None:
    opening = opened(home, personal=True)
    first = asked(sign_in("Sue"), opening, "c1\nc2")
    second = asked(sign_in("Sue"), opening, "c1\nc2")
    assert [line["link"] for line in first] == [line["link"] for line in second]
    assert Asking.objects.count() == 2
    assert len(stored(home)) == 2


def test_who_was_asked_lately_is_not_asked_and_the_reason_is_told(sign_in: SignIn, home: Home) -> None:
    asked(sign_in("Sue"), opened(home, personal=True), "c1")
    lines = asked(sign_in("Sue"), opened(home, personal=True), "c1\nc2")
    assert [line["asked"] for line in lines] == ["no", "yes"]
    assert "was asked lately" in lines[0]["why_not"]
    assert PersonalLink.objects.filter(subject="c1").count() == 1
    page = sign_in("Sue").get("/listen/surveys/asked/?subject=c1").content.decode()
    assert "Now: not asked, because this person was asked lately" in page


def test_invitations_of_other_tools_complaints_and_refusals_count(sign_in: SignIn, home: Home) -> None:
    at = now() - timedelta(days=5)

    def row(name: str, subject: str, **fields: str) -> bytes:
        made = {"id": f"{name}-{subject}", "source": "crm", "kind": "O", "name": name, "subject": subject}
        return json.dumps(made | {"happened_at": at.isoformat(), "subject_kind": "customer"} | fields).encode() + b"\n"

    rows = [
        row("invitation_sent", "mailed", response="m1"),
        row("complaint", "angry", label="billing"),
        row("complaint", "calm", label="billing"),
        row("invitation_refused", "gone", response="m2"),
    ]
    put_batch(home, rows, source=None, by="test", at=now())
    later = row("resolved", "calm", label="yes").replace(at.isoformat().encode(), now().isoformat().encode())
    put_batch(home, [later], source=None, by="test", at=now())
    stored(home)
    lines = {
        line["subject"]: line
        for line in asked(sign_in("Sue"), opened(home, personal=True), "mailed\nangry\ncalm\ngone\nnew")
    }
    assert {name for name, line in lines.items() if line["asked"] == "yes"} == {"calm", "new"}
    assert "open complaint" in lines["angry"]["why_not"]
    assert "does not want" in lines["gone"]["why_not"]
    assert "may be asked from" in lines["mailed"]["why_not"]


@pytest.mark.parametrize(
    "people", ["", "  \n ", "subject,colour\nc1,red", "c1,c2,c3", "ann@mail.example", "subject\n\x00", '"c1']
)
def test_a_list_that_cannot_be_read_asks_nobody(sign_in: SignIn, home: Home, people: str) -> None:
    opening = opened(home, personal=True)
    reply = sign_in("Sue").post(f"/listen/links/{opening.pk}/ask/", {"people": people, "expires_in": 30})
    assert reply.status_code == 422
    assert not PersonalLink.objects.exists()


def test_a_key_that_a_sheet_would_run_as_a_formula_is_written_as_text(sign_in: SignIn, home: Home) -> None:
    lines = asked(sign_in("Sue"), opened(home, personal=True), "=cmd()")
    assert lines[0]["subject"] == "'=cmd()"


def test_the_response_rate_comes_with_its_interval(sign_in: SignIn, home: Home) -> None:
    opening = opened(home, personal=True)
    asked(sign_in("Sue"), opening, "\n".join(f"c{n}" for n in range(10)))
    for link in PersonalLink.objects.all()[:2]:
        opening.replies.create(link=link, response=f"p{link.pk}", subject=link.subject, receipt="r", answered_at=now())
    page = sign_in("Cole").get(f"/listen/links/{opening.pk}/").content.decode()
    assert "10 people were asked, 2 answered" in page
    assert "20" in page
    assert "5.7 to 51" in page  # Wilson's interval of 2 in 10


def test_closing_is_written_down_and_takes_no_more_answers(sign_in: SignIn, home: Home) -> None:
    opening = opened(home)
    sign_in("Lea").post(f"/listen/links/{opening.pk}/close/")
    opening.refresh_from_db()
    assert opening.closed_by == "Lea"
    assert "0 surveys" not in sign_in("Lea").get("/listen/surveys/").content.decode()


def test_the_funnel_counts_from_asked_to_answered(sign_in: SignIn, home: Home) -> None:
    asked(sign_in("Sue"), opened(home, personal=True), "c1\nc2\nc3\nc4")
    stored(home)
    page = sign_in("Cole").get("/listen/surveys/asked/?period=all").content.decode()
    assert "After a contact" in page
    assert "4 people, of whom 0 answered" in page
