"""Ideas: how they come in, what they need, how they move, and who may see and change them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.people import access

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit
from openxmo.office.decide import actions
from openxmo.office.decide.models import Evidence, Item
from openxmo.office.decide.states import MOVES, State
from openxmo.office.decide.tests.backlog import AT, FACETS, WORDS, propose
from openxmo.office.govern import trail
from openxmo.office.lib.things import find_thing

Sign = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("home")


def test_a_proposed_item_keeps_its_evidence_and_a_trail_from_it(home: Home) -> None:
    item = actions.propose_item(
        title="Call back the same day",
        description="Eleven asked for it.",
        experience="customer",
        unit="north",
        evidence=[("case:7", 1), ("finding:3", 11)],
        by="Tom",
        at=AT,
    )
    assert {row.thing: row.count for row in item.evidence.all()} == {"case:7": 1, "finding:3": 11}
    assert (item.state, item.unit, item.experience, item.created_by) == (State.PROPOSED, "north", "customer", "Tom")
    thing = find_thing(item.name, access(home, "Lea"))
    assert thing is not None
    assert (thing.label, thing.address, thing.state) == (
        "Call back the same day",
        f"/decide/items/{item.pk}/",
        "proposed",
    )
    assert [later.name for later in trail.find_later("case:7", access(home, "Lea"))] == [item.name]
    told = read_audit(what="item proposed").get()
    assert (told.by, told.on) == ("Tom", [item.name])


@pytest.mark.capability("XMO-20")
def test_an_item_without_facets_is_blocked_and_the_page_says_what_is_missing(sign_in: Sign) -> None:
    propose("Leaflet on wifi")
    page = sign_in("Lea").get("/decide/").content.decode()
    assert "Not ranked yet" in page
    assert "Missing: experience, impact area, journey stage, ambition it serves." in page
    assert "1 idea is not ranked: it does not yet say what it is for." in page


def test_a_word_that_the_office_does_not_have_blocks_too(sign_in: Sign) -> None:
    item = propose("Speed it up", facets={**FACETS, "impact_area": "spead"})
    page = sign_in("Lea").get(f"/decide/items/{item.pk}/").content.decode()
    assert "Facet impact area has no word “spead”: did you mean “speed”?" in page


def test_ready_demands_the_facets_and_declining_a_reason() -> None:
    item = propose("Leaflet on wifi")
    with pytest.raises(WrongUsage, match="is not ready"):
        actions.move_item(item=item, to=State.READY, words=WORDS, by="Lea", at=AT)
    with pytest.raises(WrongUsage, match="takes a reason"):
        actions.move_item(item=item, to=State.DECLINED, words=WORDS, by="Lea", at=AT, reason="  ")
    declined = actions.move_item(item=item, to=State.DECLINED, words=WORDS, by="Lea", at=AT, reason="Nobody reads it")
    assert (declined.state, declined.reason, declined.state_by) == (State.DECLINED, "Nobody reads it", "Lea")


@pytest.mark.parametrize("before", list(State))
def test_no_state_is_reached_but_by_the_table(before: State) -> None:
    for after in set(State) - set(MOVES[before]) - {before, State.MERGED}:
        into = propose(f"Other {after}") if before is State.MERGED else None
        item = propose("Any", facets=FACETS)
        Item.objects.filter(pk=item.pk).update(state=before, merged_into=into, reason="why")
        with pytest.raises(WrongUsage):
            actions.move_item(item=item, to=after, words=WORDS, by="Lea", at=AT, reason="why")
        assert Item.objects.get(pk=item.pk).state == before


def test_the_same_evidence_again_brings_its_count_up_to_date() -> None:
    item = propose("Any")
    actions.add_evidence(item=item, thing="finding:3", count=40, by="Ada", at=AT)
    actions.add_evidence(item=item, thing="finding:3", count=55, by="Ada", at=AT + timedelta(days=1))
    row = Evidence.objects.get(item=item)
    assert (row.count, row.heard_at) == (55, AT + timedelta(days=1))


def test_an_edit_over_somebody_elses_edit_is_not_saved_and_says_so(sign_in: Sign) -> None:
    item = propose("Any", facets=FACETS)
    given = {"title": "From Ada", "description": "", **FACETS, "unit": "", "money_frame": "", "revision": 1}
    assert sign_in("Ada").post(f"/decide/items/{item.pk}/edit/", given).status_code == 302
    late = sign_in("Finn").post(f"/decide/items/{item.pk}/edit/", {**given, "title": "From Finn"})
    assert late.status_code == 422
    assert "Somebody changed this idea while you were writing." in late.content.decode()
    assert "From Finn" in late.content.decode()
    assert Item.objects.get(pk=item.pk).title == "From Ada"
    assert [row.title for row in item.history.order_by("history_id")] == ["Any", "From Ada"]


def test_a_new_idea_that_sounds_like_another_is_asked_about_first(sign_in: Sign) -> None:
    propose("Chatbot for all channels")
    given: dict[str, Any] = {"title": "A chatbot for all channels", "evidence": ["finding:3*12"]}
    lea = sign_in("Lea")
    asked = lea.post("/decide/items/new/", given)
    assert asked.status_code == 422
    assert "Is it one of these?" in asked.content.decode()
    assert Item.objects.count() == 1
    assert lea.post("/decide/items/new/", {**given, "is_new": "yes"}).status_code == 302
    made = Item.objects.get(title="A chatbot for all channels")
    assert {row.thing: row.count for row in made.evidence.all()} == {"finding:3": 12}


def test_what_sounds_like_another_can_bring_its_evidence_there_instead(sign_in: Sign) -> None:
    item = propose("Chatbot for all channels")
    lea = sign_in("Lea")
    page = lea.get("/decide/items/new/?title=Chatbot+for+all+channels&evidence=finding:3*12").content.decode()
    assert f'formaction="/decide/items/{item.pk}/evidence/"' in page
    given = {"title": "Chatbot for all channels", "evidence": ["finding:3*12", "case:7*1"]}
    assert lea.post(f"/decide/items/{item.pk}/evidence/", given).status_code == 302
    assert {row.thing: row.count for row in item.evidence.all()} == {"finding:3": 12, "case:7": 1}
    assert Item.objects.count() == 1


def test_a_new_idea_is_prefilled_from_a_finding(sign_in: Sign) -> None:
    page = sign_in("Ada").get("/decide/items/new/?title=Hold+the+roll-out&evidence=finding:3,case:7*2").content.decode()
    assert 'value="Hold the roll-out"' in page
    assert 'name="evidence" value="finding:3*1"' in page
    assert 'name="evidence" value="case:7*2"' in page


@pytest.mark.parametrize("path", ["", "items/{}/", "experiences/", "duplicates/", "estimates/", "words/"])
def test_who_may_not_read_scores_sees_nothing_of_the_backlog(sign_in: Sign, path: str) -> None:
    item = propose("Any")
    for name in ("Root", "Dan"):
        assert sign_in(name).get(f"/decide/{path}".format(item.pk)).status_code == 403


def test_carl_sees_the_whole_offices_ideas_and_none_of_the_norths(sign_in: Sign) -> None:
    common, north = propose("For everybody", facets=FACETS), propose("Only the north", facets=FACETS, unit="north")
    carl = sign_in("Carl")
    page = carl.get("/decide/?state=all").content.decode()
    assert "For everybody" in page
    assert "Only the north" not in page
    assert carl.get(f"/decide/items/{common.pk}/").status_code == 200
    assert carl.get(f"/decide/items/{north.pk}/").status_code == 403
    assert sign_in("Tom").get(f"/decide/items/{north.pk}/").status_code == 200
    assert carl.get("/decide/?unit=north").status_code == 403


@pytest.mark.parametrize(
    "path", ["edit/", "estimate/", "state/", "merge/", "merge/undo/", "evidence/", "evidence/1/drop/", "actual/"]
)
def test_who_keeps_no_backlog_changes_none(sign_in: Sign, path: str) -> None:
    item = propose("Any", facets=FACETS)
    for name in ("Carl", "Tom", "Eve", "Root"):
        assert sign_in(name).post(f"/decide/items/{item.pk}/{path}", {"to": "ready"}).status_code == 403
    assert Item.objects.get(pk=item.pk).state == State.PROPOSED
    assert sign_in("Carl").post("/decide/items/new/", {"title": "Mine"}).status_code == 403


def test_deeds_on_the_page_move_and_decline(sign_in: Sign) -> None:
    item = propose("Speed it up", facets=FACETS)
    ada = sign_in("Ada")
    assert ada.post(f"/decide/items/{item.pk}/state/", {"to": "ready"}).status_code == 302
    refused = ada.post(f"/decide/items/{item.pk}/state/", {"to": "declined", "reason": ""})
    assert refused.status_code == 422
    assert "takes a reason" in refused.content.decode()
    assert ada.post(f"/decide/items/{item.pk}/state/", {"to": "declined", "reason": "Too dear"}).status_code == 302
    assert "Why: Too dear" in ada.get(f"/decide/items/{item.pk}/").content.decode()
    assert ada.post(f"/decide/items/{item.pk}/state/", {"to": "nonsense"}).status_code == 400
    assert ada.get("/decide/items/9999/").status_code == 404


def test_the_database_refuses_a_merged_item_without_the_one_it_went_into() -> None:
    item = propose("Any")
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(state=State.MERGED)


@pytest.mark.capability("XMO-18")
def test_old_evidence_makes_an_item_stale_and_the_page_says_so(sign_in: Sign) -> None:
    item = propose("Chatbot", facets=FACETS)
    actions.add_evidence(item=item, thing="note:fair", by="Ada", at=AT, heard_at=AT - timedelta(days=400))
    assert "stale" in sign_in("Lea").get("/decide/").content.decode()
    actions.add_evidence(item=item, thing="finding:3", by="Ada", at=AT)
    assert ">stale<" not in sign_in("Lea").get("/decide/").content.decode()


def test_evidence_that_somebody_may_not_open_is_named_by_its_kind_alone(sign_in: Sign) -> None:
    item = propose("Any", facets=FACETS)
    actions.add_evidence(item=item, thing="signal:web/secret-17", by="Ada", at=AT)
    page = sign_in("Eve").get(f"/decide/items/{item.pk}/").content.decode()
    assert "Signal" in page
    assert "secret-17" not in page
