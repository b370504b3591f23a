"""NPS of the relationship and NPS after a contact are two metrics; an account's answers weigh its revenue on wish."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.understand.tests.heard import OCTOBER, answer_of, hear, row, words_of

SignIn = Callable[[str], Client]
EXPLORE = "/understand/explore/?"
ACCOUNTS = {"big": 9000.0, "small": 1000.0}


def recommends(number: int, value: int, *, account: str = "big", name: str = "nps") -> dict[str, Any]:
    return row(
        number,
        name=name,
        id=f"{name}-{number}",
        response=f"{name}-{number}",
        value=value,
        scale="0..10",
        account=account,
    )


def revenue(account: str, value: float) -> dict[str, Any]:
    return row(
        1, id=f"revenue-{account}", kind="B", name="revenue", value=value, scale=None, account=account, response=None
    )


def two_accounts(home: Home) -> None:
    """40 promoters of an account nine times as large as that of 40 detractors."""
    hear(
        home,
        *(revenue(account, value) for account, value in ACCOUNTS.items()),
        *(recommends(number, 10) for number in range(40)),
        *(recommends(100 + number, 0, account="small") for number in range(40)),
    )


@pytest.mark.capability("CXM-11")
def test_answers_of_a_contact_never_move_the_nps_of_the_relationship(home: Home, sign_in: SignIn) -> None:
    hear(
        home,
        *(recommends(number, 10) for number in range(40)),
        *(recommends(200 + number, 0, name="tnps") for number in range(40)),
    )
    client = sign_in("Ada")
    assert "NPS is 100.0 points" in answer_of(client.get(f"{EXPLORE}metric=nps&{OCTOBER}"))
    assert "NPS after a contact is −100.0 points" in answer_of(client.get(f"{EXPLORE}metric=tnps&{OCTOBER}"))


@pytest.mark.capability("CXM-11")
def test_explore_weighs_the_answers_of_an_account_by_its_revenue_on_wish(home: Home, sign_in: SignIn) -> None:
    two_accounts(home)
    client = sign_in("Ada")
    plain = client.get(f"{EXPLORE}metric=nps&{OCTOBER}")
    assert "NPS is 0.0 points" in answer_of(plain)
    assert "The same answers, weighed otherwise: NPS, each answer weighted by its account's revenue" in words_of(plain)
    assert "Not weighted" in words_of(plain)
    (wish,) = [address for _label, address in plain.context["twins"]]
    weighed = client.get(wish)
    assert "is 80.0 points" in answer_of(weighed)
    assert "Weighted: Revenue of the account" in words_of(weighed)


@pytest.mark.capability("CXM-11")
def test_an_account_of_unknown_revenue_is_left_out_and_counted(home: Home, sign_in: SignIn) -> None:
    two_accounts(home)
    hear(home, *(recommends(300 + number, 0, account="unknown") for number in range(7)))
    page = sign_in("Ada").get(f"{EXPLORE}metric=nps_by_revenue&{OCTOBER}")
    assert "is 80.0 points" in answer_of(page)
    assert page.context["found"].whole["excluded"] == {"unweighted": 7}
