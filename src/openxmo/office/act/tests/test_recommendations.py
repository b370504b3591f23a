"""Asking a team: accepted, declined with a reason, countered; from an e-mail link; silence is called."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.models import AuditEvent
from openxmo.office.act import asking, clocks, links, recommending, telling
from openxmo.office.act.models import Blocker, Note, Quote, Recommendation
from openxmo.office.act.tests.told import MONDAY, open_case
from openxmo.office.decide.actions import propose_item
from openxmo.office.govern.actions import archive
from openxmo.office.govern.models import TrailLink
from openxmo.office.govern.queries import access_of, read_office
from openxmo.office.govern.trail import link
from openxmo.office.lib.clock import now

SignIn = Callable[[str], Client]
SAID: dict[str, Any] = {
    "asked": "Write an article on the Hub 3 lights",
    "why": "People ask what the lights mean.",
    "strength": "fair",
    "unit": "north",
    "lever": "knowledge",
    "may_be_wrong": "Some may ask for another reason.",
    "cost_of_not_acting": "640 searches a month find nothing.",
}


def ask(home: Home, **other: Any) -> Recommendation:
    return recommending.recommend(read_office(home), **({"item": ""} | SAID | other), by="Lea", at=MONDAY)


def test_an_answer_is_due_in_ten_working_days(home: Home) -> None:
    assert ask(home).due_at == datetime(2026, 11, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize("missing", ["asked", "why", "may_be_wrong"])
def test_nothing_is_asked_without_its_reasons(home: Home, missing: str) -> None:
    with pytest.raises(WrongUsage):
        ask(home, **{missing: " "})
    assert Recommendation.objects.count() == 0


@pytest.mark.capability("ROLE-06")
def test_from_an_item_with_three_quotes_to_the_receiving_teams_page(home: Home, sign_in: SignIn) -> None:
    cases = [open_case(home, f"r{n}", words=f"Words number {n}.") for n in range(4)]
    item = propose_item(
        title="Hub 3 lights", experience="customer", evidence=[(c.name, 1) for c in cases], by="Lea", at=MONDAY
    )
    address = reverse("act-recommendation-new") + f"?item={item.name}"
    assert sign_in("Amy").get(address).status_code == 403
    page = sign_in("Lea").post(address, SAID, follow=True).content.decode()
    made = Recommendation.objects.get()
    assert "Write an article on the Hub 3 lights" in page
    assert TrailLink.objects.filter(earlier=item.name, later=made.name).exists()
    assert Quote.objects.filter(recommendation=made).count() == 3
    page = sign_in("Rita").get("/act/asked-of-us/").content.decode()
    assert "1 request waits for our answer" in page
    for words in ("Words number", "fair: one sound comparison", "640 searches", "Some may ask for another reason."):
        assert words in page
    assert sign_in("Carl").get(f"/act/recommendations/{made.pk}/").status_code == 403
    assert sign_in("Carl").post(f"/act/recommendations/{made.pk}/answer/", {"deed": "accept"}).status_code == 403
    assert "Hub 3" not in sign_in("Carl").get("/act/asked-of-us/").content.decode()


def test_a_decline_takes_a_reason_and_the_first_answer_stands(home: Home, sign_in: SignIn) -> None:
    made, rita = ask(home), sign_in("Rita")
    address = f"/act/recommendations/{made.pk}/answer/"
    assert rita.post(address, {"deed": "decline"}).status_code == 422
    rita.post(address, {"deed": "decline", "said": "We replace the Hub 3 in spring."})
    made.refresh_from_db()
    assert (made.state, made.answered_by, made.reason) == ("declined", "Rita", "We replace the Hub 3 in spring.")
    page = rita.post(address, {"deed": "accept"}, follow=True).content.decode()
    assert "This was answered already" in page
    made.refresh_from_db()
    assert made.state == "declined"


def test_a_counter_is_settled_by_whoever_asked(home: Home, sign_in: SignIn) -> None:
    made = ask(home)
    sign_in("Rita").post(f"/act/recommendations/{made.pk}/answer/", {"deed": "counter", "said": "A film instead"})
    assert sign_in("Rita").post(f"/act/recommendations/{made.pk}/settle/", {"agree": "yes"}).status_code == 403
    sign_in("Lea").post(f"/act/recommendations/{made.pk}/settle/", {"agree": "yes"})
    made.refresh_from_db()
    assert (made.state, made.proposal, made.settled_by) == ("accepted", "A film instead", "Lea")


@pytest.mark.django_db(transaction=True)
def test_the_link_in_the_letter_shows_at_once_and_answers_only_by_its_form(home: Home) -> None:
    get_user_model().objects.filter(username="Rita").update(email="rita@example.org")
    made = ask(home)
    (letter,) = mail.outbox
    assert letter.to == ["rita@example.org"]
    link = re.search(r"/act/answer/\S+", str(letter.body))
    assert link is not None
    client = Client()
    page = client.get(link[0])
    assert page.status_code == 200
    assert "kept in the name of Rita" in page.content.decode()
    client.get(f"{link[0]}?deed=accept")
    made.refresh_from_db()
    assert made.state == "sent"
    client.post(link[0], {"deed": "accept"})
    made.refresh_from_db()
    assert (made.state, made.answered_by) == ("accepted", "Rita")
    assert AuditEvent.objects.filter(what="recommendation accepted", by="Rita").exists()
    assert client.post(link[0], {"deed": "decline", "said": "no"}).status_code == 409
    broken = client.get(link[0][:-8] + "AAAAAAA/")
    assert broken.status_code == 403
    assert "This link is not whole." in broken.content.decode()


def test_who_left_the_office_answers_no_more_by_an_old_link(home: Home) -> None:
    made = ask(home)
    token = links.sign(links.ANSWER, recommendation=made.pk, name="Rita")
    archive(home, "person", "Rita", by="Lea", at=MONDAY)
    assert Client().post(f"/act/answer/{token}/", {"deed": "accept"}).status_code == 403
    made.refresh_from_db()
    assert made.state == "sent"


def test_a_link_runs_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ask(home)
    token = links.sign(links.ANSWER, recommendation=made.pk, name="Rita")
    monkeypatch.setitem(links.LIVES, links.ANSWER, timedelta(seconds=-1))
    page = Client().post(f"/act/answer/{token}/", {"deed": "accept"})
    assert (page.status_code, "This link has run out." in page.content.decode()) == (403, True)
    made.refresh_from_db()
    assert made.state == "sent"


@pytest.mark.django_db(transaction=True)
def test_a_silent_team_is_called_once_and_may_still_answer(home: Home) -> None:
    get_user_model().objects.filter(username="Lea").update(email="lea@example.org")
    made = ask(home)
    assert clocks.tick(at=made.due_at) == 0
    late = made.due_at + timedelta(minutes=1)
    assert clocks.tick(at=late) == 1
    assert clocks.tick(at=late) == 0
    assert [letter.to for letter in mail.outbox] == [["lea@example.org"]]
    made.refresh_from_db()
    assert made.state == "unanswered"
    recommending.answer(recommendation=made, deed="accept", by="Rita", at=late)
    made.refresh_from_db()
    assert made.state == "accepted"


@pytest.mark.capability("ROLE-04")
def test_what_was_asked_of_others_counts_answers_days_and_silence(home: Home, sign_in: SignIn) -> None:
    yes, no, _silent = ask(home), ask(home), ask(home, unit="south")
    recommending.answer(recommendation=yes, deed="accept", by="Rita", at=MONDAY + timedelta(days=2))
    recommending.answer(recommendation=no, deed="decline", reason="x", by="Rita", at=MONDAY + timedelta(days=4))
    clocks.tick(at=MONDAY + timedelta(days=30))
    south, north = asking.by_team(Recommendation.objects.all())
    assert (north.accepted, north.answered, north.acceptance, north.days, north.silent) == (1, 2, 0.5, 3, 0)
    assert (south.of, south.silent) == ("south", 1)
    levers = {
        lever.of: lever for lever in asking.by_lever(Recommendation.objects.all(), at=MONDAY + timedelta(days=30))
    }
    assert (levers["knowledge"].fed, levers["hr"].sent) == (True, 0)
    started = propose_item(title="Articles on lights", experience="customer", by="Rita", at=MONDAY)
    link(yes.name, started.name, by="Rita", at=MONDAY)
    page = sign_in("Lea").get("/act/recommendations/").content.decode()
    assert "1 / 2" in page
    assert "Articles on lights" in page  # what came of the accepted one
    assert "Silent past their time, and to be called: South (1)" in page
    assert "levers took something up" in sign_in("Lea").get("/act/levers/").content.decode()
    assert sign_in("Rita").get("/act/recommendations/").status_code == 403


@pytest.mark.capability("COM-06")
def test_what_is_stuck_stands_by_type_and_age(home: Home, sign_in: SignIn) -> None:
    made = ask(home)
    sign_in("Rita").post(f"/act/recommendations/{made.pk}/block/", {"sort": "budget", "said": "No budget before May"})
    telling.raise_blocker(on="item:9", unit="south", sort="politics", said="Two heads", by="Lea", at=MONDAY)
    rita = access_of(home, "Rita", at=MONDAY)
    assert [each.sort for each in asking.stuck(rita, at=MONDAY)] == ["budget"]
    lea = access_of(home, "Lea", at=MONDAY)
    oldest = {each.sort: each.oldest for each in asking.stuck(lea, at=MONDAY + timedelta(days=12))}
    assert oldest["politics"] == 12
    page = sign_in("Lea").get("/act/stuck/").content.decode()
    assert "2 things are held up" in page
    assert "No budget before May" in page
    blocker = Blocker.objects.get(sort="budget")
    assert sign_in("Carl").post(f"/act/stuck/{blocker.pk}/clear/").status_code == 404
    sign_in("Rita").post(f"/act/stuck/{blocker.pk}/clear/")
    blocker.refresh_from_db()
    assert blocker.cleared_by == "Rita"


def test_what_is_told_later_than_ninety_days_says_so(sign_in: SignIn) -> None:
    for days in (89, 91):
        heard = (now() - timedelta(days=days)).date()
        telling.write_note(you_said="Lights", we_did=f"After {days}", heard_in=heard, by="Lea", at=now())
    page = sign_in("Lea").get("/act/you-said-we-did/").content.decode()
    assert page.count("later than 90 days") == 1


def test_what_we_did_is_read_by_anybody_once_it_is_published(sign_in: SignIn) -> None:
    lea = sign_in("Lea")
    lea.post(
        "/act/you-said-we-did/", {"you_said": "The lights confuse us", "we_did": "We wrote it down", "about": "item:1"}
    )
    note = Note.objects.get()
    public = reverse("act-note", args=[note.slug])
    assert Client().get(public).status_code == 404
    assert "We wrote it down" not in sign_in("Amy").get("/act/you-said-we-did/").content.decode()
    assert sign_in("Amy").post(f"{public}publish/").status_code == 403
    lea.post(f"{public}publish/")
    lea.post(f"{public}told/", {"told_to": "9400"})
    assert "We wrote it down" in Client().get(public).content.decode()
    assert "9400 people were told" in lea.get("/act/you-said-we-did/").content.decode().replace(",", "").replace(
        "\u202f", ""
    )
