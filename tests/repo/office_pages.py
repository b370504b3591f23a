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


OFFICE_PAGES: dict[str, Callable[[], str]] = {"routes.md": write_routes, "api.md": write_api, "roles.md": write_roles}
