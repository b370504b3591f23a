"""Estimates as a program brings them: ranges with their units, recorded whole or not at all, within its scopes."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from openxmo.office.accounts.audit import read_audit
from openxmo.office.decide import actions
from openxmo.office.decide.models import Estimate, Item
from openxmo.office.lib.clock import now

Program = Callable[..., Client]
BOTH = ("backlog:read", "backlog:write")
WSJF = {"wsjf.value": (5, 8, 13), "wsjf.time": (3, 5, 8), "wsjf.risk": (1, 2, 3), "wsjf.size": (2, 3, 5)}


@pytest.fixture
def item(home: object) -> Item:  # noqa: ARG001
    return actions.propose_item(title="Activation check", by="Ada", at=now())


def ranges(given: Mapping[str, tuple[float, float, float]], unit: str = "points") -> list[dict[str, Any]]:
    return [
        {"quantity": key, "low": low, "likely": likely, "high": high, "unit": unit}
        for key, (low, likely, high) in given.items()
    ]


def post(client: Client, item: Item, estimates: list[dict[str, Any]], **more: Any) -> Any:
    body = json.dumps({"estimates": estimates, **more})
    return client.post(f"/api/v1/backlog/{item.pk}/estimates", body, content_type="application/json")


def test_what_a_program_estimates_stands_with_author_and_date_and_is_counted(item: Item, program: Program) -> None:
    client = program(*BOTH)
    done = post(client, item, ranges(WSJF), note="From the planning tool.")
    assert done.status_code == 201
    rows = client.get(f"/api/v1/backlog/{item.pk}/estimates").json()["rows"]
    assert rows == done.json()["rows"]
    first = rows[0]
    assert (first["quantity"], first["low"], first["likely"], first["high"]) == ("wsjf.value", 5, 8, 13)
    assert (first["unit"], first["note"], first["made_by"]) == ("points", "From the planning tool.", "key:program 1")
    assert [event.what for event in read_audit()][-1:] == ["item estimated"]


def test_a_later_estimate_stands_beside_the_earlier_one(item: Item, program: Program) -> None:
    client = program(*BOTH)
    for likely in (8, 9):
        assert post(client, item, ranges({"wsjf.value": (5, likely, 13)})).status_code == 201
    page = client.get(f"/api/v1/backlog/{item.pk}/estimates?limit=1").json()
    assert [row["likely"] for row in page["rows"]] == [8]
    rest = client.get(f"/api/v1/backlog/{item.pk}/estimates?cursor={page['next']}").json()
    assert ([row["likely"] for row in rest["rows"]], rest["next"]) == ([9], None)


@pytest.mark.parametrize(
    ("estimates", "says"),
    [
        (ranges({"wsjf.value": (9, 8, 13)}), "low"),
        (ranges({"wsjf.charm": (1, 2, 3)}), "No ranking asks for wsjf.charm"),
        (ranges({"rice.effort": (1, 2, 3)}), "person-months"),
        (ranges({"rice.impact": (1, 1.7, 2)}, "step"), "no step"),
        (ranges({"wsjf.size": (1, 2, 3)}) * 2, "twice"),
    ],
)
def test_what_does_not_hold_together_is_told_and_nothing_is_recorded(
    item: Item, program: Program, estimates: list[dict[str, Any]], says: str
) -> None:
    refused = post(program(*BOTH), item, [*ranges({"wsjf.risk": (1, 2, 3)}), *estimates])
    assert refused.status_code == 400
    assert says in refused.content.decode()
    assert not Estimate.objects.exists()


@pytest.mark.parametrize("number", ["NaN", "Infinity", '"many"', "1e16", "null"])
def test_what_is_no_number_is_refused(item: Item, program: Program, number: str) -> None:
    body = f'{{"estimates": [{{"quantity": "wsjf.value", "low": 1, "likely": 2, "high": {number}, "unit": "points"}}]}}'
    client = program(*BOTH)
    refused = client.post(f"/api/v1/backlog/{item.pk}/estimates", body, content_type="application/json")
    assert refused.status_code in (400, 422)
    assert refused["Content-Type"] == "application/problem+json"
    assert not Estimate.objects.exists()


def test_a_key_that_only_reads_estimates_nothing(item: Item, program: Program) -> None:
    assert post(program("backlog:read"), item, ranges(WSJF)).status_code == 403
    assert program("backlog:write").get(f"/api/v1/backlog/{item.pk}/estimates").status_code == 403
    assert not Estimate.objects.exists()


def test_a_key_that_acts_for_somebody_does_what_they_may(item: Item, program: Program) -> None:
    assert post(program(*BOTH, acts_as="Amy"), item, ranges(WSJF)).status_code == 403
    Item.objects.filter(pk=item.pk).update(unit="north")
    assert post(program(*BOTH, acts_as="Carl"), item, ranges(WSJF)).status_code in (403, 404)
    assert program(*BOTH, acts_as="Carl").get(f"/api/v1/backlog/{item.pk}/estimates").status_code == 404
    assert not Estimate.objects.exists()
    assert post(program(*BOTH, acts_as="Ada"), item, ranges(WSJF)).json()["rows"][0]["made_by"]


def test_how_people_feel_is_asked_over_the_network(program: Program) -> None:
    found = program("questions:read").get("/api/v1/questions/feelings")
    assert (found.status_code, found.json()["rows"]) == (200, [])
    assert program("backlog:read").get("/api/v1/questions/feelings").status_code == 403
