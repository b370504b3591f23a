"""The reference pages of the people's side: its routes, its roles."""

import os
from collections.abc import Callable

from tests.repo.references import page, table


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

    routes = [route for route in walk_routes() if route.ours]
    rows = [[f"`{route.address}`", route.name, who(route.entry)] for route in routes]
    return page(
        "The routes",
        "Every address declares who may call it, and a test walks all of them as every role. Within a page the units "
        "of the person still hold. Signing in and second factors are django-allauth's, under `/accounts/`.",
        table(["address", "name", "open to"], rows),
    )


def rights_in_words(rights: list[str]) -> list[str]:
    from openxmo.office.accounts.roles import RIGHTS, Right

    return [RIGHTS[Right(right)] for right in rights]


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


OFFICE_PAGES: dict[str, Callable[[], str]] = {"routes.md": write_routes, "roles.md": write_roles}
