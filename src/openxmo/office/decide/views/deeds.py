"""What can be done with an idea, one deed each: each goes back to the idea's page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from openxmo.core.decide.kano import ANSWERS
from openxmo.core.errors import WrongUsage
from openxmo.office.accounts.roles import Right
from openxmo.office.decide import actions, asking, estimating, forms, surveying
from openxmo.office.decide.board import ASKS, CATEGORIES, NAMES
from openxmo.office.decide.models import Item
from openxmo.office.decide.permissions import check_keep
from openxmo.office.decide.states import State
from openxmo.office.decide.views.frame import Frame
from openxmo.office.decide.views.items import context_of, read_evidence, to_item
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to


def kept(request: OfficeRequest, item_id: int) -> tuple[Frame, Item]:
    """The item, for somebody who may change it."""
    frame = Frame(request)
    item = frame.find(item_id)
    check_keep(request.access, item)
    return frame, item


@open_to(Right.KEEP_BACKLOG)
@require_POST
def move(request: OfficeRequest, item_id: int) -> HttpResponse:
    frame, item = kept(request, item_id)
    to = request.POST.get("to", "")
    if to not in State.values:
        raise WrongUsage(
            gettext("“%(to)s” is no state of an idea.") % {"to": to[:40]},
            mend=gettext("It is one of %(states)s.") % {"states": ", ".join(State.values)},
        )
    reason = request.POST.get("reason", "")
    if to == State.DECLINED and not reason.strip():
        wrong = gettext("Declining an idea takes a reason: whoever brought it will read it.")
        return render(request, "decide/item.html", context_of(frame, item, decline_wrong=wrong), status=422)
    actions.move_item(item=item, to=State(to), words=frame.words, reason=reason, by=frame.by, at=frame.at)
    return to_item(item)


@open_to(Right.KEEP_BACKLOG)
@require_POST
def merge(request: OfficeRequest, item_id: int) -> HttpResponse:
    frame, item = kept(request, item_id)
    into = request.POST.get("into", "")
    if not into.isdigit():
        raise WrongUsage(gettext("No other idea is chosen."), mend=gettext("Choose the one that this one goes into."))
    other = frame.find(int(into))
    check_keep(request.access, other)
    actions.merge_item(item=item, into=other, by=frame.by, at=frame.at)
    messages.success(request, gettext("“%s” went into this idea. It can be undone below.") % item.title)
    return to_item(other)


@open_to(Right.KEEP_BACKLOG)
@require_POST
def undo(request: OfficeRequest, item_id: int) -> HttpResponse:
    frame, item = kept(request, item_id)
    actions.undo_merge(item=item, by=frame.by, at=frame.at)
    messages.success(request, gettext("The merge is undone."))
    return to_item(item)


@open_to(Right.KEEP_BACKLOG)
@require_POST
def evidence(request: OfficeRequest, item_id: int) -> HttpResponse:
    frame, item = kept(request, item_id)
    brought = read_evidence(request.POST.getlist("evidence"))  # from the page of a new idea that is this one
    if brought:
        for thing, count in brought:
            actions.add_evidence(item=item, thing=thing, count=count, by=frame.by, at=frame.at)
        return to_item(item)
    form = forms.EvidenceForm(request.POST)
    if not form.is_valid():
        return render(request, "decide/item.html", context_of(frame, item, evidence_form=form), status=422)
    actions.add_evidence(item=item, by=frame.by, at=frame.at, **form.cleaned_data)
    return to_item(item)


@open_to(Right.KEEP_BACKLOG)
@require_POST
def drop_evidence(request: OfficeRequest, item_id: int, evidence_id: int) -> HttpResponse:
    frame, item = kept(request, item_id)
    actions.drop_evidence(item=item, evidence_id=evidence_id, by=frame.by, at=frame.at)
    return to_item(item)


@open_to(Right.KEEP_BACKLOG)
@require_POST
def actual(request: OfficeRequest, item_id: int) -> HttpResponse:
    frame, item = kept(request, item_id)
    form = forms.ActualForm(request.POST, currency=frame.currency)
    if form.is_valid():
        data = form.cleaned_data
        try:
            estimating.record_actual(
                item=item,
                quantity=data["quantity"],
                value=data["value"],
                unit=estimating.unit_of(data["quantity"], frame.currency),
                currency=frame.currency,
                note=data["note"],
                by=frame.by,
                at=frame.at,
            )
        except WrongUsage as error:
            form.add_error("value", f"{error.what} {error.mend}".strip())
        else:
            messages.success(request, gettext("Noted: the estimates are compared with it."))
            return to_item(item)
    return render(request, "decide/item.html", context_of(frame, item, actual_form=form), status=422)


@open_to(Right.CHANGE_OFFICE)
@require_POST
def ask_feelings(request: OfficeRequest, item_id: int) -> HttpResponse:
    """Kano's two questions about an idea become a survey, which is then opened like any other."""
    frame, item = kept(request, item_id)
    made = surveying.ask_feelings(request.office.home, frame.office, item=item, by=frame.by, at=frame.at)
    messages.success(request, gettext("The survey “%s” stands. Open a link to it, and its answers count.") % made.label)
    return redirect("listen:surveys")


