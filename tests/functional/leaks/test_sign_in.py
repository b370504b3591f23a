"""The usual tricks with forms, sessions, passwords and keys."""

import random
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.keys import add_key
from openxmo.office.lib.clock import now
from tests.functional.leaks.told import Clients, text_of
from tests.functional.test_routes import ROUTES, address_of, aim_of

pytestmark = pytest.mark.usefixtures("db", "heard")


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.entry and route.entry.kind in ("rights", "signed_in")],
    ids=lambda route: route.address,
)
def test_no_foreign_page_posts_in_somebody_s_name(everybody: Clients, route: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = everybody["Lea"].cookies
    keys = {name[1:] if name.startswith("=") else name: 1 for name in aim_of(route).given.values()}
    answer = strict.post(address_of(route.address, aim_of(route), {**dict.fromkeys(keys, "1")}))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(wanted: str) -> None:
    user = get_user_model().objects.get(username="Lea")
    user.set_password("same evening, every time")
    user.save()
    client = Client()
    answer = client.post(
        f"/accounts/login/?next={wanted}", {"login": "Lea", "password": "same evening, every time", "next": wanted}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    held = client.get("/govern/people/", HTTP_REFERER=wanted)
    assert "evil.example" not in text_of(held)
    assert "javascript:" not in text_of(held)


def test_a_session_is_new_after_signing_in_and_gone_after_signing_out() -> None:
    user = get_user_model().objects.get(username="Lea")
    user.set_password("same evening, every time")
    user.save()
    client = Client()
    client.cookies["sessionid"] = "fixedbyanattacker0000000000000000"
    client.post("/accounts/login/", {"login": "Lea", "password": "same evening, every time"})
    given = client.cookies["sessionid"]
    assert given.value != "fixedbyanattacker0000000000000000"
    assert given["httponly"]
    thief = Client()
    thief.cookies["sessionid"] = given.value
    assert thief.get("/govern/mine/").status_code == 200
    client.post("/accounts/logout/")
    assert thief.get("/govern/mine/").status_code == 302


def test_a_forgotten_password_tells_nobody_who_is_known() -> None:
    user = get_user_model().objects.get(username="Lea")
    user.email = "lea@example.org"
    user.save()
    chance = random.getstate()  # the library waits a moment by chance
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in ("lea@example.org", "nobody@example.org")
    ]
    random.setstate(chance)
    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {
        (302, "/accounts/password/reset/done/")
    }


def test_a_key_is_kept_by_its_hash_and_written_nowhere(heard: Home, caplog: pytest.LogCaptureFixture) -> None:
    from openxmo.office.accounts.models import ApiKey, AuditEvent

    _, key = add_key("program", scopes=["questions:read"], by="Root", at=now())
    with caplog.at_level("DEBUG"):
        for address in ("score?metric=csat", "score?metric=nothing", "score", "nothing"):
            Client().get(f"/api/v1/questions/{address}", HTTP_AUTHORIZATION=f"Bearer {key}")
    assert key not in caplog.text
    rows = [*ApiKey.objects.values_list(), *AuditEvent.objects.values_list()]
    assert key not in str(rows)
    assert not [path for path in heard.path.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]
