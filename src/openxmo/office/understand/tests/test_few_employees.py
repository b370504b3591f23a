"""Fewer than thirty employees: pages, API, command and exports show the whole alone, no comment, and say why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from openxmo.core.errors import NotAllowed
from openxmo.core.metrics.headcount import count_employees
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.keys import add_key
from openxmo.office.govern.session import Session
from openxmo.office.lib.clock import now
from openxmo.office.understand.tests.heard import OCTOBER, ask_employees, hear, mood, words_of

WHY = "Fewer than 30 employees were heard, so what they say is shown for the whole organisation only"
SignIn = Callable[[str], Client]
DAYS: dict[str, Any] = {"since": "2026-10-01", "until": "2026-11-01"}


@pytest.fixture
def few(home: Home) -> Home:
    """Twenty-nine employees of two sites, each with a comment."""
    ask_employees(home)
    hear(home, *(said(number) for number in range(29)))
    return home


def said(number: int) -> dict[str, Any]:
    return mood(number, text=f"Rota {number}.", site="a" if number % 2 else "b")


def hear_one_more(home: Home) -> None:
    """The thirtieth, in another month: October's total stays what it was, and nobody can be subtracted."""
    hear(home, mood(29, "2026-09"))


def score(home: Home, **asked: Any) -> list[dict[str, Any]]:
    found = Session(home, as_user=asked.pop("as_user", None)).score("mood", **DAYS, **asked).to_document()["rows"]
    assert isinstance(found, list)
    return found


def test_the_whole_is_shown_and_no_cut_before_the_thirtieth_employee(few: Home) -> None:
    assert score(few)[0]["n"] == 29
    with pytest.raises(NotAllowed, match="Fewer than 30 employees were heard"):
        score(few, by="staff_site")
    with pytest.raises(NotAllowed, match="Fewer than 30 employees were heard"):
        score(few, where={"staff_site": "a"})
    hear_one_more(few)
    assert [row["n"] for row in score(few, by="staff_site")] == [14, 15]


def test_a_leader_of_one_unit_sees_no_part_of_a_small_organisation(few: Home) -> None:
    assert score(few, as_user="Pia")[0]["suppressed"] == "privacy"
    hear_one_more(few)
    assert score(few, as_user="Pia")[0]["n"] == 29


@pytest.mark.usefixtures("few")
def test_the_api_refuses_the_cut_with_the_same_sentence() -> None:
    _, presented = add_key("notebook", scopes=["questions:read"], by="operator", at=now())
    program = Client(headers={"Authorization": f"Bearer {presented}"})
    address = "/api/v1/questions/score?metric=mood&since=2026-10-01&until=2026-11-01"
    assert program.get(address).json()["rows"][0]["n"] == 29
    refused = program.get(f"{address}&by=staff_site")
    assert refused.status_code == 403
    assert "Fewer than 30 employees were heard" in refused.content.decode()


def test_the_pages_show_the_whole_and_say_why_in_a_sentence(few: Home, sign_in: SignIn) -> None:
    client = sign_in("Ada")
    team = words_of(client.get(f"/team/?{OCTOBER}"))
    assert WHY in team
    assert "mood at work" in team.lower()
    explored = client.get(f"/understand/explore/?metric=mood&{OCTOBER}")
    assert WHY in words_of(explored)
    assert client.get(f"/understand/explore/?metric=mood&{OCTOBER}&by=staff_site").status_code == 403
    assert WHY in words_of(client.get("/understand/measures/"))
    assert "too few employees were heard" in words_of(client.get("/understand/measures/mood/"))
    hear_one_more(few)
    for address in (f"/team/?{OCTOBER}", f"/understand/explore/?metric=mood&{OCTOBER}", "/understand/measures/"):
        assert WHY not in words_of(client.get(address))


def test_comments_are_off_until_the_thirtieth_employee(few: Home, sign_in: SignIn) -> None:
    client = sign_in("Ada")
    address = f"/understand/signals/?metric=mood&{OCTOBER}"
    page = client.get(address)
    assert WHY in words_of(page)
    assert "Rota" not in page.content.decode()
    assert "Rota" not in client.get(f"{address}&as=csv").content.decode()
    hear_one_more(few)
    assert "Rota 3." in words_of(client.get(address))


def test_people_are_counted_once_and_those_of_unknown_kind_count(home: Home) -> None:
    ask_employees(home)
    engine = Session(home).engine
    hear(home, *(mood(number, month) for number in range(5) for month in ("2026-09", "2026-10")))
    hear(home, *(mood(number, subject=f"x-{number}", subject_kind=None, id=f"x{number}") for number in range(3)))
    engine.refresh()
    assert count_employees(engine, most=30) == 8
    assert count_employees(engine, most=4) == 4


def test_answers_of_nobody_known_count_as_many_as_the_fullest_month_holds(home: Home) -> None:
    ask_employees(home)
    hear(home, *(mood(number, "2026-09", subject=None) for number in range(12)))
    hear(home, *(mood(number, "2026-10", subject=None) for number in range(20)))
    assert count_employees(Session(home).engine, most=30) == 20
    assert Session(home).has_few_employees
