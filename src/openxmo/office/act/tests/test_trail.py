"""A trail shows that a thing is there, and what it is only to who may see the thing itself."""

from collections.abc import Callable

from django.test import Client
from tests.people import access

from openxmo.core.signals.store.home import Home
from openxmo.office.act import actions, causes
from openxmo.office.act.models import Case
from openxmo.office.act.tests.told import MONDAY, open_case
from openxmo.office.decide.actions import propose_item
from openxmo.office.govern import trail
from openxmo.office.lib.things import find_thing

SignIn = Callable[[str], Client]


def case_of_north(home: Home) -> Case:
    case = open_case(home)
    cause = causes.put_cause(label="Nobody owned it", by="Tom", at=MONDAY)
    actions.name_cause(case=case, cause=cause, severe=False, by="Tom", at=MONDAY)
    return case


def test_the_trail_of_an_idea_of_the_whole_office_hides_a_case_of_another_unit(home: Home, sign_in: SignIn) -> None:
    case = case_of_north(home)
    item = propose_item(title="Own it", experience="customer", evidence=[(case.name, 1)], by="Lea", at=MONDAY)
    address = f"/act/cases/{case.pk}/"
    seen = sign_in("Tom").get(f"/decide/items/{item.pk}/").content.decode()
    assert address in seen
    assert "Nobody owned it" in seen
    refused = sign_in("Carl").get(f"/decide/items/{item.pk}/").content.decode()
    assert "that you do not see" in refused
    assert address not in refused
    assert "Nobody owned it" not in refused


def test_nothing_of_a_case_is_told_to_who_sees_no_cases(home: Home) -> None:
    case = case_of_north(home)
    for name in ("Carl", "Root", "Fay", "Olga"):
        thing = find_thing(case.name, access(home, name))
        assert thing is not None
        assert (thing.hidden, thing.address, thing.state) == (True, "", "")
        assert "Nobody owned it" not in thing.label
    open_to = find_thing(case.name, access(home, "Amy"))
    assert open_to is not None
    assert not open_to.hidden


def test_what_came_out_of_a_hidden_thing_is_still_reached(home: Home) -> None:
    case = case_of_north(home)
    item = propose_item(title="Own it", experience="customer", unit="south", by="Lea", at=MONDAY)
    trail.link("signal:surveys/r1:csat", case.name, by="Tom", at=MONDAY)
    trail.link(case.name, item.name, by="Lea", at=MONDAY)
    found = {thing.name: thing.hidden for thing in trail.find_later("signal:surveys/r1:csat", access(home, "Carl"))}
    assert found == {case.name: True, item.name: False}


def test_nobody_recommends_out_of_an_idea_that_they_do_not_see(sign_in: SignIn) -> None:
    item = propose_item(title="Secret of the south", experience="customer", unit="south", by="Lea", at=MONDAY)
    answer = sign_in("Tom").get(f"/act/recommendations/new/?item={item.name}")
    assert answer.status_code == 403
    assert "Secret of the south" not in answer.content.decode()
