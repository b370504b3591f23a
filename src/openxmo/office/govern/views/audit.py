"""Who did what, and what is held about me."""

import csv
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from openxmo.core.errors import WrongUsage
from openxmo.core.release import LookLog
from openxmo.office.accounts.actions import sessions_of
from openxmo.office.accounts.audit import tell
from openxmo.office.accounts.models import ApiKey, AuditEvent, User
from openxmo.office.accounts.roles import ROLES, Right
from openxmo.office.govern import auditing
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import find_person, read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to, open_to_signed_in

A_PAGE = 50
UNSAFE = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet begins a formula


@open_to(Right.READ_AUDIT)
@require_GET
def audit(request: OfficeRequest) -> HttpResponse | StreamingHttpResponse:
    found = _asked(request)
    if request.GET.get("as") == "csv":
        return _as_csv(found)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    deeds = AuditEvent.objects.values_list("what", flat=True).distinct()
    context = {
        "page": page,
        "lines": [auditing.present(event, request.access) for event in page.object_list],
        "count": page.paginator.count,
        "people": AuditEvent.objects.order_by("by").values_list("by", flat=True).distinct(),
        "deeds": sorted(((deed, tell(deed)) for deed in deeds), key=itemgetter(1)),
        "chosen": {name: request.GET.get(name, "") for name in ("by", "what", "since", "until")},
        "query": _query(request),
    }
    return render(request, "govern/audit.html", context)


def _asked(request: OfficeRequest) -> Any:
    try:
        since, until = auditing.days_of(request.GET.get("since", ""), request.GET.get("until", ""))
    except ValueError:
        raise WrongUsage(_("That is no day."), mend=_("Write it as 2026-01-31.")) from None
    return auditing.find_events(
        by=request.GET.get("by", ""),
        what=request.GET.get("what", ""),
        since=since,
        until=until,
        zone=read_office(served_home()).settings.zone,
    )


def _query(request: OfficeRequest) -> str:
    given = request.GET.copy()
    for name in ("page", "as"):
        given.pop(name, None)
    return given.urlencode()


class Echo:
    """Hands a row back as it is written."""

    def write(self, value: str) -> str:
        return value


def _as_csv(found: Any) -> StreamingHttpResponse:
    writer = csv.writer(Echo())

    def rows() -> Iterator[str]:
        yield writer.writerow(["at", "by", "what", "on"])
        for event in found.iterator():
            yield writer.writerow([event.at.isoformat(), _safe(event.by), _safe(event.what), " ".join(event.on)])

    answer = StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _safe(words: str) -> str:
    return f"'{words}" if words.startswith(UNSAFE) else words


@open_to_signed_in
@require_GET
def mine(request: OfficeRequest) -> HttpResponse:
    home, name = served_home(), request.access.name
    person = find_person(home, name)
    user = User.objects.get(username=name)
    looks = LookLog(home.office / "audit" / "looks.ndjson")
    seen = list(looks.looks_at(person.agent))[::-1] if person.agent else []
    mine = auditing.find_events(by=name)
    context = {
        "person": person,
        "user": user,
        "roles": [ROLES[role] for role in person.roles if role in ROLES],
        "looks": seen[:A_PAGE],
        "looks_count": len(seen),
        "lines": [auditing.present(event, request.access) for event in mine[:A_PAGE]],
        "count": mine.count(),
        "sessions": len(sessions_of(user)),
        "keys": ApiKey.objects.filter(acts_as=name),
        "retention": read_office(home).settings.retention,
    }
    return render(request, "govern/mine.html", context)
