"""What have you noticed? Any person of the office, in under a minute."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to_signed_in
from openxmo.office.listen.actions.noticing import notice
from openxmo.office.listen.forms import NoticeForm


@open_to_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def noticed(request: OfficeRequest) -> HttpResponse:
    form = NoticeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        units = request.access.units
        notice(
            request.office.home,
            request.access,
            text=found["text"],
            about=named(found["about"]),
            stage=found["stage"],
            unit=next(iter(sorted(units))) if units and len(units) == 1 else "",
            secret=request.office.engine.people_key,
            at=now(),
            readable=found["readable"],
        )
        messages.success(request, gettext("Thank you. It is heard with everything else, and nobody sees your name."))
        return redirect("listen:noticed")
    return render(request, "listen/noticed.html", {"form": form}, status=422 if request.method == "POST" else 200)


def named(about: str) -> str:
    """What it is about, as the contract writes it; a plain word is the name of a thing."""
    words = about.strip()
    if not words or re.match(r"^[a-z][a-z0-9_-]*:.+$", words):
        return words
    return f"thing:{words}"
