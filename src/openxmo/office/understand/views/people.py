"""*What has {person} been through?*"""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openxmo.core.act.triggers import MAY_CONTACT
from openxmo.core.privacy.masks import mask_key
from openxmo.office.accounts import audit
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.understand import trails
from openxmo.office.understand.cuts import in_words
from openxmo.office.understand.views.signals import PLACES

KINDS = ("X", "O", "T", "B")
CONSENTS = {MAY_CONTACT: _("being contacted")}  # whatever else a source asks for stands in its own word


@open_to(Right.READ_ANSWERS)
def people(request: OfficeRequest) -> HttpResponse:
    """A person is opened by the whole key, from a signal or a case; nobody is found by a part of it."""
    subject = request.GET.get("subject", "").strip()
    return redirect("understand-person", subject=subject) if subject else render(request, "understand/people.html")


@open_to(Right.READ_ANSWERS)
def person(request: OfficeRequest, subject: str) -> HttpResponse:
    office = request.office
    kind = request.GET.get("kind") if request.GET.get("kind") in KINDS else None
    found = office.person(subject, kind=kind, after=request.GET.get("after") or None).to_document()
    audit.record("looked at a person", by=request.user.get_username(), at=now(), on=[f"person:{subject}"])
    context = {
        "found": found,
        "who": mask_key(subject),
        "first_at": moment_of(found["first_at"]),
        "last_at": moment_of(found["last_at"]),
        "rows": lay_rows(found["rows"], request.access),
        "consents": [
            {**consent, "at": moment_of(consent["at"]), "about": CONSENTS.get(consent["about"], consent["about"])}
            for consent in found["consents"]
        ],
        "kind": kind,
        "kinds": KINDS,
        "further": address(subject, kind=kind, after=found["further"]) if found["further"] else "",
        "here": reverse("understand-person", args=[subject]),
    }
    return render(request, "understand/person.html", context, status=403 if found["suppressed"] else 200)


def address(subject: str, **said: str | None) -> str:
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{reverse('understand-person', args=[subject])}?{query}"


def moment_of(words: str | None) -> datetime | None:
    return None if words is None else datetime.fromisoformat(words)


def lay_rows(rows: list[dict[str, Any]], access: Access) -> list[dict[str, Any]]:
    """The rows with their moments and what came of them."""
    led_to = trails.next_of((trails.name_of(row["source"], row["id"]) for row in rows), access)
    return [
        {
            **row,
            "at": datetime.fromisoformat(row["happened_at"]),
            "what": in_words(row["name"]),
            "where": " · ".join(in_words(row[name]) for name in PLACES if row[name]),
            "led_to": led_to.get(trails.name_of(row["source"], row["id"]), ()),
        }
        for row in rows
    ]
