"""Wrong settings are found before anybody is served, each with its number and how to mend it."""

from pathlib import Path
from typing import Any

import pytest

from openxmo.office.config import checks

pytestmark = pytest.mark.usefixtures("home")
STRONG = "q8Zr1LxW0vT5sYb7NcE2mJp4HgKd9uFa6oRiXtVw"


def found(settings: Any, **given: Any) -> set[str]:
    """The numbers of our checks, each of which must say how to mend it."""
    for name, value in given.items():
        setattr(settings, name, value)
    told = checks.check_settings()
    assert all(one.hint for one in told)
    return {str(one.id) for one in told}


GOOD = {
    "SITE_URL": "https://office.example.org",
    "BEHIND_HTTPS": True,
    "ALLOWED_HOSTS": ["office.example.org"],
    "EMAIL_HOST": "mail.example.org",
    "DEBUG": False,
}


def test_good_settings_say_nothing(settings: Any) -> None:
    assert found(settings, **GOOD) == set()


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({"ALLOWED_HOSTS": ["*"]}, "openxmo.E004"),
        ({"ALLOWED_HOSTS": ["other.example.org"]}, "openxmo.E004"),
        ({"SITE_URL": "office.example.org"}, "openxmo.E003"),
        ({"SITE_URL": "http://office.example.org", "BEHIND_HTTPS": False}, "openxmo.W005"),
        ({"DEBUG": True}, "openxmo.E006"),
        ({"EMAIL_HOST": ""}, "openxmo.W007"),
        ({"DATABASE_URL": "postgres://h"}, "openxmo.E011"),
    ],
)
def test_each_wrong_setting_is_told(settings: Any, wrong: dict[str, Any], number: str) -> None:
    for name, value in {**GOOD, **wrong}.items():
        setattr(settings, name, value)
    assert number in {one.id for one in checks.check_settings()}


def test_a_home_that_is_none_or_cannot_be_used_is_told(settings: Any, tmp_path: Path) -> None:
    assert "openxmo.W008" in found(settings, **GOOD, OPENXMO_HOME=tmp_path)
    (tmp_path / "openxmo.toml").write_text("")
    assert "openxmo.E009" in found(settings, OPENXMO_HOME=tmp_path)


@pytest.mark.parametrize(("secret", "wrong"), [("x" * 60, True), ("short", True), (STRONG, False)])
def test_a_secret_that_can_be_guessed_is_refused(
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    secret: str,
    wrong: bool,
) -> None:
    monkeypatch.setenv("OPENXMO_SECRET_KEY", secret)
    assert ("openxmo.E001" in found(settings, **GOOD, SECRET_KEY=secret)) == wrong


def test_a_provider_that_is_half_set_is_told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENXMO_OIDC_ISSUER", "https://id.example.org")
    assert "openxmo.E012" in found(settings, **GOOD)


def test_every_start_looks_at_the_settings() -> None:
    from django.core.checks.registry import registry

    assert checks.check_settings in registry.registered_checks
