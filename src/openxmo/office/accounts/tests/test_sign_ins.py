"""Signing in: the people of the office do, others do not, and who leaves is out at once."""

import io
import json
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from openxmo.cli.main import main
from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import actions
from openxmo.office.accounts.audit import read_audit
from openxmo.office.accounts.models import User
from openxmo.office.govern.actions import archive
from openxmo.office.govern.people import admit, list_admitted
from openxmo.office.govern.queries import find_person, read_office
from openxmo.office.govern.signing_in import SocialAccountAdapter, known_as
from openxmo.office.lib.clock import now

GOOD = "a long enough password"
pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(autouse=True)
def forget_failed_attempts() -> None:
    cache.clear()


def try_to_sign_in(name: str, password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": password})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_person_who_is_admitted_signs_in_with_the_password_that_is_told_once(home: Home) -> None:
    password = admit(home, "Nora", roles=["analyst"], units=["north"], email="nora@x.org", by="Root", at=now())
    assert is_in(try_to_sign_in("Nora", password))
    assert not is_in(try_to_sign_in("Nora", password + "x"))
    assert find_person(home, "Nora").units == ("north",)
    assert [row.what for row in read_audit(by="Root")] == ["office changed", "sign-in made"]


def test_nobody_is_admitted_half(home: Home) -> None:
    with pytest.raises(WrongUsage, match="too short"):
        admit(home, "Nora", roles=["analyst"], password="short", by="Root", at=now())
    assert "Nora" not in {person.name for person in read_office(home).people}
    assert not User.objects.filter(username="Nora").exists()
    with pytest.raises(WrongUsage, match="no role is given"):
        admit(home, "Nora", by="Root", at=now())
    with pytest.raises(WrongUsage, match="can sign in already"):
        admit(home, "Ada", by="Root", at=now())


def test_a_sign_in_changes_nobodys_roles(home: Home) -> None:
    User.objects.filter(username="Root").delete()
    with pytest.raises(WrongUsage, match="stands in the office with other roles"):
        admit(home, "Root", roles=["xmo_lead"], by="Root", at=now())
    admit(home, "Root", by="Root", at=now())
    assert find_person(home, "Root").roles == ("administrator",)


def test_who_leaves_the_office_is_out_at_once_and_does_not_come_back(home: Home) -> None:
    actions.reset_password("Ada", password=GOOD, by="Root", at=now())
    client = try_to_sign_in("Ada", GOOD)
    assert is_in(client)
    archive(home, "person", "Ada", by="Lea", at=now())
    assert client.get("/govern/mine/").status_code == 302
    assert not is_in(try_to_sign_in("Ada", GOOD))
    gone = {one.name: one for one in list_admitted(home)}["Ada"]
    assert (gone.stands, gone.can_sign_in) == (False, False)


def test_a_new_password_signs_everybody_with_the_old_one_out() -> None:
    actions.reset_password("Ada", password=GOOD, by="Root", at=now())
    client = try_to_sign_in("Ada", GOOD)
    new = actions.reset_password("Ada", by="Root", at=now())
    assert client.get("/govern/mine/").status_code == 302
    assert not is_in(try_to_sign_in("Ada", GOOD))
    assert is_in(try_to_sign_in("Ada", new))
    assert actions.end_sessions("Ada", by="Root", at=now()) == 1


def test_guessing_is_slowed_down() -> None:
    actions.reset_password("Ada", password=GOOD, by="Root", at=now())
    for _ in range(5):
        try_to_sign_in("Ada", "wrong wrong wrong")
    assert not is_in(try_to_sign_in("Ada", GOOD))


# THE ORGANISATION'S IDENTITY PROVIDER


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "ada"}, "Ada"),
        ({"preferred_username": "somebody", "email": "fay@x.org", "email_verified": True}, "Fay"),
        ({"preferred_username": "somebody", "email": "fay@x.org"}, None),
        ({"preferred_username": "somebody", "email": "other@x.org", "email_verified": True}, None),
        ({}, None),
    ],
)
def test_whom_the_provider_means(claims: dict[str, Any], name: str | None) -> None:
    actions.set_email("Fay", "fay@x.org", by="Root", at=now())
    assert known_as(claims) == name


