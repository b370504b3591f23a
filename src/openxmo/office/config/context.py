"""What the frame of every page needs: the menu, the pickers and the person, by the rights of who looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from openxmo.core.errors import UserError
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import ROLES
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.home.steps import STEPS, after, find_step, number_of
from openxmo.office.lib.navigation import Place, find_places
from openxmo.office.ui.asked import Asked, asked_of, periods_offered

STAGES = {
    "home": gettext_lazy("Home"),
    "listen": gettext_lazy("Listen"),
    "understand": gettext_lazy("Understand"),
    "decide": gettext_lazy("Decide"),
    "act": gettext_lazy("Act"),
    "prove": gettext_lazy("Prove"),
    "govern": gettext_lazy("Govern"),
}
SHELL, DRAWER = "ui/base.html", "ui/drawer.html"
DRAWER_TARGET = "drawer-body"


@dataclass(frozen=True)
class Stage:
    """A stage of the menu with the pages that the person may open."""

    key: str
    label: str
    places: tuple[Place, ...]
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Lazily, for a page may fail before anybody is known, and its error page has the same frame."""
    access: Access | None = getattr(request, "access", None)
    match = getattr(request, "resolver_match", None)
    parts: dict[str, Any] = {
        "page_frame": _frame_of(request),
        "here": match.view_name if match else "",
        "organisation": SimpleLazyObject(_organisation),
    }
    if not access:
        return {**parts, "places": (), "stages": ()}
    seen = find_places(access.has)
    asked = _asked(request)
    return {
        **parts,
        "ribbon": _ribbon(request),
        "places": seen,
        "stages": list(_stages(seen, request, parts["here"])),
        "access": access,
        "my_roles": [ROLES[role].label for role in access.roles if role in ROLES],
        "asked": asked,
        "periods": periods_offered(asked),
        "units": SimpleLazyObject(lambda: list(_units(access))),
    }


def _organisation() -> str:
    """Whose office it is, for whoever comes by a link: a customer knows the company, and not this product."""
    return read_office(served_home()).settings.name or "OpenXMO"


def _ribbon(request: HttpRequest) -> dict[str, Any] | None:
    """On a page that was opened as a step of the first walk: which step, and what comes next."""
    step = find_step(request.GET.get("step", ""))
    if step is None:
        return None
    return {"number": number_of(step), "count": len(STEPS), "question": step.question, "next": after(step)}


def _frame_of(request: HttpRequest) -> str:
    """Into the drawer goes the page without the shell around it."""
    htmx = getattr(request, "htmx", None)
    return DRAWER if htmx and htmx.target == DRAWER_TARGET else SHELL


def _asked(request: HttpRequest) -> Asked:
    """A wrong unit or period is refused by the page that reads it; the frame then shows none."""
    try:
        return asked_of(request)
    except UserError:
        plain = HttpRequest()
        return asked_of(plain)


def _stages(seen: list[Place], request: HttpRequest, here: str) -> Iterator[Stage]:
    route = {place.route: place.stage for place in seen}
    current = route.get(here) or request.path.strip("/").split("/")[0] or "home"
    for key, label in STAGES.items():
        own = tuple(place for place in seen if place.stage == key)
        if own:
            yield Stage(key, str(label), own, key == current)


def _units(access: Access) -> Iterator[dict[str, Any]]:
    """The units that the person sees, each below its parent."""
    units = [unit for unit in read_office(served_home()).units if access.sees_unit(unit.key)]
    keys = {unit.key for unit in units}

    def below(parent: str | None, depth: int) -> Iterator[dict[str, Any]]:
        for unit in units:
            if (unit.parent if unit.parent in keys else None) == parent:
                yield {"key": unit.key, "label": unit.label or unit.key, "indent": "\u2003" * depth}
                yield from below(unit.key, depth + 1)

    return below(None, 0)
