"""The guard at every route: a view that declares nobody is never called, and nobody passes who is not declared."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import RIGHTS, ROLES, Right
from openxmo.office.lib.entry import Entry, entry_of

FOREIGN: dict[str, Entry] = {}  # what the settings declare for views of other packages, by their module
CLOSED: set[str] = set()  # names of routes of other packages that this office does not offer


class GuardMiddleware:
    """Expects `request.access`: what the signed-in person may do, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        if request.resolver_match is not None and request.resolver_match.url_name in CLOSED:
            raise Http404
        entry = declared_entry(view)
        if entry is None:
            raise LookupError(f"{view.__module__}.{getattr(view, '__name__', view)} declares nobody who may call it")
        if entry.kind in ("all", "link"):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        access: Access | None = request.access  # type: ignore[attr-defined]
        try:
            check_entry(entry, access)
        except NotAllowed as error:  # what is raised here passes by all other middleware
            return render(request, "ui/error.html", {"error": error}, status=403)
        return None


def declared_entry(view: Any) -> Entry | None:
    found = entry_of(view) or entry_of(getattr(view, "view_class", None))
    if found is not None:
        return found
    module = str(getattr(view, "__module__", ""))
    return next((entry for name, entry in FOREIGN.items() if module == name or module.startswith(f"{name}.")), None)


def check_entry(entry: Entry, access: Access | None) -> None:
    """`NotAllowed`, in words for the person, unless `access` satisfies the entry."""
    if access is None:
        raise NotAllowed(
            _("You are signed in, and hold no role in this office."),
            mend=_("Ask whoever leads the office to give you one."),
        )
    if entry.kind == "signed_in" or access.has(*entry.rights):
        return
    deeds = _(" or ").join(str(RIGHTS[Right(right)]) for right in sorted(entry.rights))
    may = [role.label for role in ROLES.values() if role.rights & entry.rights]
    raise NotAllowed(
        _("%(who)s may not %(deeds)s.") % {"who": access.name, "deeds": deeds},
        mend=_("These roles may: %(roles)s.") % {"roles": ", ".join(may)},
    )