@open_to(Right.KEEP_BACKLOG)
@require_http_methods(["GET", "HEAD", "POST"])
def estimate(request: OfficeRequest, item_id: int) -> HttpResponse:
    """What one person thinks of an idea, for as many of the four rankings as they can."""
    frame, item = kept(request, item_id)
    blocks = estimate_blocks(frame, item)
    if request.method != "POST":
        return render(request, "decide/estimate.html", estimate_context(frame, item, blocks, {}, {}))
    given = request.POST.dict()
    keys = [question.key for _, questions in blocks for question in questions]
    found, wrong = forms.read_estimates(given, keys)
    feelings = None
    try:
        feelings = forms.read_feelings(given)
    except WrongUsage as error:
        wrong["kano"] = f"{error.what} {error.mend}".strip()
    if wrong or not (found or feelings):
        context = estimate_context(frame, item, blocks, given, wrong, nothing=not wrong)
        return render(request, "decide/estimate.html", context, status=422)
    units = {key: estimating.unit_of(key, frame.currency) for key in found}
    note = given.get("note", "")
    estimating.record_estimates(
        item=item, estimates=found, units=units, currency=frame.currency, note=note, by=frame.by, at=frame.at
    )
    if feelings:
        estimating.record_feelings(item=item, given=feelings, note=note, by=frame.by, at=frame.at)
    messages.success(request, gettext("Your estimates stand beside those of others."))
    return redirect("decide-item", item_id=item.pk)


Blocks = list[tuple[str, list[asking.Question]]]


def estimate_blocks(frame: Frame, item: Item) -> Blocks:
    held = [str(key).rpartition(".")[2] for key in item.estimates.values_list("quantity", flat=True)]
    years = max([asking.YEARS, *(int(year) for year in held if year.isdigit())])
    return [(framework, asking.questions(framework, frame.currency, years)) for framework in ("wsjf", "rice", "money")]


def estimate_context(
    frame: Frame, item: Item, blocks: Blocks, given: dict[str, Any], wrong: dict[str, str], *, nothing: bool = False
) -> dict[str, Any]:
    """The form as it was filled in; at first, with what the person thought last."""
    last = {row.quantity: row for row in item.estimates.filter(made_by=frame.by)}

    def value(side: str, key: str) -> str:
        if given:
            return str(given.get(f"{side}:{key}", ""))
        return f"{getattr(last[key], side):.12g}" if key in last else ""

    def line(question: asking.Question) -> dict[str, Any]:
        sides = [(side, SIDE_WORDS[side](), value(side, question.key)) for side in asking.SIDES]
        return {"question": question, "sides": sides, "wrong": wrong.get(question.key, "")}

    return {
        "item": item,
        "blocks": [
            {"name": NAMES[framework], "asks": ASKS[framework], "lines": [line(question) for question in questions]}
            for framework, questions in blocks
        ],
        "kano": [(letter, label, given.get(f"kano:{letter}", "")) for letter, label in CATEGORIES.items()],
        "pairs": pair_table(given),
        "wrong": wrong,
        "nothing": nothing,
        "note": given.get("note", ""),
    }


SIDE_WORDS: dict[str, Callable[[], str]] = {
    "low": lambda: gettext("low"),
    "likely": lambda: gettext("likely"),
    "high": lambda: gettext("high"),
}


def pair_table(given: dict[str, Any]) -> list[dict[str, Any]]:
    """Kano's twenty-five pairs: a row for each answer with the feature, a cell for each without."""
    answers = dict(zip(ANSWERS, surveying.answers(), strict=True))
    return [
        {
            "label": label,
            "cells": [
                {"pair": first + second, "label": other, "value": given.get(f"pair:{first + second}", "")}
                for second, other in answers.items()
            ],
        }
        for first, label in answers.items()
    ]
