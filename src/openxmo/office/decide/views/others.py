"""The backlog's other questions: which ideas are the same, whom they serve, how good the estimates are, which words."""

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from openxmo.core.decide.duplicates import ALIKE
from openxmo.core.decide.items import EXPERIENCES, FACETS
from openxmo.core.decide.spread import worth_together
from openxmo.core.errors import UserError, WrongUsage
from openxmo.office.accounts.roles import Right
from openxmo.office.decide import asking, board, calibration, estimating, importing, queries, reasons, words
from openxmo.office.decide.forms import ImportForm, RateForm, WordForm
from openxmo.office.decide.models import Item
from openxmo.office.decide.permissions import can_change_words, can_keep, check_change_words, check_place
from openxmo.office.decide.views.frame import Frame
from openxmo.office.decide.vocabulary import EXPERIENCE_LABELS, LABELS
from openxmo.office.govern.gaps import relative_gap
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to
from openxmo.office.ui.asked import asked_of
from openxmo.office.ui.components.words import number, percent

MOST_BYTES = 5_000_000
MOST_PAIRS = 100


@open_to(Right.READ_SCORES)
@require_safe
def duplicates(request: OfficeRequest) -> HttpResponse:
    frame = Frame(request)
    by_id = {str(entry.item.pk): entry for entry in frame.entries}
    pairs = [(by_id[pair.first], by_id[pair.second], pair.likeness) for pair in queries.find_alike(frame.entries)]
    context = {"pairs": pairs[:MOST_PAIRS], "count": len(pairs), "alike": ALIKE, "can_keep": can_keep(request.access)}
    return render(request, "decide/duplicates.html", context)


@open_to(Right.READ_SCORES)
@require_safe
def experiences(request: OfficeRequest) -> HttpResponse:
    """Customers, employees, partners and products in one view: how many ideas, how often heard, what they are worth."""
    frame = Frame(request)
    document = frame.ranking.to_document()
    worth = {each["key"]: each["money"] for each in document["items"] if each["money"]}
    held: dict[str, list[queries.Entry]] = defaultdict(list)
    for entry in frame.entries:
        if entry.is_open:
            held[entry.item.experience].append(entry)
    asked = asked_of(request)
    gaps = request.office.gap(since=asked.since, until=asked.until).to_document()["rows"]
    lines = [experience_line(frame, word, held[word], worth) | stands(frame, gaps, word) for word in EXPERIENCES]
    count = sum(len(entries) for entries in held.values())
    return render(
        request,
        "decide/experiences.html",
        {
            "lines": lines,
            "unsaid": held[""],
            "count": count,
            "answer": experience_answer(lines, count, frame.currency),
            "currency": frame.currency,
            "period": asked.period.label,
            "metrics": any(line["metrics"] for line in lines),
        },
    )


def stands(frame: Frame, gaps: Sequence[Mapping[str, Any]], word: str) -> dict[str, Any]:
    """How an experience stands: its metrics, and the ambition about it that is furthest from its target."""
    own = [row for row in gaps if row["experience"] == word]
    known = [row for row in own if row["gap"] is not None]
    return {
        "metrics": [metric for metric in frame.office.metrics if metric.experience == word],
        "ambitions": len(own),
        "widest": max(known, key=relative_gap, default=own[0] if own else None),
    }


def experience_line(frame: Frame, word: str, entries: list[queries.Entry], worth: dict[str, Any]) -> dict[str, Any]:
    ranking = frame.ranking.result
    order = {each.item.key: place for place, each in enumerate(ranking.appraisals)}
    keys = {entry.item.key for entry in entries}
    own = [appraisal for appraisal in ranking.appraisals if appraisal.item.key in keys]
    span = worth_together(own, rate=ranking.discount_rate, seed=ranking.seed)
    found = [worth[entry.item.key] for entry in entries if entry.item.key in worth]
    first = min(
        (entry for entry in entries if entry.item.key in order), key=lambda one: order[one.item.key], default=None
    )
    return {
        "word": word,
        "label": EXPERIENCE_LABELS[word],
        "count": len(entries),
        "heard": sum(entry.heard for entry in entries),
        "npv": board.rounded(sum(one["npv"] for one in found)) if found else None,
        "range": tuple(board.rounded(end) for end in span) if span else None,
        "with_money": len(found),
        "first": first,
    }


def experience_answer(lines: list[dict[str, Any]], count: int, currency: str) -> str:  # noqa: ARG001
    if not count:
        return gettext("No idea stands in the backlog yet.")
    top = max(lines, key=lambda line: line["count"])
    none = [str(line["label"]).lower() for line in lines if not line["count"]]
    said = gettext("%(top)s of %(count)s open ideas are about %(who)s.") % {
        "top": number(top["count"]),
        "count": number(count),
        "who": str(top["label"]).lower(),
    }
    return said + (" " + gettext("Nothing is about %s.") % ", ".join(none) if none else "")


