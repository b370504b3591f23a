"""You said, we did: written and published by the office, read by anybody who has the link."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openxmo.core.errors import NotAllowed, UserError
from openxmo.office.accounts.roles import Right
from openxmo.office.act import telling
from openxmo.office.act.forms import NoteWriteForm, ToldForm
from openxmo.office.act.models import Note
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to, open_to_link, open_to_signed_in

WITHIN_DAYS = 90  # in which what was said is told back, by the standard


@open_to_signed_in
@require_http_methods(["GET", "POST"])
def notes(request: OfficeRequest) -> HttpResponse:
    writes = request.access.has(Right.RECOMMEND)
    form = NoteWriteForm(request.POST if writes and request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        about = [name for name in said.pop("about").replace(",", " ").split() if name]
        try:
            telling.write_note(**said, about=about, by=request.access.name, at=now())
        except UserError as error:
            form.add_error(None, error.told)
        else:
            messages.success(request, _("Written. Nobody outside sees it before you publish it."))
            return redirect("act-notes")
    rows = notes_of(request)
    published = [row for row in rows if row.published_at]
    context = {
        "notes": [(row, is_late(row)) for row in rows[:100]],
        "within": WITHIN_DAYS,
        "published": len(published),
        "told": sum(row.told_to for row in published),
        "writes": writes,
        "form": form,
        "told_form": ToldForm(),
    }
    return render(request, "act/notes.html", context, status=422 if form.is_bound else 200)


@open_to(Right.RECOMMEND)
@require_POST
def publish(request: OfficeRequest, slug: str) -> HttpResponse:
    found = find_own(request, slug)
    try:
        telling.publish_note(note=found, by=request.access.name, at=now())
        messages.success(request, _("Published: whoever has the link reads it."))
    except UserError as error:
        messages.error(request, error.told)
    return redirect("act-notes")


@open_to(Right.RECOMMEND)
@require_POST
def told(request: OfficeRequest, slug: str) -> HttpResponse:
    found, form = find_own(request, slug), ToldForm(request.POST)
    if form.is_valid():
        telling.count_told(note=found, **form.cleaned_data, by=request.access.name, at=now())
        messages.success(request, _("Kept."))
    else:
        messages.error(request, _("Give a whole number."))
    return redirect("act-notes")


@open_to_link(why="those who spoke are told what came of it; nothing stands there before it is published")
@require_GET
def note(request: OfficeRequest, slug: str) -> HttpResponse:
    found = find(slug)
    if found.published_at is None:
        raise Http404(_("There is nothing here."))
    return render(request, "act/note.html", {"note": found})


def is_late(note: Note) -> bool:
    """Whether those who spoke have waited longer than the standard allows, or did until they were told."""
    told = note.published_at or now()
    return note.heard_in is not None and told.date() > note.heard_in + timedelta(days=WITHIN_DAYS)


def find(slug: str) -> Note:
    found = Note.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(_("There is nothing here."))
    return found


def notes_of(request: OfficeRequest) -> QuerySet[Note]:
    """What is published, and for who writes: the drafts of the whole office and of their units."""
    rows, access = Note.objects.all(), request.access
    if not access.has(Right.RECOMMEND):
        return rows.filter(published_at__isnull=False)
    if access.units is None:
        return rows
    own = Q(unit="") | Q(unit__in=sorted(access.units)) | Q(written_by=access.name)
    return rows.filter(own | Q(published_at__isnull=False))


def find_own(request: OfficeRequest, slug: str) -> Note:
    """A note that this person may publish, and say to how many it was told."""
    found, access = find(slug), request.access
    if found.unit and not access.sees_unit(found.unit) and found.written_by != access.name:
        raise NotAllowed(_("This note belongs to another unit."), mend=_("Ask whoever wrote it."))
    return found
