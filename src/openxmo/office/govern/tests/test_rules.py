"""The rules of the office are read, changed and made on screens, each sort by a form of its own fields."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.govern.practice import Answering, ClosedLoop, Frequency, Review, Rule
from openxmo.office.govern.queries import read_default_office, read_office
from openxmo.office.govern.screens.forms import variants_of

SignIn = Callable[[str], Client]
RULES = read_default_office().rules
ROUTING = {"key": "to-x", "team": "x", "channel": "phone"}


def find_rule(home: Home, key: str) -> Rule:
    return next(rule for rule in read_office(home).rules if rule.key == key)


def shown(client: Client, address: str) -> dict[str, Any]:
    """What the form holds as it opens, as a browser would send it back."""
    form = client.get(address).context["form"]
    held = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in held.items() if value not in (None, "", False, [])}


@pytest.mark.parametrize("rule", RULES, ids=[rule.key for rule in RULES])
def test_a_rule_opened_and_saved_unchanged_is_the_same_rule(rule: Rule, home: Home, sign_in: SignIn) -> None:
    lea, address = sign_in("Lea"), f"/govern/edit/rule/{rule.key}/"
    answer = lea.post(address, shown(lea, address))
    assert answer.status_code == 302, answer.context["form"].errors
    assert find_rule(home, rule.key) == rule


def test_every_sort_of_rule_has_a_form_with_its_own_fields(sign_in: SignIn) -> None:
    lea = sign_in("Lea")
    assert len(variants_of("rule")) == 7
    for sort, struct in variants_of("rule").items():
        page = lea.get(f"/govern/new/rule/?kind={sort}")
        assert page.status_code == 200, sort
        assert set(struct.__struct_fields__) <= set(page.context["form"].fields), sort


def test_rules_change_on_their_screens_and_the_office_follows_them(home: Home, sign_in: SignIn) -> None:
    lea = sign_in("Lea")
    for key, change in (
        ("negative-answer", {"first_reply": "2 business hours"}),
        ("recommendation", {"answer_in": "5 business days"}),
        ("survey-frequency", {"days_between": "60"}),
        ("case-huddle", {"minutes": "15"}),
    ):
        address = f"/govern/edit/rule/{key}/"
        assert lea.post(address, shown(lea, address) | change).status_code == 302, key
    loop, answering = find_rule(home, "negative-answer"), find_rule(home, "recommendation")
    often, huddle = find_rule(home, "survey-frequency"), find_rule(home, "case-huddle")
    assert isinstance(loop, ClosedLoop)
    assert isinstance(answering, Answering)
    assert isinstance(often, Frequency)
    assert isinstance(huddle, Review)
    assert (loop.first_reply, answering.answer_in) == ("2 business hours", "5 business days")
    assert (often.days_between, huddle.minutes) == (60, 15)


def test_a_routing_rule_is_made_on_a_screen(home: Home, sign_in: SignIn) -> None:
    lea = sign_in("Lea")
    answer = lea.post("/govern/new/rule/?kind=routing", ROUTING)
    assert answer.status_code == 302, answer.context["form"].errors
    assert find_rule(home, "to-x").team == "x"  # type: ignore[union-attr]


def test_a_length_of_time_that_is_none_is_said_at_its_field(home: Home, sign_in: SignIn) -> None:
    lea, address = sign_in("Lea"), "/govern/edit/rule/negative-answer/"
    answer = lea.post(address, shown(lea, address) | {"first_reply": "soon"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["first_reply"]
    assert find_rule(home, "negative-answer").first_reply == "4 business hours"  # type: ignore[union-attr]


def test_no_rule_is_changed_by_who_may_not_change_the_office(sign_in: SignIn) -> None:
    for name in ("Carl", "Root", "Ada", "Amy"):
        assert sign_in(name).get("/govern/edit/rule/negative-answer/").status_code == 403
        assert sign_in(name).post("/govern/new/rule/?kind=routing", ROUTING).status_code == 403