@open_to(Right.READ_SCORES)
@require_safe
def estimators(request: OfficeRequest) -> HttpResponse:
    """How good are our estimates? Shares of actuals that fell inside the range, by author."""
    frame = Frame(request)
    comparisons = calibration.compare(frame.visible())
    people = calibration.judge(comparisons)
    inside = sum(one.inside for one in comparisons)
    lines = [
        {
            "one": one,
            "label": asking.label_of(one.estimate.quantity),
            "unit": asking.unit_words(one.estimate.quantity, frame.currency),
            "range": reasons.range_words(one.estimate.low, one.estimate.likely, one.estimate.high),
        }
        for one in sorted(comparisons, key=lambda one: one.actual.measured_at, reverse=True)
    ]
    answer = gettext("No estimate has met its actual yet.")
    if comparisons:
        answer = ngettext(
            "%(inside)s of %(count)s actual fell inside the range that was estimated (%(share)s).",
            "%(inside)s of %(count)s actuals fell inside the range that was estimated (%(share)s).",
            len(comparisons),
        ) % {
            "inside": number(inside),
            "count": number(len(comparisons)),
            "share": percent(inside / len(comparisons)),
        }
    context = {"people": people, "lines": lines, "answer": answer, "enough": calibration.ENOUGH}
    return render(request, "decide/estimators.html", context)


# WORDS AND THE RATE


@open_to(Right.READ_SCORES)
@require_http_methods(["GET", "HEAD", "POST"])
def vocabulary(request: OfficeRequest) -> HttpResponse:
    """Which words do we sort ideas by? Read by all who see the backlog, changed by those who change the office."""
    frame = Frame(request)
    word_form = WordForm(office=frame.office)
    rate_form = RateForm(initial={"rate": round(frame.rate * 100, 2)})
    status = 200
    if request.method == "POST":
        check_change_words(request.access)
        done, word_form, rate_form = change_words(request, frame, word_form, rate_form)
        if done:
            return redirect("decide-vocabulary")
        status = 422
    held = {facet: [getattr(entry.item, facet) for entry in frame.entries] for facet in FACETS}
    facets = [
        {
            "key": facet,
            "label": LABELS[facet],
            "fixed": facet == "experience",
            "choices": [(choice, held[facet].count(choice.word)) for choice in frame.vocabulary[facet]],
        }
        for facet in FACETS
    ]
    context = {
        "facets": facets,
        "word_form": word_form,
        "rate_form": rate_form,
        "rate": frame.rate,
        "can_change": can_change_words(request.access),
        "total": sum(len(frame.words[facet]) for facet in FACETS),
    }
    return render(request, "decide/vocabulary.html", context, status=status)


def change_words(
    request: OfficeRequest, frame: Frame, word_form: WordForm, rate_form: RateForm
) -> tuple[bool, WordForm, RateForm]:
    """One deed of the page: whether it was done, and the forms as they go back if it was not."""
    deed = request.POST.get("deed", "")
    if deed == "retire":
        facet, word = request.POST.get("facet", ""), request.POST.get("word", "")
        words.retire_word(facet=facet, word=word, by=frame.by, at=frame.at)
        return True, word_form, rate_form
    if deed == "rate":
        rate_form = RateForm(request.POST)
        if rate_form.is_valid():
            data = rate_form.cleaned_data
            estimating.set_rate(rate=data["rate"] / 100, why=data["why"], by=frame.by, at=frame.at)
            return True, word_form, rate_form
        return False, word_form, rate_form
    word_form = WordForm(request.POST, office=frame.office)
    if not word_form.is_valid():
        return False, word_form, rate_form
    try:
        words.put_word(office=frame.office, by=frame.by, at=frame.at, **word_form.cleaned_data)
    except WrongUsage as error:
        word_form.add_error("word", error.what)
        return False, word_form, rate_form
    return True, word_form, rate_form


# IMPORT


@open_to(Right.KEEP_BACKLOG)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: OfficeRequest) -> HttpResponse:
    frame = Frame(request)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*given, office=frame.office, access=request.access)
    if request.method == "POST" and form.is_valid():
        check_place(request.access, form.cleaned_data["unit"])
        try:
            done = take_file(frame, form)
        except UserError as error:
            form.add_error("file", str(error))
        else:
            say_imported(request, done)
            return redirect("decide-backlog")
    context = {"form": form, "can_words": can_change_words(request.access), "held": Item.objects.count()}
    return render(request, "decide/import.html", context, status=422 if form.errors else 200)


def take_file(frame: Frame, form: ImportForm) -> importing.Imported:
    """The uploaded file, checked and taken in whole or not at all."""
    upload = form.cleaned_data["file"]
    if upload.size > MOST_BYTES:
        raise WrongUsage(gettext("An items file has at most 5 MB."), where=upload.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(upload.name).name
        path.write_bytes(upload.read())
        return importing.import_items(
            path,
            office=frame.office,
            unit=form.cleaned_data["unit"] or None,
            add_words=can_change_words(frame.request.access),
            access=frame.request.access,
            by=frame.by,
            at=frame.at,
        )


def say_imported(request: OfficeRequest, done: importing.Imported) -> None:
    messages.success(
        request,
        gettext("%(added)s ideas came in, %(known)s were known and brought up to date.")
        % {"added": len(done.added), "known": len(done.known)},
    )
    if done.words:
        messages.info(request, gettext("New words of facets: %s.") % ", ".join(done.words))
    if done.unknown:
        messages.warning(
            request,
            gettext("Words that the office does not have: %s. Ideas that hold them are not ranked.")
            % ", ".join(done.unknown),
        )
