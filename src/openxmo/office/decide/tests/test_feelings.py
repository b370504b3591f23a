"""Kano's two questions, asked of people: what they answered ranks the idea, beside what somebody entered."""

import html
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from openxmo.core.decide.items import KanoInput
from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.store.home import Home
from openxmo.office.decide import estimating
from openxmo.office.decide.models import Item
from openxmo.office.decide.tests.backlog import AT, FACETS, propose
from openxmo.office.govern.actions import put
from openxmo.office.govern.practice import Instrument
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.session import Session
from openxmo.office.lib.clock import now
from openxmo.office.listen.actions import work
from openxmo.office.listen.actions.openings import open_survey
from openxmo.office.listen.links import token_of
from openxmo.office.listen.models import Opening

Sign = Callable[[str], Client]


@pytest.fixture
def item(home: Home) -> Item:  # noqa: ARG001
    return propose("Activation check", facets=FACETS)


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def pair(who: str, first: str, second: str, *, about: str, at: datetime = AT, **more: Any) -> list[dict[str, Any]]:
    """What one person answered in one response."""
    common = {
        "source": "panel",
        "happened_at": at.isoformat(),
        "kind": "X",
        "item": about,
        "subject": who,
        "subject_kind": "customer",
        "response": f"{who}-{at:%d%H%M%S}",
    }
    answers = [("kano_with", first), ("kano_without", second)]
    return [
        common | {"id": f"{who}-{at:%d%H%M%S}-{name}", "name": name, "label": label} | more for name, label in answers
    ]


def hear(home: Home, rows: list[dict[str, Any]]) -> None:
    put_batch(home, [json.dumps(row).encode() + b"\n" for row in rows], source=None, by="panel", at=now())
    assert all(done["rejected"] == 0 for done in work(Session(home, clock=now))["receipts"])


def many(about: str, n: int, first: str, second: str, **more: Any) -> list[dict[str, Any]]:
    """`n` people who answered the same."""
    return [row for place in range(n) for row in pair(f"{first}-{second}-{place}", first, second, about=about, **more)]


def test_what_people_answered_ranks_the_idea_with_bergers_coefficients(home: Home, item: Item, sign_in: Sign) -> None:
    rows = many(item.key, 6, "must_be", "dislike") + many(item.key, 3, "like", "dislike")
    hear(home, rows + many(item.key, 1, "like", "neutral") + many(item.key, 2, "neutral", "neutral"))
    said = words_of(sign_in("Lea").get(f"/decide/items/{item.pk}/").content.decode())
    # A 1, O 3, M 6, I 2 of 12: better (1 + 3) / 12, worse −(3 + 6) / 12.
    assert "6 of 12 call it must-be (within chance of the next); having it +0.33, lacking it −0.75" in said
    assert "counted from answers heard here" in said
    assert "must-be" in words_of(sign_in("Lea").get("/decide/").content.decode())


def test_each_person_counts_once_with_their_newest_pair(home: Home, item: Item) -> None:
    older = pair("c-1", "like", "dislike", about=item.key, at=AT - timedelta(days=3))
    hear(home, older + pair("c-1", "neutral", "neutral", about=item.key))
    (row,) = Session(home, clock=now).feelings().to_document()["rows"]
    assert (row["n"], row["pairs"], row["category"]) == (1, {"NN": 1}, "I")


def test_half_a_pair_an_employees_and_one_left_out_count_for_nothing(home: Home, item: Item) -> None:
    half = pair("c-1", "like", "dislike", about=item.key)[:1]
    staff = pair("e-1", "like", "dislike", about=item.key, subject_kind="employee")
    out = pair("c-2", "like", "dislike", about=item.key, excluded="test", excluded_by="panel")
    hear(home, [*half, *staff, *out])
    assert Session(home, clock=now).feelings().to_document()["rows"] == []
    hear(home, pair("c-3", "like", "dislike", about=item.key))
    assert [row["n"] for row in Session(home, clock=now).feelings().to_records()] == [1]


