"""*What do we measure, and what is each number worth?*"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from openxmo.core.errors import UserError
from openxmo.core.metrics.metric import Metric
from openxmo.office.accounts.roles import ROLES, Right
from openxmo.office.govern.few import why_whole
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.govern.session import Session
from openxmo.office.lib.entry import open_to
from openxmo.office.ui.asked import asked_of
from openxmo.office.understand import asking
from openxmo.office.understand.address import Question
from openxmo.office.understand.cuts import cuts_of, paces_of, values_of
from openxmo.office.understand.formulas import cadence, formula

WORTHY = ("owner", "weakness", "counter_metric")  # what every metric should have


@open_to(Right.READ_SCORES)
def measures(request: OfficeRequest) -> HttpResponse:
    office = request.office
    office.require(Right.READ_SCORES)
    rows = [describe(office, row) for row in office.catalogue().to_document()["rows"]]
    context = {
        "rows": rows,
        "lacking": [row for row in rows if not all(row[name] for name in WORTHY)],
        "why_whole": why_whole(office) if any(row["experience"] == "employee" for row in rows) else "",
        "strived": [row for row in rows if row["used_by"]],
    }
    return render(request, "understand/measures.html", context)


def describe(office: Session, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the catalogue with what the page says of it."""
    metric = office.metric(row["key"])
    return {
        **row,
        "formula": formula(metric),
        "cadence": cadence(metric),
        "owner_label": ROLES[metric.owner].label if metric.owner in ROLES else metric.owner,
        "counter_label": office.label_of(metric.counter_metric) if metric.counter_metric else "",
        "used_by": used_by(office, metric),
    }


def used_by(office: Session, metric: Metric) -> list[str]:
    """What it is strived for in, and the agreements that it is a part of."""
    definitions = office.definitions
    ambitions = [each.statement or each.key for each in definitions.ambitions.values() if each.metric == metric.key]
    agreements = [
        each.label or each.key
        for each in definitions.xlas.values()
        if any(part.metric == metric.key for part in each.components)
    ]
    return [*ambitions, *agreements]


@open_to(Right.READ_SCORES)
def measure(request: OfficeRequest, key: str) -> HttpResponse:
    office = request.office
    metric = office.metric(key)
    row = next(row for row in office.catalogue().to_document()["rows"] if row["key"] == key)
    asked = asked_of(request)
    question = Question(metric=key, period=asked.period, unit=asked.unit)
    context = {
        "metric": metric,
        "row": describe(office, row),
        "cell": current(office, question, metric),
        "sources": values_of(office, "source", metric),
        "question": question,
        "period": asked.period,
        "refused": [cut for cut in cuts_of(office, metric) if cut.refused],
        "too_fine": [pace.refused for pace in paces_of(metric) if pace.refused],
        "explore": question.address("understand-explore", every="month"),
        "why": question.address("understand-why"),
        "behind": question.address("understand-signals"),
    }
    return render(request, "understand/measure.html", context)


def current(office: Session, question: Question, metric: Metric) -> dict[str, Any] | None:
    """Its number in the period at the top; None where it cannot be pooled."""
    try:
        return asking.with_least(asking.score(office, question).to_document()["rows"][0], metric)
    except UserError:
        return None