class Told:
    """What allauth hands over of a sign-in at the provider."""

    def __init__(self, claims: dict[str, Any], user: User | None = None) -> None:
        self.account = type("Account", (), {"extra_data": {"userinfo": claims}, "uid": "u-1", "provider": "oidc"})()
        self.is_existing = user is not None
        self.user = user
        self.connected: User | None = None

    def connect(self, request: object, user: User) -> None:  # noqa: ARG002
        self.connected = user


def test_a_person_of_the_office_is_let_in_and_gets_their_row_then() -> None:
    User.objects.filter(username="Ada").delete()
    told = Told({"preferred_username": "ada", "email": "ada@x.org"})
    SocialAccountAdapter().pre_social_login(None, told)  # type: ignore[arg-type]
    made = User.objects.get(username="Ada")
    assert told.connected == made
    assert not made.has_usable_password()


def test_others_are_refused_in_words(home: Home) -> None:
    with pytest.raises(NotAllowed, match='knows nobody called "mallory"'):
        SocialAccountAdapter().pre_social_login(None, Told({"preferred_username": "mallory"}))  # type: ignore[arg-type]
    ada = User.objects.get(username="Ada")
    archive(home, "person", "Ada", by="Lea", at=now())
    with pytest.raises(NotAllowed, match='knows nobody called "Ada"'):
        SocialAccountAdapter().pre_social_login(None, Told({}, ada))  # type: ignore[arg-type]


def test_a_name_that_was_given_to_somebody_else_at_the_provider_does_not_open_the_account() -> None:
    SocialAccount.objects.create(user=User.objects.get(username="Ada"), provider="oidc", uid="u-0")
    with pytest.raises(NotAllowed):
        SocialAccountAdapter().pre_social_login(None, Told({"preferred_username": "ada"}))  # type: ignore[arg-type]


# THE COMMAND


def run(home: Home, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = main([*words, "--home", str(home.path), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_admits_lists_and_resets(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = run(home, "user", "add", "Nora", "--role", "analyst", "--unit", "north", capsys=capsys)
    assert code == 0
    assert is_in(try_to_sign_in("Nora", told["password"]))
    _, listed = run(home, "user", "list", capsys=capsys)
    nora = next(row for row in listed["users"] if row["name"] == "Nora")
    assert (nora["roles"], nora["units"], nora["can_sign_in"]) == (["analyst"], ["north"], True)
    _, told = run(home, "user", "reset", "Nora", capsys=capsys)
    assert is_in(try_to_sign_in("Nora", told["password"]))


def test_the_command_reads_a_password_and_does_not_show_it(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
    code, told = run(home, "user", "reset", "Ada", "--password-stdin", capsys=capsys)
    assert (code, told["password"]) == (0, None)
    assert is_in(try_to_sign_in("Ada", GOOD))


@pytest.mark.parametrize("words", [("user", "list"), ("key", "list"), ("user", "reset", "Ada")])
def test_only_who_keeps_the_system_may(home: Home, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    code, told = run(home, *words, "--as", "Carl", capsys=capsys)
    assert code == 4
    assert "Carl may not keep users" in told["error"]["what"]
    assert run(home, *words, "--as", "Root", capsys=capsys)[0] == 0


def test_the_command_makes_and_revokes_keys(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    from openxmo.office.accounts.keys import find_key

    code, told = run(
        home,
        "key",
        "add",
        "loader",
        "--scope",
        "signals:write",
        "--scope",
        "questions:read",
        "--as",
        "Eng",
        capsys=capsys,
    )
    assert code == 0
    assert list(told) == ["key"]
    found = find_key(told["key"])
    assert found is not None
    assert (found.scopes, found.acts_as) == (["questions:read", "signals:write"], "Eng")
    assert run(home, "key", "revoke", "loader", capsys=capsys)[0] == 0
    assert find_key(told["key"]) is None
    _, listed = run(home, "key", "list", capsys=capsys)
    assert listed["keys"][0]["revoked_at"] is not None
    assert told["key"] not in str(listed)
