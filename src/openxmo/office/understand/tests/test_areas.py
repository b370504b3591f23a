"""*How is {area}?*"""

from collections.abc import Callable

import pytest
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.understand.tests.heard import OCTOBER, answer_of, hear, row, words_of

AREA = "/understand/area/?dimension=product&value=router&"
SignIn = Callable[[str], Client]


def minutes(count: int) -> list[dict[str, object]]:
    return [
        row(n, id=f"h{n}", name="handle_time", kind="O", value=300 + n % 5, scale=None, product="router")
        for n in range(count)
    ]


@pytest.mark.capability("ROLE-05")
def test_without_a_valid_answer_operations_are_conditions_and_never_called_experience(
    home: Home, sign_in: SignIn
) -> None:
    hear(home, *minutes(60), *(row(n, product="router") for n in range(5)))
    client = sign_in("Ada")
    page = client.get(AREA + OCTOBER)
    assert answer_of(page).startswith("No valid experience was heard here")
    assert "O operations (conditions)" in words_of(page)
    hear(home, *(row(100 + n, product="router", value=5 if n % 2 else 1) for n in range(60)))
    page = client.get(AREA + OCTOBER)
    assert answer_of(page).startswith("October 2026: CSAT")
    assert "(conditions)" not in words_of(page)
    kinds = [line.row.kind for line in page.context["lines"]]
    assert kinds == sorted(kinds, key="XOT".index)
    assert {"X", "O"} <= set(kinds)


def test_another_area_and_another_unit_are_not_in_it(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(n, product="router") for n in range(60)), *(row(100 + n, product="line") for n in range(60)))
    page = sign_in("Ada").get(AREA + OCTOBER)
    assert {each.cell["n"] for each in page.context["found"].kinds["X"]} == {60}
    assert answer_of(sign_in("Carl").get(AREA + OCTOBER)).startswith("Nothing was heard under this name")
    assert sign_in("Root").get(AREA + OCTOBER).status_code == 403


def test_a_name_that_was_never_heard_leads_to_the_list_and_chooses_none_of_it(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(n, product="router") for n in range(60)))
    page = sign_in("Ada").get(AREA.replace("router", "rooter") + OCTOBER)
    assert answer_of(page).startswith("Nothing was heard under this name")
    assert '<option value="router" selected>' not in page.content.decode()


@pytest.mark.usefixtures("home")
def test_the_page_without_an_area_teaches(sign_in: SignIn) -> None:
    page = sign_in("Ada").get("/understand/area/")
    assert page.status_code == 200
    assert "side by side" in words_of(page)
