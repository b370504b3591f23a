"""What the office of these tests was told: customers about agents, employees about their work; and how it is asked."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.keys import SCOPES, add_key
from openxmo.office.act.models import Case
from openxmo.office.act.opening import open_cases
from openxmo.office.act.tests.told import answer
from openxmo.office.act.tests.told import hear as hear_answer
from openxmo.office.lib.clock import now
from openxmo.office.understand.tests.heard import mood, row

TODAY = date.today()  # noqa: DTZ011  (which months are over; the office's zone makes no difference to that)
FIRST = TODAY.replace(day=1)
LAST = (FIRST - timedelta(days=1)).strftime("%Y-%m")
BEFORE = ((FIRST - timedelta(days=1)).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
SECRET = "wombat"  # in everything that an employee wrote
EVIL = "<img src=x onerror=alert(1)>"
AGENTS = {"amy": (60, "x"), "ben": (20, "x"), "zed": (40, "z")}
Clients = dict[str, Client]
LOOKERS = ("Lea", "Tom", "Pia", "Cole")  # who leads, one unit's lead, of employees, who imports


def customers() -> Iterator[dict[str, Any]]:
    """Answers about three agents; of Ben's there are too few to be shown."""
    number = 0
    for agent, (count, team) in AGENTS.items():
        for _ in range(count):
            number += 1
            about = {
                "agent": agent,
                "team": team,
                "unit": "south" if agent == "zed" else "north",
                "text": "It was fine.",
            }
            yield row(number, BEFORE, **about, value=4 if number % 2 else 2)
            yield row(number, LAST, **about, value=5 if number % 3 else 2)


def employees() -> Iterator[dict[str, Any]]:
    """Twelve at one site and four at another; a thirteenth of the first was left out by the source."""
    for month, first in ((BEFORE, 13), (LAST, 12)):
        for number in range(1, first + 5):
            site = "alpha" if number <= first else "beta"
            more: dict[str, Any] = {"attrs": {"badge": f"b-{number}"}, "text": f"The {SECRET} {number}"}
            yield mood(number, month, site=site, subject=f"emp-{number}", **more)
    yield mood(90, LAST, site="alpha", subject="emp-90", excluded="duplicate", excluded_by="hr", text=SECRET)
    for number in range(30):
        told = {"kind": "O", "name": "invitation_sent", "value": None, "scale": None, "source": "pulse"}
        yield mood(number, LAST, **told, id=f"sent-{number}", response=f"i-{number}", subject=f"emp-{number}")
        if number != 7:
            answered = {**told, "name": "invitation_answered"}
            yield mood(number, LAST, **answered, id=f"back-{number}", response=f"i-{number}", subject=f"emp-{number}")


def msgspec_replace(item: Any, **changed: Any) -> Any:
    from msgspec.structs import replace

    return replace(item, **changed)


def api_of(heard: Home, name: str | None, address: str) -> Any:  # noqa: ARG001
    """The API's answer to a key with every scope that acts as this person, None the operator."""
    _, key = add_key(f"{name} {address}", scopes=list(SCOPES), acts_as=name, by="Root", at=now())
    return Client().get(f"/api/v1/questions/{address}", HTTP_AUTHORIZATION=f"Bearer {key}")


def text_of(answer: Any) -> str:
    return str(answer.getvalue().decode(errors="replace"))


def case_of(heard: Home, response: str, **said: Any) -> Case:
    """The case that an answer opens; what earlier tests said opens theirs again."""
    at = now()
    hear_answer(heard, *answer(response, at=at, **said), at=at)
    return next(case for case in open_cases(heard, at=at) if case.response == response)
