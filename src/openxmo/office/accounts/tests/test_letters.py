"""Setting a password by a link that the person alone gets, and hearing of what others changed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from openxmo.cli.main import main
from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import actions
from openxmo.office.accounts.audit import read_audit
from openxmo.office.accounts.models import User
from openxmo.office.govern.actions import archive
from openxmo.office.lib.clock import now

GOOD, OTHER = "a long enough password", "quite another long one"
pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(autouse=True)
def a_mail_server_and_addresses(home: Home, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """The transaction around a test never ends, so what waits for its end is done at once."""
    monkeypatch.setattr(transaction, "on_commit", lambda send: send())
    cache.clear()
    settings.EMAIL_HOST = "mail.example.org"
    User.objects.filter(username="Ada").update(email="ada@example.org")


def letters() -> list[tuple[str, str]]:
    return [(letter.to[0], str(letter.body)) for letter in mail.outbox]


def link_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)", text)
    assert found is not None, text
    return found[1]


def set_password(link: str, password: str) -> Client:
    """As a person does: open the link, which leads to the form, and fill it in."""
    client = Client()
    form = client.get(link, follow=True)
    client.post(
        form.redirect_chain[-1][0] if form.redirect_chain else link, {"password1": password, "password2": password}
    )
    return client


def comes_in(name: str, password: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": password})
    return "_auth_user_id" in client.session


def test_an_administrator_asks_for_a_link_and_sees_neither_it_nor_a_password(sign_in: Any) -> None:
    actions.reset_password("Ada", password=GOOD, by="operator", at=now())
    mail.outbox.clear()
    page = sign_in("Root").post("/govern/people/reset/", {"name": "Ada"}, follow=True)
    ((to, text),) = letters()
    link = link_in(text)
    assert to == "ada@example.org"
    assert "Root asked for it" in text
    assert link not in page.content.decode()
    assert page.context["made"] is None
    assert User.objects.get(username="Ada").check_password(GOOD)  # nothing changes until the person does it
    set_password(link, OTHER)
    assert (comes_in("Ada", OTHER), comes_in("Ada", GOOD)) == (True, False)
    set_password(link, "a third and long one")
    assert comes_in("Ada", OTHER)


def test_a_link_ends_with_the_next_sign_in() -> None:
    actions.reset_password("Ada", password=GOOD, by="operator", at=now())
    link = link_in(actions.make_link("Ada", by="operator", at=now()))
    assert comes_in("Ada", GOOD)
    set_password(link, OTHER)
    assert comes_in("Ada", GOOD)


def test_a_link_ends_with_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_in(actions.make_link("Ada", by="operator", at=now()))
    later = now().replace(tzinfo=None) + timedelta(hours=25)
    monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda _: later)
    set_password(link, OTHER)
    assert not comes_in("Ada", OTHER)


def test_without_an_address_or_a_mail_server_a_password_is_shown_once(sign_in: Any, settings: Any) -> None:
    root = sign_in("Root")
    assert root.post("/govern/people/reset/", {"name": "Tom"}).context["made"] is not None
    settings.EMAIL_HOST = ""
    assert root.post("/govern/people/reset/", {"name": "Ada"}).context["made"] is not None
    assert letters() == []


def test_a_new_person_with_an_address_gets_the_link(sign_in: Any) -> None:
    form = {"name": "Nora", "roles": ["analyst"], "email": "nora@example.org"}
    page = sign_in("Root").post("/govern/people/", form, follow=True)
    ((to, text),) = letters()
    assert (to, page.context["made"]) == ("nora@example.org", None)
    set_password(link_in(text), GOOD)
    assert comes_in("Nora", GOOD)


def test_the_operator_hands_a_link_over(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "link", "Ada", "--home", str(home.path)]) == 0
    set_password(link_in(capsys.readouterr().out), GOOD)
    assert comes_in("Ada", GOOD)
    assert [row.what for row in read_audit()][-1] == "link to set a password made"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda: actions.reset_password("Ada", by="Root", at=now()), "given a new password"),
        (lambda: actions.forget_second_factor("Ada", by="Root", at=now()), "second factor was taken off"),
        (lambda: actions.forget_provider("Ada", by="Root", at=now()), "identity provider"),
        (lambda: actions.set_email("Ada", "root@evil.example", by="Root", at=now()), "another address"),
    ],
)
def test_whoever_is_changed_by_another_hears_of_it_where_letters_reached_them(change: Any, told: str) -> None:
    change()
    ((to, text),) = letters()
    assert to == "ada@example.org"
    assert told in text
    assert "by Root" in text


def test_nobody_is_told_of_what_they_did_themselves() -> None:
    actions.set_email("Ada", "ada@elsewhere.example", by="Ada", at=now())
    assert letters() == []


# FORGOTTEN, ON THE SIGN-IN PAGE


def forget(address: str) -> int:
    return Client().post("/accounts/password/reset/", {"email": address}).status_code


def test_who_forgot_gets_a_link_at_the_address_that_the_office_knows() -> None:
    assert forget("ada@example.org") == 302
    ((to, text),) = letters()
    set_password(link_in(text), GOOD)
    assert (to, comes_in("Ada", GOOD)) == ("ada@example.org", True)


def test_strangers_and_who_left_get_no_letter_and_the_page_tells_nobody_which(home: Home) -> None:
    archive(home, "person", "Ada", by="Lea", at=now())
    assert [forget(address) for address in ("nobody@example.org", "ada@example.org")] == [302, 302]
    assert letters() == []


def test_who_comes_by_the_provider_alone_gets_no_password_by_a_letter(sign_in: Any) -> None:
    ada = User.objects.get(username="Ada")
    ada.set_unusable_password()
    ada.save()
    SocialAccount.objects.create(user=ada, provider="oidc", uid="n-1")
    assert forget("ada@example.org") == 302
    assert letters() == []
    with pytest.raises(WrongUsage, match="identity provider"):
        actions.make_link("Ada", by="Root", at=now())
    page = sign_in("Root").post("/govern/people/reset/", {"name": "Ada"})
    assert (page.status_code, User.objects.get(username="Ada").has_usable_password()) == (400, False)
    assert "Untie from the identity provider" in sign_in("Root").get("/govern/people/").content.decode()


def test_a_mail_server_that_is_away_is_told_and_is_no_fault_of_the_page(
    sign_in: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = sign_in("Root").post("/govern/people/reset/", {"name": "Ada"})
    assert (page.status_code, "was not taken by the mail server" in page.content.decode()) == (400, True)
    assert forget("ada@example.org") == 302
    assert "was not sent: ConnectionRefusedError" in caplog.text


def test_without_a_mail_server_the_page_names_whom_to_ask(settings: Any) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "/accounts/password/reset/" in page
    settings.EMAIL_HOST = ""
    page = Client().get("/accounts/login/").content.decode()
    assert "Whoever keeps the system gives you a new one" in page
    assert "/accounts/password/reset/" not in page