def test_of_answers_heard_and_counts_entered_the_more_stand(home: Home, item: Item, sign_in: Sign) -> None:
    estimating.record_feelings(item=item, given=KanoInput(counts={"A": 5}), by="Ada", at=AT)
    hear(home, many(item.key, 4, "must_be", "dislike"))
    page = words_of(sign_in("Lea").get(f"/decide/items/{item.pk}/").content.decode())
    assert "5 of 5 call it attractive" in page
    assert "counts that somebody entered" in page
    hear(home, pair("c-9", "must_be", "dislike", about=item.key))
    page = words_of(sign_in("Lea").get(f"/decide/items/{item.pk}/").content.decode())
    assert "5 of 5 call it must-be" in page


def test_who_sees_one_unit_counts_what_was_answered_there(home: Home, item: Item, sign_in: Sign) -> None:
    north = many(item.key, 2, "must_be", "dislike", unit="north")
    hear(home, north + many(item.key, 3, "like", "neutral", unit="south"))
    assert "3 of 5 call it attractive" in words_of(sign_in("Lea").get(f"/decide/items/{item.pk}/").content.decode())
    assert "2 of 2 call it must-be" in words_of(sign_in("Tom").get(f"/decide/items/{item.pk}/").content.decode())
    assert "3 of 3 call it attractive" in words_of(sign_in("Carl").get(f"/decide/items/{item.pk}/").content.decode())


def test_the_lead_makes_the_survey_and_its_answers_count(home: Home, item: Item, sign_in: Sign) -> None:
    lea = sign_in("Lea")
    address = f"/decide/items/{item.pk}/"
    assert "Make a survey of Kano's two questions" in words_of(lea.get(address).content.decode())
    assert lea.post(f"{address}feelings/").status_code == 302
    assert "Make a survey of Kano's two questions" not in words_of(lea.get(address).content.decode())
    assert lea.post(f"{address}feelings/").status_code == 400  # it stands already
    opening = Opening(survey=f"kano-{item.key}", valid_from=now() - timedelta(minutes=1))
    opening = open_survey(opening, home=home, by="Sue", at=now())
    guest = Client()
    page = guest.get(f"/listen/s/{token_of(opening)}/").content.decode()
    assert "If there were this, how would you feel? “Activation check”" in html.unescape(page)
    action = re.search(r'action="([^"]*\?n=[^"]*)"', page)
    assert action
    assert guest.post(html.unescape(action[1]), {"q1": "It must be so", "q2": "I dislike it"}).status_code == 303
    work(Session(home, clock=now))
    (row,) = Session(home, clock=now).feelings().to_document()["rows"]
    assert (row["item"], row["pairs"], row["category"]) == (item.key, {"MD": 1}, "M")


def test_who_may_not_change_the_office_makes_no_survey(home: Home, item: Item, sign_in: Sign) -> None:
    for name in ("Ada", "Carl", "Amy"):
        assert sign_in(name).post(f"/decide/items/{item.pk}/feelings/").status_code == 403
    assert not [survey for survey in read_office(home).surveys if survey.key.startswith("kano")]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"answers": "choice", "labels": ("a", "b", "c", "d", "e")}, "item is missing"),
        ({"answers": "choice", "labels": ("a", "b"), "item": "x"}, "a choice of five labels"),
        ({"answers": "rating", "scale": "1..5", "item": "x"}, "a choice of five labels"),
    ],
)
def test_a_question_of_kanos_says_what_it_asks_about_and_has_five_answers(
    home: Home, fields: dict[str, Any], says: str
) -> None:
    question = Instrument(key="k", version="1", wording="With it?", signal="kano_with", **fields)
    with pytest.raises(UnreadableInput) as refused:
        put(home, question, by="Lea", at=now())
    assert says in str(refused.value)
