"""What came in, and did we lose any? Sources, imports, one import with its rejects and its undoing."""

import csv
from collections.abc import Iterator, Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to
from openxmo.office.listen import actions
from openxmo.office.listen.forms import ReasonForm
from openxmo.office.listen.heard import SOURCE
from openxmo.office.listen.permissions import can_withdraw
from openxmo.office.listen.queries.imports import (
    Reject,
    find_import,
    find_rejects,
    import_rows,
    read_rejects,
    reconcile,
)
from openxmo.office.listen.states import ImportState
from openxmo.office.listen.views.surveys import harmless
from openxmo.office.listen.visibility import files_for
from openxmo.office.listen.words import rejected_in_words

A_PAGE = 12


@open_to(Right.IMPORT_SIGNALS)
@require_safe
def imports(request: OfficeRequest) -> HttpResponse:
    """What came in, and did we lose any?"""
    home = request.office.home
    rows = import_rows(home)
    sources = request.office.sources().result
    single = [row for row in rows if row.is_answers]
    page = Paginator([row for row in rows if not row.is_answers], A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sources": [(label_of(row.source, sources.labels), row) for row in sources.rows],
        "page": page,
        "rows": [(label_of(row.receipt.source, sources.labels), row) for row in page],
        "answers": len(single),
        "sums": reconcile(rows),
        "waiting": files_for(request.access).exclude(state=ImportState.DONE)[:10],
        "inbox": sum(1 for path in home.inbox.iterdir() if not path.name.startswith(".")),
    }
    return render(request, "listen/imports.html", context)


def label_of(source: str | None, labels: Mapping[str, str]) -> str:
    """A source as the office calls it, empty for several; the office's own links need no declaring."""
    if source is None:
        return ""
    return labels.get(source) or (gettext("Surveys of this office") if source == SOURCE else source)


@open_to(Right.IMPORT_SIGNALS)
@require_safe
def one_import(request: OfficeRequest, key: str) -> HttpResponse:
    return show_import(request, key, ReasonForm())


def show_import(request: OfficeRequest, key: str, form: ReasonForm, status: int = 200) -> HttpResponse:
    home = request.office.home
    row = find_import(home, key)
    if row is None:
        raise Http404
    reasons = [(rejected_in_words(code), count) for code, count in sorted(row.receipt.reasons.items())]
    context = {
        "row": row,
        "source": label_of(row.receipt.source, request.office.sources().result.labels),
        "reasons": reasons,
        "rejects": find_rejects(home, row.receipt, request.access),
        "limited": request.access.units is not None and row.receipt.by != request.access.name,
        "file": files_for(request.access).filter(batch=key).first(),
        "form": form,
        "may_undo": row.withdrawn_by is None and can_withdraw(request.access, row.receipt.by),
    }
    return render(request, "listen/import.html", context, status=status)


@open_to(Right.IMPORT_SIGNALS)
@require_safe
def rejects(request: OfficeRequest, key: str) -> StreamingHttpResponse:
    """All rows that were not taken, as CSV; what identifies people is masked."""
    home = request.office.home
    row = find_import(home, key)
    if row is None:
        raise Http404
    found = read_rejects(home, row.receipt, request.access)
    response = StreamingHttpResponse(reject_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejects-{key}.csv"'
    return response


class Line:
    """What the CSV writer writes into: gives each line back."""

    def write(self, line: str) -> str:
        return line


def reject_lines(found: Iterator[Reject]) -> Iterator[str]:
    writer = csv.writer(Line())
    yield str(writer.writerow(["file", "line", "reason", "sentence", "row"]))
    for one in found:
        yield str(writer.writerow([harmless(str(c)) for c in (one.file, one.line, one.why, one.sentence, one.row)]))


@open_to(Right.WITHDRAW_IMPORTS)
@require_POST
def undo(request: OfficeRequest, key: str) -> HttpResponse:
    """Take an import back, with a reason: its signals no longer count, and may be imported again."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show_import(request, key, form, status=422)
    done = actions.withdraw(request.office, key, reason=form.cleaned_data["reason"])
    messages.success(
        request, gettext("The import is undone: %(n)s signals no longer count.") % {"n": done["withdrawn"]}
    )
    if request.access.has(Right.IMPORT_SIGNALS):
        return redirect("listen:import", key)
    return redirect("/")
