"""Everybody lands on a page of their own, finds their way, and hears of the week with their own rights."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.people import PEOPLE

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.models import User
from openxmo.office.accounts.roles import ROLES
from openxmo.office.govern.queries import access_of
from openxmo.office.govern.session import Session
from openxmo.office.home.fronts import FRONTS, front_of, other_fronts
from openxmo.office.home.sentences import three_sentences as write_sentences
from openxmo.office.home.steps import STEPS
from openxmo.office.jobs.weekly import three_sentences
from openxmo.office.lib.clock import now

SignIn = Callable[[str], Client]
FRONT = {
    "Lea": "Where do we stand?",
    "Eve": "What is our experience worth, and what is next?",
    "Amy": "Who needs us today?",
    "Rita": "What is being asked of us?",
    "Pia": "How is my team?",
    "Fay": "What have we earned?",
    "Pete": "Where does the process fail the customer?",
    "Root": "Who can sign in?",
}


def test_every_role_has_a_first_page() -> None:
    assert set(FRONTS) == set(ROLES)
    assert all(reverse(route) for route in FRONTS.values())


def test_whoever_holds_two_roles_begins_with_the_first_and_can_reach_the_other() -> None:
    assert front_of(("finance", "agent")) == "act-cases"
    assert other_fronts(("finance", "agent")) == ["prove-ledger"]


@pytest.mark.parametrize("name", [person.name for person in PEOPLE])
def test_everybody_lands_on_a_page_that_stands(sign_in: SignIn, name: str) -> None:
    page = sign_in(name).get("/", follow=True)
    assert page.status_code == 200
    assert FRONT.get(name, "?") in page.content.decode()


def test_a_stage_typed_by_hand_leads_to_its_first_page(sign_in: SignIn) -> None:
    assert sign_in("Amy").get("/act/")["Location"] == "/act/cases/"
    assert sign_in("Root").get("/understand/").status_code == 404


@pytest.mark.parametrize("step", [step.key for step in STEPS])
def test_each_of_the_nine_steps_says_something_of_an_empty_office_too(sign_in: SignIn, step: str) -> None:
    page = sign_in("Lea").get(f"/start/{step}/")
    assert page.status_code == 200
    assert 'class="btn btn-primary"' in page.content.decode()


def test_a_step_that_one_may_not_open_names_the_roles_that_may(sign_in: SignIn) -> None:
    page = sign_in("Root").get("/start/gap/").content.decode()
    assert "XMO lead" in page
    assert 'class="btn btn-primary"' not in page


def test_a_page_opened_as_a_step_says_which_and_what_comes_next(sign_in: SignIn) -> None:
    page = sign_in("Lea").get("/decide/?step=next").content.decode()
    assert "Step 5 of 9" in page
    assert "/start/needed/" in page


def test_searching_finds_pages_and_metrics_and_only_what_one_may_open(sign_in: SignIn) -> None:
    found = sign_in("Ada").get("/search/?q=satisf").content.decode()
    assert "/understand/measures/" in found
    assert "/understand/measures/" not in sign_in("Root").get("/search/?q=satisf").content.decode()


@pytest.mark.usefixtures("home")
def test_the_week_goes_to_the_lead_and_the_executive_with_links_and_to_nobody_else(
    home: Home, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    for name in ("Lea", "Eve", "Ada"):
        User.objects.filter(username=name).update(email=f"{name.lower()}@example.org")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        said = three_sentences.run(home, at=now())
    assert said == "2 letters written"
    assert sorted(letter.to[0] for letter in mail.outbox) == ["eve@example.org", "lea@example.org"]
    assert mail.outbox[0].body.count("http") == 4


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", ["Lea", "Eve"])
def test_every_link_of_the_week_opens_for_whoever_reads_it(name: str, home: Home, sign_in: SignIn) -> None:
    session = Session(home, as_user=name, clock=now)
    sentences = write_sentences(session, access_of(home, name, at=now()), at=now())
    reader = sign_in(name)
    assert [reader.get(each.address).status_code for each in sentences] == [200, 200, 200]
