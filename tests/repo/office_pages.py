"""The reference pages of the people's side: its routes, its API, its roles."""

import os
import re
from collections.abc import Callable
from typing import Any

from tests.repo.references import page, table

API = "/api/v1/"


def start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openxmo.office.config.settings")
    import django

    django.setup()


def write_routes() -> str:
    start_django()
    from openxmo.office.lib.entry import Entry
    from tests.routes import walk_routes

    def who(entry: Entry | None) -> str:
        if entry is None:
            return "nobody"
        if entry.kind == "rights":
            return "whoever may " + " or ".join(rights_in_words(sorted(entry.rights)))
        words = {"all": "everybody", "link": "whoever holds the link", "signed_in": "every person of the office"}
        return words[entry.kind] + (f": {entry.why}" if entry.why else "")

    routes = [route for route in walk_routes() if route.ours and not route.address.startswith(API)]
    rows = [[f"`{route.address}`", route.name, who(route.entry)] for route in routes]
    return page(
        "The routes",
        "Every address declares who may call it, and a test walks all of them as every role. Within a page the units "
        "of the person still hold. Signing in and second factors are django-allauth's, under `/accounts/`; programs "
        "come in by [the API](api.md), under `/api/v1/`.",
        table(["address", "name", "open to"], rows),
    )


def write_api() -> str:
    start_django()
    from openxmo.office.accounts.keys import SCOPES
    from openxmo.office.config.api import api, operations

    operated = [
        [method, shown_address(address), operation.summary or "", who_calls(operation.auth_callbacks[0])]
        for address, operation in operations(api())
        for method in operation.methods
    ]
    rows = [[method, f"`{address}`", *more] for method, address, *more in sorted(operated, key=lambda row: row[1::-1])]
    scopes = [
        [f"`{scope}`", str(deed), "whoever may " + rights_in_words([right])[0] if right else "anybody"]
        for scope, (deed, right) in SCOPES.items()
    ]
    return page(
        "The API",
        "`GET /api/v1/openapi.json` (open to all, OpenAPI 3.1) describes parameters and documents; "
        "[use the API](../how-to/use-the-api.md) tells how to begin.",
        "## Operations",
        table(["method", "address", "does", "open to a key for"], rows),
        "## What a key may be used for",
        "A key that acts as a person needs that person's right besides.",
        table(["scope", "lets a program", "acting as"], scopes),
    )


def shown_address(address: str) -> str:
    """With its parts named as the description names them: `{case}`."""
    return re.sub(r"<(?:\w+:)?(\w+)>|\{(?:\w+:)?(\w+)\}", r"{\1\2}", f"{API}{address.lstrip('/')}")


def who_calls(auth: Any) -> str:
    return f"`{auth.scope.value}`" + (", or a person who is signed in" if auth.people else "")


def rights_in_words(rights: list[str]) -> list[str]:
    from openxmo.office.accounts.roles import RIGHTS, Right

    return [str(RIGHTS[Right(right)]) for right in rights]


def write_roles() -> str:
    from openxmo.office.accounts.roles import RIGHTS, ROLES

    parts = []
    for role in ROLES.values():
        sees = "every unit, unless units are named" if role.office_wide else "the units named with the person"
        rights = "\n".join(f"- {RIGHTS[right]}" for right in RIGHTS if right in role.rights)
        parts.append(f"## {role.label}\n\n`{role.key}`. {role.description} Sees {sees}. May:\n\n{rights}")
    return page(
        "The roles",
        "These are all the roles. The first seven are the office itself; one person may hold several of them.",
        *parts,
    )


def write_kept() -> str:
    start_django()
    import msgspec

    from openxmo.office.govern.organisation import Retention
    from openxmo.office.lib.terms import Terms
    from tests.repo.test_fields import OWN

    terms = Terms("UTC", msgspec.structs.asdict(Retention()))
    rows = []
    for model in sorted(OWN, key=lambda each: each._meta.label):
        privacy: Any = getattr(model, "Privacy")  # noqa: B009  (no field of Django's)
        names = ", ".join(f"`{name}`" for name in sorted(privacy.personal | privacy.sensitive)) or "none"
        what = (model.__doc__ or "").split("\n")[0]
        what = "" if what.startswith(f"{model.__name__}(") else what  # Django's own words: it has none
        rows.append([f"`{model._meta.label}`", what, names, how_long(model, terms)])
    return page(
        "What is kept, and how long",
        "Every table of the office's database, its fields that may name somebody or hold their words, and how long a "
        "row stays. The terms are those of a new office; what `[office.retention]` sets is named. The job "
        "`daily/retention` reads the same statements, and a test tries each of them with a row within its term and "
        "one past it. What is still open is never taken away.",
        table(["table", "what", "names or words", "kept"], rows),
        "Signals, imported files and logs that are files: [keep an office](../how-to/keep-an-office.md).",
    )


def how_long(model: Any, terms: Any) -> str:
    from openxmo.office.lib.terms import Term

    def said(term: Any) -> str:
        if not isinstance(term, Term):
            return str(term)
        setting = "" if term.length[0].isdigit() else f" (`{term.length}`)"
        return f"{terms.in_words(term)}{setting}"

    words = getattr(model.Privacy, "words_kept", None)
    return said(model.Privacy.kept) + (f"; its words {said(words)}" if words else "")


OFFICE_PAGES: dict[str, Callable[[], str]] = {
    "routes.md": write_routes,
    "api.md": write_api,
    "roles.md": write_roles,
    "kept.md": write_kept,
}
