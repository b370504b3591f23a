"""The pages as people of the cast see them: what is theirs, what is refused, what the one next step is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openxmo.core.signals.store.home import Home
from openxmo.office.act import actions, causes
from openxmo.office.act.models import Case, PossibleComplaint
from openxmo.office.act.opening import open_cases
from openxmo.office.act.tests.told import answer, hear, open_case
from openxmo.office.lib.clock import now

SignIn = Callable[[str], Client]


@pytest.fixture
def case(home: Home) -> Case:
    return open_case(home, at=now() - timedelta(minutes=1))


def test_an_agent_sees_the_words_the_clock_and_one_next_step(case: Case, sign_in: SignIn) -> None:
    page = sign_in(case.owner).get("/act/cases/").content.decode()
    assert "Who needs us today?" in page
    assert "1 case is open" in page
    assert "Nobody called me back." in page
    assert page.count("Take it") == 1


def test_a_case_is_taken_replied_to_and_resolved_by_its_page(case: Case, sign_in: SignIn) -> None:
    agent, at = sign_in(case.owner), f"/act/cases/{case.pk}/"
    cause = causes.put_cause(label="Nobody owned it", by="Tom", at=now())
    assert "You have this case." in agent.post(f"{at}take/", follow=True).content.decode()
    wrong = agent.post(f"{at}reply/", {"way": "call", "words": ""})
    assert wrong.status_code == 422
    assert "This field is required" in wrong.content.decode()
    agent.post(f"{at}reply/", {"way": "call", "words": "We talked."})
    agent.post(f"{at}cause/", {"cause": cause.pk})
    page = agent.post(f"{at}resolve/", follow=True).content.decode()
    case.refresh_from_db()
    assert case.state == "resolved"
    assert "We talked." in page
    assert "did-this-help" in page


def test_whoever_comes_second_is_told_who_has_the_case(case: Case, sign_in: SignIn) -> None:
    first, second = ("Amy", "Ben") if case.owner == "Amy" else ("Ben", "Amy")
    sign_in(first).post(f"/act/cases/{case.pk}/take/")
    page = sign_in(second).post(f"/act/cases/{case.pk}/take/", follow=True).content.decode()
    assert f"{first} has this case." in page


def test_an_answered_case_without_a_cause_says_so_before_it_can_be_resolved(case: Case, sign_in: SignIn) -> None:
    agent, at = sign_in(case.owner), f"/act/cases/{case.pk}/"
    agent.post(f"{at}take/")
    page = agent.post(f"{at}reply/", {"way": "call", "words": "We talked."}, follow=True).content.decode()
    assert "Name the root cause first" in page
    assert f'action="{at}resolve/"' not in page
    refused = agent.post(f"{at}resolve/", follow=True).content.decode()
    assert "This case has no root cause yet." in refused
    assert f"(case:{case.pk})" not in refused


DEEDS = ("take", "reply", "note", "cause", "resolve", "reopen", "give-up", "dismiss")


def test_carl_of_another_unit_is_refused_everywhere(case: Case, sign_in: SignIn) -> None:
    carl = sign_in("Carl")
    assert carl.get(f"/act/cases/{case.pk}/").status_code == 403
    for deed in DEEDS:
        assert carl.post(f"/act/cases/{case.pk}/{deed}/", {"why": "x", "words": "x", "way": "call"}).status_code == 403
    for address in ("/act/cases/", "/act/cases/all/", "/act/complaints/", "/act/problems/"):
        page = carl.get(address).content.decode()
        assert "Nobody called me back." not in page
        assert f"/act/cases/{case.pk}/" not in page
    carl.post("/act/cases/all/", {"cases": [case.pk], "to": "Carl"})
    case.refresh_from_db()
    assert (case.owner, case.state) == (case.owner, "open")
    assert case.owner in ("Amy", "Ben")


@pytest.mark.parametrize("name", ["Root", "Rita", "Eve", "Dan", "Olga", "Fay"])
def test_who_works_no_cases_reads_none(case: Case, sign_in: SignIn, name: str) -> None:
    assert sign_in(name).get(f"/act/cases/{case.pk}/").status_code == 403
    assert "Nobody called me back." not in sign_in(name).get("/act/cases/").content.decode()


def test_an_analyst_reads_and_may_not_work(case: Case, sign_in: SignIn) -> None:
    ada = sign_in("Ada")
    actions.note(case=case, words="Call 0171 555 0199 after six", by="Amy", at=now())
    page = ada.get(f"/act/cases/{case.pk}/").content.decode()
    assert "Nobody called me back." in page
    assert "[phone]" in page
    assert "0199" not in page
    assert ada.post(f"/act/cases/{case.pk}/take/").status_code == 403


def test_a_lead_gives_cases_out_and_an_agent_may_not(case: Case, sign_in: SignIn) -> None:
    other = "Ben" if case.owner == "Amy" else "Amy"
    assert sign_in("Amy").get("/act/cases/all/").status_code == 403
    page = sign_in("Tom").post("/act/cases/all/", {"cases": [case.pk], "to": other}, follow=True).content.decode()
    assert "1 case was given out." in page
    case.refresh_from_db()
    assert case.owner == other


def test_several_cases_of_one_customer_are_one_row(home: Home, case: Case, sign_in: SignIn) -> None:
    Case.objects.update(owner="Amy")
    second = open_case(home, "r2", at=now() - timedelta(seconds=30), subject=case.subject)
    Case.objects.filter(pk=second.pk).update(owner="Amy")
    page = sign_in("Amy").get("/act/cases/").content.decode()
    assert "2 of one customer" in page
    assert page.count("data-case ") == 1


def test_the_history_of_the_customer_stands_beside_the_case(home: Home, case: Case, sign_in: SignIn) -> None:
    row = {"source": "desk", "kind": "O", "name": "contact", "subject": case.subject, "subject_kind": "customer"}
    at = now() - timedelta(days=1)
    hear(home, *[row | {"id": f"k{n}", "contact": f"k{n}", "happened_at": at.isoformat(), "unit": "north",
                        "channel": "phone", "reason": "outage"} for n in range(3)], at=now())  # fmt: skip
    page = sign_in(case.owner).get(f"/act/cases/{case.pk}/").content.decode()
    assert "3 contacts lately" in page
    assert "outage" in page


def test_a_lead_judges_possible_complaints_and_agents_only_read_them(home: Home, sign_in: SignIn) -> None:
    at = now() - timedelta(minutes=1)
    hear(home, *answer("r1", at=at, csat=None, agreed=None, words="I will see my solicitor."), at=at)
    open_cases(home, at=at)
    possible = PossibleComplaint.objects.get()
    address = reverse("act-possible", args=[possible.pk])
    assert "I will see my solicitor." in sign_in("Amy").get("/act/complaints/").content.decode()
    assert sign_in("Amy").post(address, {"deed": "accept"}).status_code == 403
    assert sign_in("Carl").post(address, {"deed": "accept"}).status_code == 404
    assert "I will see my solicitor." not in sign_in("Carl").get("/act/complaints/").content.decode()
    page = sign_in("Tom").post(address, {"deed": "accept"}, follow=True).content.decode()
    assert f"It is case {Case.objects.get().pk} now." in page


def test_no_page_says_our_own_words(case: Case, sign_in: SignIn) -> None:
    tom = sign_in("Tom")
    for address in ("cases/", "cases/all/", f"cases/{case.pk}/", "complaints/", "problems/", "asked-of-us/", "stuck/"):
        words = tom.get(f"/act/{address}").content.decode().lower()
        assert not [word for word in ("signal lake", "receipt", " lake", " house ") if word in words], address
