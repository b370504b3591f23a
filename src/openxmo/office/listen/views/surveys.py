"""Which surveys run, making a link, asking people, and who answered."""

import csv
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.office import Office
from openxmo.office.govern.practice import Survey
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.listen.actions.openings import Invited, close_opening, invite, open_survey
from openxmo.office.listen.forms import InviteForm, OpeningForm
from openxmo.office.listen.heard import PLACES
from openxmo.office.listen.links import address_of
from openxmo.office.listen.models import Opening
from openxmo.office.listen.permissions import can_ask, check_ask
from openxmo.office.listen.queries.asked import limits_of
from openxmo.office.listen.queries.funnel import find_funnels
from openxmo.office.listen.queries.history import why_asked
from openxmo.office.listen.queries.surveys import get_survey, opening_rows, survey_rows
from openxmo.office.listen.visibility import openings_for
from openxmo.office.listen.words import held_in_words
from openxmo.office.ui.asked import asked_of

GOOD_FOR = 30  # days


@open_to(Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS, Right.EXCLUDE_ANSWERS)
@require_safe
def surveys(request: OfficeRequest) -> HttpResponse:
    """Which surveys run?"""
    office = read_office(request.office.home)
    rows = survey_rows(office, opening_rows(request.access, at=now()))
    context = {
        "rows": rows,
        "running": [row for row in rows if row.is_open],
        "answered": sum(row.answered for row in rows),
        "last_at": max((row.last_at for row in rows if row.last_at), default=None),
        "may_ask": request.access.has(Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS),
    }
    return render(request, "listen/surveys.html", context)


@open_to(Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS)
@require_http_methods(["GET", "HEAD", "POST"])
def make_link(request: OfficeRequest, key: str) -> HttpResponse:
    """Open a survey: one public link, or personal ones."""
    office = read_office(request.office.home)
    survey = find_or_404(office, key)
    sent = request.POST if request.method == "POST" else None
    form = OpeningForm(sent, office=office, units=request.access.units)
    if sent is not None and form.is_valid():
        found = form.cleaned_data
        check_ask(request.access, found["unit"])
        at = now()
        opening = Opening(
            survey=survey.key,
            label=found["label"],
            personal=found["personal"] == "yes",
            valid_from=at,
            valid_to=start_of(found["valid_to"], office),
            **{name: found[name] for name in PLACES},
        )
        open_survey(opening, home=request.office.home, by=request.access.name, at=at)
        messages.success(request, gettext("The survey is open."))
        return redirect("listen:opening", opening.pk)
    status = 422 if sent is not None else 200
    return render(request, "listen/make_link.html", {"form": form, "survey": survey}, status=status)


def start_of(day: object, office: Office) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time(), ZoneInfo(office.settings.zone))  # type: ignore[arg-type]


def find_or_404(office: Office, key: str) -> Survey:
    if key not in {survey.key for survey in office.surveys}:
        raise Http404
    return get_survey(office, key)


@open_to(Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS, Right.EXCLUDE_ANSWERS)
@require_safe
def opening(request: OfficeRequest, key: int) -> HttpResponse:
    """Who was asked, who answered? Of one link, or one round of personal ones."""
    return show_opening(request, key, InviteForm(initial={"expires_in": GOOD_FOR}))


def show_opening(request: OfficeRequest, key: int, form: InviteForm, status: int = 200) -> HttpResponse:
    rows = opening_rows(request.access, at=now(), only=key)
    if not rows:
        raise Http404
    row = rows[0]
    office = read_office(request.office.home)
    surveys = {survey.key: survey for survey in office.surveys}
    held = row.opening.askings.exclude(held="")
    context = {
        "row": row,
        "survey": surveys.get(row.opening.survey),
        "address": "" if row.opening.personal else address_of(row.opening),
        "form": form,
        "limits": limits_of(office),
        "held": held.count(),
        "may_ask": can_ask(request.access, row.opening.unit),
    }
    return render(request, "listen/opening.html", context, status=status)


@open_to(Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS)
@require_POST
def close(request: OfficeRequest, key: int) -> HttpResponse:
    found = find_opening(request, key)
    close_opening(found, by=request.access.name, at=now())
    messages.success(request, gettext("The survey is closed. The answers that were given stay."))
    return redirect("listen:opening", key)


def find_opening(request: OfficeRequest, key: int) -> Opening:
    found = openings_for(request.access).filter(pk=key).first()
    if found is None:
        raise Http404
    check_ask(request.access, found.unit)
    return found


@open_to(Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS)
@require_POST
def ask(request: OfficeRequest, key: int) -> HttpResponse:
    """Personal links for a list of people, as CSV; who is not asked stands in it with the reason."""
    found = find_opening(request, key)
    form = InviteForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_opening(request, key, form, status=422)
    at = now()
    invited = invite(
        found,
        form.cleaned_data["invitees"],
        home=request.office.home,
        expires_at=at + timedelta(days=form.cleaned_data["expires_in"]),
        by=request.access.name,
        at=at,
    )
    return as_csv(invited, name=f"links-{found.pk}.csv")


def as_csv(invited: list[Invited], *, name: str) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(["subject", "account", "contact", "link", "asked", "why_not"])
    for one in invited:
        who = one.invitee
        why = held_in_words(one.held.why, one.held.until) if one.held else ""
        cells = [who.subject, who.account, who.contact, one.address, "yes" if one.address else "no", str(why)]
        writer.writerow([harmless(cell) for cell in cells])
    return response


def harmless(cell: str) -> str:
    """A cell that a sheet takes for text, not for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


@open_to(Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS, Right.EXCLUDE_ANSWERS)
@require_safe
def asked(request: OfficeRequest) -> HttpResponse:
    """Who was asked, who answered? And why was this person (not) asked?"""
    asked_for = asked_of(request)
    subject = request.GET.get("subject", "").strip()[:300]
    context = {
        "funnels": find_funnels(request.office, unit=asked_for.unit, since=asked_for.since, until=asked_for.until),
        "subject": subject,
        "history": why_asked(request.office, request.access, subject, at=now()) if subject else None,
        "limits": limits_of(read_office(request.office.home)),
    }
    return render(request, "listen/asked.html", context)
