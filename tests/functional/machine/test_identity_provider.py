"""Signing in through an identity provider: a real one on loopback, asked over HTTP as any other."""

import logging
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from openxmo.cli.main import main
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.actions import reset_password
from openxmo.office.accounts.audit import read_audit
from openxmo.office.accounts.models import User
from openxmo.office.govern.actions import archive, put
from openxmo.office.govern.organisation import Person
from openxmo.office.lib.clock import now
from tests.functional.machine.provider import CLIENT, SECRET, Provider, providing

pytestmark = pytest.mark.usefixtures("home")
BEGIN, BACK = "/accounts/oidc/oidc/login/", "/accounts/oidc/oidc/login/callback/"
PEOPLE: dict[str, dict[str, Any]] = {
    "n-1": {"preferred_username": "ada", "email": "ada@example.org", "email_verified": True},
    "n-2": {"preferred_username": "mallory", "email": "mallory@example.org", "email_verified": True},
    "n-3": {"preferred_username": "eve@example.org", "email": "eve@example.org", "email_verified": False},
    "n-4": {"preferred_username": "ada"},
}


class Straight(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """None: the browser's next step is the test's."""


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with providing(PEOPLE) as found:
        trust(found, settings)
        yield found


def trust(provider: Provider, settings: Any) -> None:
    """As the settings do where the environment names an issuer."""
    app = {"provider_id": "oidc", "name": "Example Ltd", "client_id": CLIENT, "secret": SECRET}
    app["settings"] = {"server_url": provider.address}  # type: ignore[assignment]
    settings.OIDC_NAME = "Example Ltd"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def come(provider: Provider, number: str = "", *, client: Client | None = None, then: str = "") -> tuple[Client, Any]:
    """As a browser goes: to the provider, and back with what it gave."""
    provider.at_the_desk = number
    client = client or Client()
    left = client.post(BEGIN + then)
    assert left.status_code == 302, left.content.decode()
    back = urlsplit(led_to(left["Location"]))
    return client, client.get(f"{back.path}?{back.query}")


def led_to(address: str) -> str:
    try:
        urllib.request.build_opener(Straight).open(address)
    except HTTPError as error:
        return str(error.headers["Location"])
    raise AssertionError("the provider leads nowhere")


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_person_of_the_office_comes_in_and_the_second_time_by_their_number(provider: Provider) -> None:
    client, answer = come(provider, "n-1")
    assert (answer.status_code, answer["Location"], is_in(client)) == (302, "/", True)
    assert SocialAccount.objects.get(user__username="Ada").uid == "n-1"
    client.post("/accounts/logout/")
    assert not is_in(client)
    provider.people = {**PEOPLE, "n-1": PEOPLE["n-1"] | {"preferred_username": "ada.married"}}
    client, answer = come(provider, "n-1", client=client)
    assert client.get("/govern/mine/").status_code == 200


def test_a_provider_may_tell_all_in_the_token(provider: Provider) -> None:
    provider.tells_apart = False
    assert is_in(come(provider, "n-1")[0])
    assert not is_in(come(provider, "n-3")[0])


def test_the_sign_in_page_has_one_button_that_leads_there(provider: Provider) -> None:
    page = Client().get("/accounts/login/?next=/govern/mine/").content.decode()
    assert "Sign in with Example Ltd" in page
    assert f'action="{BEGIN}?process=login&amp;next=%2Fgovern%2Fmine%2F"' in page
    assert "third-party" not in page.lower()
    _, answer = come(provider, "n-1", then="?next=/govern/mine/")
    assert answer["Location"] == "/govern/mine/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
@pytest.mark.parametrize("process", ["login", "redirect"])
def test_nobody_is_led_to_another_host(provider: Provider, elsewhere: str, process: str) -> None:
    _, answer = come(provider, "n-1", then=f"?process={process}&next={elsewhere}")
    assert answer["Location"] == "/"


def test_whom_the_office_does_not_name_is_told_whom_to_ask(provider: Provider) -> None:
    client, answer = come(provider, "n-2")
    assert answer.status_code == 403
    assert 'This office knows nobody called "mallory".' in answer.content.decode().replace("&quot;", '"')
    assert "Ask whoever leads the office" in answer.content.decode()
    assert not is_in(client)
    assert not User.objects.filter(username="mallory").exists()


def test_an_address_that_nobody_verified_is_no_name(home: Home, provider: Provider) -> None:
    put(home, Person(name="eve@example.org", roles=("executive",)), by="Lea", at=now())
    client, answer = come(provider, "n-3")
    assert (answer.status_code, is_in(client)) == (403, False)
    assert "is not verified" in answer.content.decode()
    provider.people = {**PEOPLE, "n-3": PEOPLE["n-3"] | {"email_verified": True}}
    client, _ = come(provider, "n-3")
    assert is_in(client)


def test_another_number_under_the_same_name_waits_for_whoever_keeps_the_system(home: Home, provider: Provider) -> None:
    come(provider, "n-1")
    client, answer = come(provider, "n-4")
    assert (answer.status_code, is_in(client)) == (403, False)
    assert "belongs to another account" in answer.content.decode()
    assert main(["user", "forget-provider", "Ada", "--home", str(home.path), "--json"]) == 0
    assert [row.what for row in read_audit()][-1] == "tie to the identity provider taken off"
    client, _ = come(provider, "n-4")
    assert is_in(client)


def test_who_leaves_the_office_is_out_though_the_provider_knows_them(home: Home, provider: Provider) -> None:
    client, _ = come(provider, "n-1")
    archive(home, "person", "Ada", by="Lea", at=now())
    assert client.get("/govern/mine/").status_code == 302
    assert come(provider, "n-1")[1].status_code == 403


def test_a_second_factor_of_the_office_is_asked_for_after_the_provider_too(provider: Provider) -> None:
    client, _ = come(provider, "n-1")
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    TOTP.activate(User.objects.get(username="Ada"), generate_totp_secret())
    client, answer = come(provider, "n-1")
    assert (answer["Location"].split("?")[0], is_in(client)) == ("/accounts/2fa/authenticate/", False)


def test_who_comes_by_the_provider_alone_makes_no_password_beside_it(provider: Provider) -> None:
    User.objects.filter(username="Ada").delete()
    client, _ = come(provider, "n-1")
    answer = client.get("/accounts/password/change/", follow=True)
    assert answer.status_code == 400
    assert "You sign in with Example Ltd" in answer.content.decode()
    assert client.post("/accounts/password/set/", {"password1": "a" * 20, "password2": "a" * 20}).status_code == 400
    assert not User.objects.get(username="Ada").has_usable_password()


def test_an_own_password_goes_on_working_beside_the_provider(provider: Provider) -> None:
    come(provider, "n-1")
    reset_password("Ada", password="a long enough password", by="Root", at=now())
    client = Client()
    client.post("/accounts/login/", {"login": "Ada", "password": "a long enough password"})
    assert is_in(client)


# WHAT GOES WRONG ON THE WAY


def test_a_provider_that_does_not_answer_is_told_in_words(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    with providing(PEOPLE) as gone:
        trust(gone, settings)
        gone.at_the_desk = "n-1"
        client = Client()
        back = urlsplit(led_to(client.post(BEGIN).headers["Location"]))
    for answer in (Client().post(BEGIN), client.get(f"{back.path}?{back.query}")):
        assert answer.status_code == 503
        assert "There is no answer from Example Ltd" in answer.content.decode()
    assert "identity provider" in caplog.text


def test_a_wrong_secret_stands_in_the_log_and_not_on_the_page(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.secret = "changed"
    with caplog.at_level(logging.ERROR):
        client, answer = come(provider, "n-1")
    assert (answer.status_code, is_in(client)) == (502, False)
    assert "could not be confirmed" in answer.content.decode()
    assert "invalid_client" in caplog.text
    assert "invalid_client" not in answer.content.decode()


def test_who_turns_back_at_the_provider_is_told_so(provider: Provider) -> None:
    client, answer = come(provider, "")
    assert (answer.status_code, is_in(client)) == (403, False)
    assert "You were not let in by Example Ltd" in answer.content.decode()


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("query", ["", "?code=x&state=forged", "?code=x"])
def test_a_way_back_that_nobody_began_here_leads_nowhere(query: str) -> None:
    client = Client()
    answer = client.get(BACK + query)
    assert (answer.status_code, is_in(client)) == (400, False)
    assert "Begin again on the sign-in page" in answer.content.decode()


@pytest.mark.parametrize("address", [BEGIN, BACK])
def test_without_a_provider_in_the_settings_the_way_to_it_is_told_closed(address: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, "Sign in with your password" in answer.content.decode()) == (400, True)


def test_behind_https_the_way_back_is_the_address_that_people_type(provider: Provider, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["office.example.org"]
    left = Client(headers={"Host": "office.example.org", "X-Forwarded-Proto": "https"}).post(BEGIN)
    assert (
        "redirect_uri=https%3A%2F%2Foffice.example.org%2Faccounts%2Foidc%2Foidc%2Flogin%2Fcallback%2F"
        in left["Location"]
    )
    assert provider.codes == {}


@pytest.mark.parametrize("closed", ["/accounts/signup/", "/accounts/email/", "/accounts/3rdparty/"])
def test_what_the_office_keeps_itself_is_changed_on_no_page_of_the_library(provider: Provider, closed: str) -> None:
    client, _ = come(provider, "n-1")
    assert client.get(closed).status_code == 404
