"""*What is {metric}, by {dimensions}?*"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from openxmo.core.errors import NotAllowed, UserError
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.periods import period_on
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.few import why_whole
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.govern.session import Session
from openxmo.office.lib.entry import open_to
from openxmo.office.lib.marks import Mark, find_marks
from openxmo.office.understand import agreements, exploring
from openxmo.office.understand.address import WHERE, Question, read_question
from openxmo.office.understand.cuts import cuts_of, label_of, paces_of, values_of

UNSAFE = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet begins a formula


@open_to(Right.READ_SCORES)
def explore(request: OfficeRequest) -> HttpResponse:
    office = request.office
    question = read_question(request, default=first_metric(office))
    if not question.metric:
        return render(request, "understand/explore.html", {"nothing": True})
    if question.metric in office.definitions.xlas:
        return show_agreement(request, office, question)
    metric = office.metric(question.metric)
    context = frame_of(office, question, metric, request.GET.get("narrow", ""))
    try:
        found = exploring.explore(office, question, sort=request.GET.get("sort", ""))
    except UserError as error:
        status = 403 if isinstance(error, NotAllowed) else 400
        return render(request, "understand/explore.html", {**context, "refused": error}, status=status)
    if request.GET.get("as") == "csv":
        return as_csv(metric.key, found.released.to_records())
    ambition = ambition_of(office, metric)
    marks, deeds = happened(request, metric, found)
    context |= {
        "found": found,
        "mixed": ", ".join(found.released.result.mixed),
        "twins": twins_of(office, question, metric),
        "weighting": label_of(metric.weight_by, office.definitions) if metric.weight_by else "",
        "ambition": ambition,
        "chart": exploring.draw(found, ambition=ambition, marks=marks),
        "happened": deeds,
        "behind": question.narrowed({}).address("understand-signals"),
        "csv": question.address("understand-explore", **{"as": "csv"}),
        "why": replace(question, by=(), every=None).address("understand-why"),
        "sorts": sorts_of(question, request.GET.get("sort", "")) if found.sortable else (),
    }
    return render(request, "understand/explore.html", context)


def first_metric(office: Session) -> str:
    """What the page opens with: the first metric that is strived for, else the first of all."""
    definitions = office.definitions
    strived = [each.metric for each in definitions.ambitions.values() if each.metric]
    return next(iter([*strived, *definitions.metrics]), "")


def frame_of(office: Session, question: Question, metric: Metric, narrow: str) -> dict[str, Any]:
    """What the form above the answer offers."""
    definitions = office.definitions
    cuts = cuts_of(office, metric)
    offered = {cut.key for cut in cuts if not cut.refused}
    narrowed = dict.fromkeys([name for name, _ in question.where])
    if narrow in offered:
        narrowed.setdefault(narrow)
    return {
        "question": question,
        "metric": metric,
        "metrics": [(each.key, each.label or each.key) for each in definitions.metrics.values()],
        "xlas": [(each.key, each.label or each.key) for each in definitions.xlas.values()],
        "cuts": cuts,
        "why_whole": why_whole(office) if metric.experience == "employee" else "",
        "by": [label_of(name, definitions) for name in question.by],
        "conditions": [
            {
                "name": WHERE + name,
                "label": label_of(name, definitions),
                "chosen": [value for key, value in question.where if key == name],
                "values": values_of(office, name, metric) if name in offered else (),
                "without": replace(question, where=tuple(pair for pair in question.where if pair[0] != name)).address(
                    "understand-explore"
                ),
            }
            for name in narrowed
        ],
        "every_offered": paces_of(metric),
    }


def ambition_of(office: Session, metric: Metric) -> float | None:
    found = [each.target for each in office.definitions.ambitions.values() if each.metric == metric.key]
    return found[0] if found else None


def twins_of(office: Session, question: Question, metric: Metric) -> list[tuple[str, str]]:
    """The same answers weighed otherwise: their labels and addresses, for who wishes to see them so."""

    def told(one: Metric) -> tuple[Any, ...]:
        return (one.signal, one.score, one.where, one.once_per)

    return [
        (one.label or one.key, replace(question, metric=one.key).address("understand-explore"))
        for one in office.definitions.metrics.values()
        if told(one) == told(metric) and one.weight_by != metric.weight_by
    ]


def happened(
    request: OfficeRequest, metric: Metric, found: exploring.Exploration
) -> tuple[list[Mapping[str, str]], list[Mark]]:
    """What happened within the periods shown: marks of the chart, and those among them that have a page.

    Where the definition changed, and what was done to move the metric.
    """
    every, zone = found.every, ZoneInfo(request.office.definitions.zone)
    if every is None:
        return [], []
    shown = {line.period for line in found.drawn}
    changed = request.office.definitions.breaks.get(f"metric:{metric.key}", ())
    marks = [Mark(date.fromisoformat(day[:10]), gettext("definition changed"), "") for day in changed]
    marks += find_marks(metric.key, request.access)
    placed = [(period_on(mark.day, every, zone).label, mark) for mark in marks]
    inside = [(label, mark) for label, mark in placed if label in shown]
    return [{"at": at, "label": mark.label} for at, mark in inside], [mark for _, mark in inside if mark.address]


def sorts_of(question: Question, chosen: str) -> dict[str, str]:
    """For each column the address that orders by it, the other way round if it already does."""
    return {
        name: question.address("understand-explore", sort=name if chosen == f"-{name}" else f"-{name}")
        for name in exploring.SORTS
    }


def as_csv(name: str, records: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """The released rows as a file."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    names = list(dict.fromkeys(key for record in records for key in record))
    writer = csv.writer(response)
    writer.writerow(names)
    writer.writerows([safe(record.get(key)) for key in names] for record in records)
    return response


def safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(UNSAFE) else value


def show_agreement(request: OfficeRequest, office: Session, question: Question) -> HttpResponse:
    """An agreement is not cut: its components are, each on its own page."""
    xla = office.definitions.xlas[question.metric]
    whole = agreements.score_agreement(office, xla, question)
    trend = agreements.score_by_period(office, xla, replace(question, every=question.every or "month"))
    target = next((each.target for each in office.definitions.ambitions.values() if each.xla == xla.key), None)
    spec = {
        "kind": "band",
        "x": [label for label, _ in trend],
        "series": [
            {
                "name": xla.label or xla.key,
                **{
                    key: [each.cell[side] for _, each in trend]
                    for key, side in (("values", "value"), ("low", "low"), ("high", "high"))
                },
            }
        ],
        **({} if target is None else {"ambition": target}),
    }
    parts = list(zip(whole.metrics, whole.measured, strict=True))
    context = {
        "question": question,
        "xla": xla,
        "agreement": whole,
        "ambition": target,
        "chart": spec,
        "parts": [
            {
                "metric": metric,
                "component": component,
                "cell": None if measured is None else {**measured.to_document(), "min_n": metric.min_n},
                "scored": scored,
                "explore": replace(question, metric=metric.key, by=(), every=None).address("understand-explore"),
                "behind": replace(question, metric=metric.key, by=(), every=None).address("understand-signals"),
            }
            for (metric, measured), component, scored in zip(
                parts, xla.components, whole.score.components if whole.score else [None] * len(parts), strict=True
            )
        ],
        "metrics": [(each.key, each.label or each.key) for each in office.definitions.metrics.values()],
        "xlas": [(each.key, each.label or each.key) for each in office.definitions.xlas.values()],
        "every_offered": paces_of(None),
    }
    return render(request, "understand/agreement.html", context)
