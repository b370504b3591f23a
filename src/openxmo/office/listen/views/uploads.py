"""What do you want to know? From a file somebody has to the first score with its interval."""

import tomllib
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openxmo.core.errors import UserError
from openxmo.core.signals.mapping import MappedRow
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.actions import put
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.listen.actions import uploads
from openxmo.office.listen.actions.uploads import Described
from openxmo.office.listen.forms import FileForm
from openxmo.office.listen.models import FileImport
from openxmo.office.listen.queries import first_look
from openxmo.office.listen.questions_form import QuestionsForm
from openxmo.office.listen.states import LABELS, ImportState
from openxmo.office.listen.tasks import run_import
from openxmo.office.listen.visibility import files_for
from openxmo.office.listen.words import rejected_in_words

POLLED = (ImportState.WAITING, ImportState.RUNNING)


@open_to(Right.IMPORT_SIGNALS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: OfficeRequest) -> HttpResponse:
    """Choose a file."""
    sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if sent else FileForm()
    if sent and form.is_valid():
        file = cast(UploadedFile[Any], form.cleaned_data["file"])
        try:
            record = uploads.take_upload(
                request.office.home,
                file.name or "file",
                file.chunks(),
                size=file.size or 0,
                source=form.cleaned_data["source"],
                by=request.access.name,
                at=now(),
            )
        except UserError as error:
            form.add_error("file", f"{error.what} {error.mend}".strip())
        else:
            return redirect("listen:file", record.pk)
    context = {"form": form, "waiting": files_for(request.access).exclude(state=ImportState.DONE)[:10]}
    return render(request, "listen/begin.html", context, status=422 if sent else 200)


def find_file(request: OfficeRequest, key: int) -> FileImport:
    found = files_for(request.access).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@open_to(Right.IMPORT_SIGNALS, Right.CHANGE_OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: OfficeRequest, key: int) -> HttpResponse:
    """One file: its open questions and what it would become; then how far it is; then what it tells."""
    record = find_file(request, key)
    if record.state == ImportState.DONE:
        return show_first_look(request, record)
    request.office.require(Right.IMPORT_SIGNALS)  # who may only change the office sees what a stored file tells
    if record.state in POLLED:
        return show_progress(request, record)
    described = uploads.describe_file(request.office.home, record)
    if request.method == "POST":
        form = QuestionsForm(request.POST, described=described, zone=request.office.definitions.zone)
        if form.is_valid():
            uploads.save_answers(record, form.answers())
            return redirect("listen:file", key)
        return show_questions(request, described, form, status=422)
    form = QuestionsForm(described=described, zone=request.office.definitions.zone)
    return show_questions(request, described, form)


def show_questions(request: OfficeRequest, described: Described, form: forms.Form, status: int = 200) -> HttpResponse:
    home, found = request.office.home, described
    context: dict[str, Any] = {"file": found.record, "described": found, "form": form, "state": found.record.state}
    if found.ready:
        context["preview"] = shown_rows(uploads.preview(home, found))
        checked, why_not = uploads.check_upload(home, found, by=request.access.name, at=now())
        reasons = checked.reasons.items() if checked else ()
        context |= {"check": checked, "no_check": why_not}
        context["reasons"] = [(rejected_in_words(code), count) for code, count in reasons]
    return render(request, "listen/file.html", context, status=status)


def show_progress(request: OfficeRequest, record: FileImport) -> HttpResponse:
    context = {"file": record, "state": LABELS[ImportState(record.state)]}
    template = "listen/_progress.html" if request.htmx else "listen/progress.html"
    return render(request, template, context)


def show_first_look(request: OfficeRequest, record: FileImport) -> HttpResponse:
    if request.htmx:  # the page that polled is shown anew as a whole
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    session = request.office
    heard = first_look.what_came(session, record.batch, first=names_in(record.mapping)) if record.batch else []
    main = next((one for one in heard if first_look.metric_for(session, one)), None)
    metric = first_look.metric_for(session, main) if main else None
    context: dict[str, Any] = {"file": record, "result": record.result, "heard": heard, "metric": metric}
    proposals = [first_look.propose(session, one) for one in heard]
    context["proposals"] = [proposal for proposal in proposals if proposal]
    context["may_change"] = request.access.has(Right.CHANGE_OFFICE)
    context["may_import"] = request.access.has(Right.IMPORT_SIGNALS)
    if main and metric:
        guarded = first_look.is_guarded(metric)
        cuts = [] if guarded else first_look.cuts_of(session, record.batch, main.name)
        context |= {
            "facts": first_look.facts(session, record.batch, heard, main, metric, cuts),
            "cell": first_look.score_rows(session, record.batch, metric)[0],
            "explore": first_look.address_of(metric, cuts[0] if cuts else ""),
        }
    context["lacks"] = first_look.lacks(session, record.batch) if heard else []
    return render(request, "listen/first_look.html", context)


def names_in(mapping: str) -> list[str]:
    """What the mapping makes, the main measure first."""
    found = tomllib.loads(mapping) if mapping else {}
    return [str(signal.get("name", "")) for signal in found.get("signal", ())]


def shown_rows(rows: list[MappedRow]) -> list[dict[str, Any]]:
    """Rows as signals for people: moments as moments."""
    return [
        {"line": row.line, "error": row.error, "signals": [shown_signal(signal) for signal in row.signals]}
        for row in rows
    ]


def shown_signal(signal: dict[str, Any]) -> dict[str, Any]:
    said = signal.get("happened_at")
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else said
    except ValueError:
        at = None
    zoned = at if isinstance(at, datetime) and at.tzinfo else None
    return {**signal, "at": zoned, "said_at": said}


@open_to(Right.IMPORT_SIGNALS)
@require_POST
def store(request: OfficeRequest, key: int) -> HttpResponse:
    """Store the file: the worker does it, and the page may be left."""
    record = find_file(request, key)
    uploads.start(record, home=request.office.home, enqueue=run_import.enqueue, by=request.access.name, at=now())
    return redirect("listen:file", key)


@open_to(Right.IMPORT_SIGNALS)
@require_POST
def stop(request: OfficeRequest, key: int) -> HttpResponse:
    uploads.ask_to_stop(find_file(request, key), by=request.access.name, at=now())
    messages.success(request, gettext("The import stops; nothing of it is stored."))
    return redirect("listen:file", key)


@open_to(Right.IMPORT_SIGNALS)
@require_safe
def mapping(request: OfficeRequest, key: int) -> HttpResponse:
    """The mapping that was made, for `xmo import --mapping`."""
    record = find_file(request, key)
    text = record.mapping or uploads.mapping_text(uploads.describe_file(request.office.home, record))
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{record.pk}.toml"'
    return response


@open_to(Right.CHANGE_OFFICE)
@require_POST
def measure(request: OfficeRequest, key: int) -> HttpResponse:
    """Put the metric that was proposed for this file into the office."""
    record = find_file(request, key)
    wanted = request.POST.get("metric", "")
    for one in first_look.what_came(request.office, record.batch):
        proposal = first_look.propose(request.office, one)
        if proposal and proposal.metric.key == wanted:
            put(request.office.home, proposal.metric, by=request.access.name, at=now())
            messages.success(request, gettext("%s is measured from now on.") % (proposal.metric.label or wanted))
    return redirect("listen:file", key)
