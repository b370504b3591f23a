"""What is wrong with the settings, before anybody is served: each with a number that stays, and how to mend it."""

import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

LEAST_SECRET = 40  # characters
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@register(Tags.security)
def check_settings(**_: Any) -> Sequence[CheckMessage]:
    """All of them; `xmo doctor` and every start show what they find."""
    return [found for check in CHECKS for found in check()]


def check_secret() -> Iterator[CheckMessage]:
    given, secret = os.environ.get("OPENXMO_SECRET_KEY", ""), str(settings.SECRET_KEY)
    if given and (len(secret) < LEAST_SECRET or len(set(secret)) < 10):
        yield Error(
            "OPENXMO_SECRET_KEY can be guessed: whoever does signs in as anybody.",
            hint=f"Give it at least {LEAST_SECRET} random characters, or none: the office then makes its own.",
            id="openxmo.E001",
        )
    if not given and settings.BEHIND_HTTPS and not (settings.OPENXMO_HOME / "keys").is_dir():
        yield Error(
            "There is no secret that lasts: everybody is signed out when the server starts again.",
            hint="Make the office first (`xmo init`), or set OPENXMO_SECRET_KEY_FILE.",
            id="openxmo.E002",
        )


def check_addresses() -> Iterator[CheckMessage]:
    parts = urlsplit(settings.SITE_URL)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        yield Error(
            f"OPENXMO_URL is `{settings.SITE_URL}`, which is no address.",
            hint="Write it as people type it: https://office.example.org",
            id="openxmo.E003",
        )
        return
    hosts = list(settings.ALLOWED_HOSTS)
    if "*" in hosts and settings.BEHIND_HTTPS:
        yield Error(
            "OPENXMO_HOSTS takes every name: a forged one would stand in the links of letters.",
            hint=f"Name yours: OPENXMO_HOSTS={host}",
            id="openxmo.E004",
        )
    elif host not in hosts and "*" not in hosts:
        yield Error(
            f"OPENXMO_HOSTS leaves out {host}, the host of OPENXMO_URL.", hint="Add it to the list.", id="openxmo.E004"
        )
    if not settings.BEHIND_HTTPS and host not in LOOPBACK:
        yield Warning(
            "The office is served without https: passwords and answers cross the network readable.",
            hint="Put a server with a certificate in front, and set OPENXMO_URL to its https address.",
            id="openxmo.W005",
        )


def check_debug() -> Iterator[CheckMessage]:
    if settings.DEBUG and settings.BEHIND_HTTPS:
        yield Error(
            "OPENXMO_DEBUG is on while the office is served: error pages would show settings and data.",
            hint="Take OPENXMO_DEBUG away.",
            id="openxmo.E006",
        )


def check_mail() -> Iterator[CheckMessage]:
    if settings.BEHIND_HTTPS and not settings.EMAIL_HOST:
        yield Warning(
            "No mail server is named: letters are written into the home's `exports/mail` and reach nobody.",
            hint="Set OPENXMO_MAIL_HOST, and OPENXMO_MAIL_FROM.",
            id="openxmo.W007",
        )


def check_home() -> Iterator[CheckMessage]:
    home = settings.OPENXMO_HOME
    if not os.path.isfile(home / "openxmo.toml"):
        yield Warning(
            f"There is no office in {home}.", hint="Make one with `xmo init`, or set OPENXMO_HOME.", id="openxmo.W008"
        )
    elif not os.access(home / "office", os.R_OK | os.W_OK | os.X_OK):
        yield Error(
            f"The office in {home} cannot be read and written by this user.",
            hint="Start as the user who owns that folder, or give this one the right.",
            id="openxmo.E009",
        )


def check_database() -> Iterator[CheckMessage]:
    if not settings.DATABASE_URL:
        return
    if find_spec("psycopg") is None:
        yield Error(
            "DATABASE_URL names PostgreSQL, and its driver is not installed.",
            hint="Install openxmo[postgres].",
            id="openxmo.E010",
        )
    if not urlsplit(settings.DATABASE_URL).path.strip("/"):
        yield Error(
            "DATABASE_URL names no database.",
            hint="Write it as postgres://user:password@host:5432/openxmo",
            id="openxmo.E011",
        )


def check_identity_provider() -> Iterator[CheckMessage]:
    parts = {name: os.environ.get(name) or os.environ.get(f"{name}_FILE") for name in OIDC}
    missing = [name for name, given in parts.items() if not given]
    if missing and len(missing) < len(OIDC):
        yield Error(
            f"Signing in by the identity provider is half set: {', '.join(missing)} is missing.",
            hint="Set all three, or none.",
            id="openxmo.E012",
        )


OIDC = ("OPENXMO_OIDC_ISSUER", "OPENXMO_OIDC_CLIENT_ID", "OPENXMO_OIDC_CLIENT_SECRET")
CHECKS = (
    check_secret,
    check_addresses,
    check_debug,
    check_mail,
    check_home,
    check_database,
    check_identity_provider,
)
