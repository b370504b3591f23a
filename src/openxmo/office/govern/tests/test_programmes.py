"""The page of a programme warns at one metric and at three, never at two, and says what each is weak at."""

from collections.abc import Callable

import pytest
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import put
from openxmo.office.govern.practice import Programme
from openxmo.office.lib.clock import now

SignIn = Callable[[str], Client]


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        (("csat",), "One metric alone can be improved by harming what it does not see: put fcr7 beside it."),
        (("csat", "fcr7"), "Two metrics: one to move, and one that shows the harm."),
        (("csat", "fcr7", "ces"), "3 metrics are seldom all needed, and each costs answers"),
    ],
)
def test_a_programme_is_told_what_its_choice_of_metrics_lacks(
    metrics: tuple[str, ...], said: str, home: Home, sign_in: SignIn
) -> None:
    chosen = Programme(key="care", label="Care", metrics=metrics, why_these="To decide on staff", owner="xmo_lead")
    put(home, chosen, by="Lea", at=now())
    page = sign_in("Lea").get("/govern/office/programme/care/").content.decode()
    assert said in page
    assert "Polite customers and asked-for fives raise it" in page
    assert ("think again" in page) == (len(metrics) != 2)
