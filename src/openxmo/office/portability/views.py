"""The whole office as a file: downloaded, uploaded with a look at what it would change, then applied."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openxmo.core.errors import UserError, WrongUsage
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.portability import office_file

MOST_BYTES = 2_000_000
PAGE = "govern/office_file.html"


@open_to(Right.CHANGE_OFFICE)
@require_http_methods(["GET", "POST"])
def file(request: OfficeRequest) -> HttpResponse:
    """Choose a file; with one, what it would change."""
    if request.method == "GET":
        return render(request, PAGE, {"changes": None})
    prune = bool(request.POST.get("prune"))
    try:
        text = _uploaded(request)
        changes = office_file.apply(served_home(), text, by=request.access.name, at=now(), prune=prune, check=True)
    except UserError as error:
        return render(request, PAGE, {"changes": None, "wrong": error, "prune": prune}, status=422)
    shown: dict[str, Any] = {"changes": changes, "rows": changes.to_records(), "text": text, "prune": prune}
    return render(request, PAGE, shown)


@open_to(Right.CHANGE_OFFICE)
@require_POST
def apply(request: OfficeRequest) -> HttpResponse:
    """Make the office as the text says: it is checked again, for the office may have changed since it was shown."""
    changes = office_file.apply(
        served_home(),
        request.POST.get("text", ""),
        by=request.access.name,
        at=now(),
        prune=bool(request.POST.get("prune")),
    )
    messages.success(request, _("Applied: %s changes.") % len(changes.to_records()))
    return redirect("govern-office")


@open_to(Right.CHANGE_OFFICE)
@require_GET
def download(request: OfficeRequest) -> HttpResponse:  # noqa: ARG001
    answer = HttpResponse(office_file.export(served_home()), content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="office.toml"'
    return answer


def _uploaded(request: OfficeRequest) -> str:
    given = request.FILES.get("file")
    if given is None:
        raise WrongUsage(_("No file was chosen."), mend=_("Choose one that `xmo export` or this page wrote."))
    if given.size and given.size > MOST_BYTES:
        raise WrongUsage(_("The file is too large for an office file."), mend=_("Look whether it is the right one."))
    try:
        return str(given.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUsage(_("The file is not UTF-8."), mend=_("Save it as UTF-8.")) from None
