"""Two ideas that are one: merging moves what speaks for them, and undoing it brings everything back."""

from collections.abc import Callable

import pytest
from django.test import Client

from openxmo.core.errors import WrongUsage
from openxmo.office.decide import actions, queries
from openxmo.office.decide.models import Item
from openxmo.office.decide.states import State
from openxmo.office.decide.tests.backlog import AT, FACETS, WORDS, propose

Sign = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("home")


def entry_of(item: Item) -> queries.Entry:
    return queries.read_entries([Item.objects.get(pk=item.pk)], words=WORDS, at=AT)[0]


def heard(item: Item) -> dict[str, int]:
    return {row.thing: row.count for row in entry_of(item).evidence}


@pytest.fixture
def pair() -> tuple[Item, Item]:
    first, second = propose("Chatbot everywhere", facets=FACETS), propose("A bot on every channel", facets=FACETS)
    actions.add_evidence(item=first, thing="finding:3", count=12, by="Ada", at=AT)
    actions.add_evidence(item=first, thing="case:7", count=2, by="Ada", at=AT)
    actions.add_evidence(item=second, thing="finding:3", count=20, by="Ada", at=AT)
    return first, second


@pytest.mark.capability("XMO-18")
def test_evidence_counts_for_the_other_and_each_thing_once(pair: tuple[Item, Item]) -> None:
    first, second = pair
    actions.merge_item(item=first, into=second, by="Ada", at=AT)
    assert heard(second) == {"finding:3": 20, "case:7": 2}
    assert entry_of(second).heard == 22
    assert Item.objects.get(pk=first.pk).state == State.MERGED


def test_undoing_a_merge_brings_back_evidence_and_state(pair: tuple[Item, Item]) -> None:
    first, second = pair
    actions.move_item(item=first, to=State.READY, words=WORDS, by="Ada", at=AT)
    actions.merge_item(item=first, into=second, by="Ada", at=AT)
    back = actions.undo_merge(item=first, by="Lea", at=AT)
    assert (back.state, back.merged_into) == (State.READY, None)
    assert heard(first) == {"finding:3": 12, "case:7": 2}
    assert heard(second) == {"finding:3": 20}
    with pytest.raises(WrongUsage, match="went into no other"):
        actions.undo_merge(item=first, by="Lea", at=AT)


def test_a_merged_ideas_address_leads_along_the_whole_chain(pair: tuple[Item, Item], sign_in: Sign) -> None:
    first, second = pair
    third = propose("Bots", facets=FACETS)
    actions.merge_item(item=first, into=second, by="Ada", at=AT)
    actions.merge_item(item=second, into=third, by="Ada", at=AT)
    lea = sign_in("Lea")
    found = lea.get(f"/decide/items/{first.pk}/")
    assert (found.status_code, found["Location"]) == (302, f"/decide/items/{third.pk}/")
    assert "“Chatbot everywhere” went into this idea." in lea.get(found["Location"]).content.decode()
    assert heard(third) == {"finding:3": 20, "case:7": 2}
    actions.undo_merge(item=second, by="Ada", at=AT)
    assert heard(third) == {}
    assert heard(second) == {"finding:3": 20, "case:7": 2}


def test_evidence_for_a_merged_idea_reaches_the_one_that_stands(pair: tuple[Item, Item]) -> None:
    first, second = pair
    actions.merge_item(item=first, into=second, by="Ada", at=AT)
    actions.add_evidence(item=Item.objects.get(pk=first.pk), thing="case:9", by="Ada", at=AT)
    assert heard(second)["case:9"] == 1


def test_an_idea_is_not_merged_into_itself_nor_into_one_that_is_done(pair: tuple[Item, Item]) -> None:
    first, second = pair
    with pytest.raises(WrongUsage, match="into itself"):
        actions.merge_item(item=first, into=first, by="Ada", at=AT)
    Item.objects.filter(pk=second.pk).update(state=State.DONE)
    with pytest.raises(WrongUsage, match="only open ideas"):
        actions.merge_item(item=first, into=second, by="Ada", at=AT)


def test_nobody_loses_sight_of_an_idea_by_a_merge() -> None:
    common, north = propose("For everybody"), propose("For everybody in the north", unit="north")
    with pytest.raises(WrongUsage, match="belongs to north alone"):
        actions.merge_item(item=common, into=north, by="Ada", at=AT)
    actions.merge_item(item=north, into=common, by="Ada", at=AT)
    assert Item.objects.get(pk=north.pk).merged_into_id == common.pk


def test_merging_and_undoing_work_from_the_pages(pair: tuple[Item, Item], sign_in: Sign) -> None:
    first, second = pair
    ada = sign_in("Ada")
    assert ada.post(f"/decide/items/{first.pk}/merge/", {"into": second.pk})["Location"].endswith(f"/{second.pk}/")
    page = ada.get(f"/decide/items/{second.pk}/").content.decode()
    assert "Ideas that went into this one" in page
    assert "came with a merged idea" in page
    assert ada.post(f"/decide/items/{first.pk}/merge/undo/").status_code == 302
    assert Item.objects.get(pk=first.pk).state == State.PROPOSED
    assert ada.post(f"/decide/items/{first.pk}/merge/", {"into": ""}).status_code == 400


def test_pairs_that_sound_alike_are_shown_for_merging(sign_in: Sign) -> None:
    propose("Chatbot for all channels")
    propose("A chatbot for all the channels")
    propose("Pay by the month")
    page = sign_in("Ada").get("/decide/duplicates/").content.decode()
    assert "1 pair of open ideas shares at least 60" in page
    assert "Pay by the month" not in page
    assert "Goes into the other" in page
    assert "Goes into the other" not in sign_in("Eve").get("/decide/duplicates/").content.decode()
