"""*Why did {metric} move?*"""

from collections.abc import Callable
from math import isclose

from django.test import Client
from tests.people import access

from openxmo.core.signals.store.home import Home
from openxmo.office.lib.things import find_thing
from openxmo.office.understand.findings import finding_in
from openxmo.office.understand.tests.heard import OCTOBER, answer_of, hear, row, words_of

WHY = "/understand/why/?"
SignIn = Callable[[str], Client]


def chat_breaks(home: Home) -> None:
    """In October chat falls from 80 to 20 %, the telephone stays at 80."""
    hear(home, *(row(n, "2026-09", value=1 if n % 10 in (0, 1) else 5) for n in range(800)))
    in_chat = {n: 5 if n % 10 in (1, 3) else 1 for n in range(800) if n % 2}
    hear(
        home,
        *(
            row(n, value=in_chat.get(n, 1 if n % 10 == 0 else 5), text="It broke." if n % 2 else None)
            for n in range(800)
        ),
    )


def test_parts_add_up_to_the_change_and_the_place_is_named(home: Home, sign_in: SignIn) -> None:
    chat_breaks(home)
    page = sign_in("Ada").get(f"{WHY}metric=csat&{OCTOBER}&by=channel,product")
    found = page.context["found"]
    change = found.document["change"]["value"]
    assert isclose(sum(part["whole"] for part in found.parts), change, abs_tol=1e-9)
    assert isclose(found.mix + found.rate, change, abs_tol=1e-9)
    steps = found.chart["series"][0]["values"]
    assert isclose(steps[0] + sum(steps[1:-1]), steps[-1], abs_tol=1e-9)
    assert "a real move" in answer_of(page)
    assert "It lies in chat" in answer_of(page)
    assert "It broke." in words_of(page)
    assert "What was not searched" in words_of(page)


def test_an_office_that_heard_nothing_is_told_what_will_stand_here(home: Home, sign_in: SignIn) -> None:  # noqa: ARG001
    page = sign_in("Ada").get("/understand/why/")
    assert page.status_code == 200
    assert answer_of(page).startswith("Nothing can be taken apart yet")
    assert "Changes will stand here" in words_of(page)


def test_a_move_within_noise_is_called_so(home: Home, sign_in: SignIn) -> None:
    for month in ("2026-09", "2026-10"):
        hear(home, *(row(n, month, value=1 if n % 10 in (0, 1) else 5) for n in range(100)))
    page = sign_in("Ada").get(f"{WHY}metric=csat&{OCTOBER}&by=channel")
    assert "within noise" in answer_of(page)
    assert "It lies nowhere in particular" in words_of(page)


def test_a_finding_has_a_name_that_leads_back_to_its_page(home: Home, sign_in: SignIn) -> None:
    chat_breaks(home)
    client = sign_in("Ada")
    place = client.get(f"{WHY}metric=csat&{OCTOBER}&by=channel,product").context["places"][0]
    thing = find_thing(place["finding"].name, access(home, "Ada"))
    assert thing is not None
    assert thing.label == "Why csat moved: " + place["finding"].where
    assert "It lies in chat" in answer_of(client.get(thing.address))
    assert find_thing("finding:else", access(home, "Ada")) is None
    assert find_thing(finding_in("csat", "2026-09", "2026-10", {}).name, access(home, "Ada")) is not None


def test_what_cannot_be_taken_apart_is_said_and_who_may_not_ask_is_refused(home: Home, sign_in: SignIn) -> None:
    chat_breaks(home)
    hear(home, *(row(900 + n, month, agent="amy") for n in range(40) for month in ("2026-09", "2026-10")))
    client = sign_in("Ada")
    assert client.get(f"{WHY}metric=csat&{OCTOBER}&by=agent").status_code == 403
    assert client.get(f"{WHY}metric=csat&period=all").status_code == 400
    assert client.get(f"{WHY}metric=csat&{OCTOBER}&before=soon").status_code == 400
    assert "Nothing can be compared" in answer_of(sign_in("Carl").get(f"{WHY}metric=csat&{OCTOBER}&by=channel"))
    assert sign_in("Root").get(f"{WHY}metric=csat&{OCTOBER}").status_code == 403


def test_only_who_keeps_the_backlog_is_offered_to_propose_an_item(home: Home, sign_in: SignIn) -> None:
    chat_breaks(home)
    address = f"{WHY}metric=csat&{OCTOBER}&by=channel,product"
    assert all(place["propose"] == "" for place in sign_in("Eve").get(address).context["places"])
