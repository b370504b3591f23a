"""What no sign-in gives: the administrator's look at answers, an answer edited, a role for oneself."""

import pytest
from django.db import transaction
from django.test import Client

from openxmo.core.errors import NotAllowed
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.keys import SCOPES, add_key
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now
from openxmo.office.portability import office_file
from tests.functional.leaks.told import LAST, SECRET, Clients, api_of, case_of, text_of
from tests.functional.test_routes import ROUTES, call

pytestmark = pytest.mark.usefixtures("db", "heard")


@pytest.mark.parametrize("name", ["Root", "Dan"])
def test_who_keeps_the_system_or_the_rules_sees_no_answers_and_no_scores(
    heard: Home, everybody: Clients, name: str
) -> None:
    case_of(heard, "seen", words=f"{SECRET} of a customer")
    for route in ROUTES:
        if route.takes or route.address == "/ui/gallery/":
            continue
        shown = text_of(call(everybody[name], "GET", route.address))
        assert SECRET not in shown, route.address
        assert 'class="estimate' not in shown, route.address
        assert "customer-" not in shown, route.address
    for question in ("score?metric=csat", "gap", "catalogue", "quality", "rank", "contact?key=k"):
        assert api_of(heard, name, question).status_code == 403, question
        assert everybody[name].get(f"/api/v1/questions/{question}").status_code == 403, question


def test_nobody_edits_or_deletes_an_answer(heard: Home, everybody: Clients) -> None:
    from openxmo.office.listen.tests.drawing import stored

    before = stored(heard)
    _, key = add_key("all of them", scopes=list(SCOPES), by="Root", at=now())
    for method in ("PUT", "PATCH", "DELETE"):
        for address in (
            "/api/v1/signals",
            "/api/v1/signals/1",
            f"/understand/signals/?metric=csat&period={LAST}",
            "/understand/people/customer-1/",
        ):
            answer = Client().generic(method, address, HTTP_AUTHORIZATION=f"Bearer {key}")
            assert answer.status_code in (302, 401, 404, 405), (method, address)
            assert everybody["Lea"].generic(method, address).status_code in (200, 400, 401, 403, 404, 405)
    assert stored(heard) == before


def test_nobody_gives_themselves_a_role_by_whichever_door(heard: Home, everybody: Clients) -> None:
    text = '[[person]]\nname = "Sue"\nroles = ["survey_architect", "finance"]\n'
    sue = everybody["Sue"]
    with transaction.atomic():
        assert sue.post("/portability/office-file/apply/", {"text": text}).status_code == 403
    _, key = add_key("as Sue", scopes=["metrics:write"], acts_as="Sue", by="Root", at=now())
    with transaction.atomic():
        answer = Client().put(
            "/api/v1/office", text, content_type="application/toml", HTTP_AUTHORIZATION=f"Bearer {key}"
        )
    assert answer.status_code == 403
    assert sue.get("/govern/edit/person/Sue/").status_code == 403
    assert sue.post("/govern/archive/person/Sue/", {"reason": "x"}).status_code == 403
    assert everybody["Root"].post("/govern/people/", {"name": "Root", "roles": ["xmo_lead"]}).status_code == 422
    assert {one.name: one.roles for one in read_office(heard).people}["Sue"] == ("survey_architect",)
    with pytest.raises(NotAllowed):
        office_file.apply(heard, text, by="Sue", at=now())
