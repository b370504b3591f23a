"""Where does the process fail the customer? The customer's steps, with what people say above what processes did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from openxmo.core.errors import UserError
from openxmo.core.metrics.metric import Metric
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.govern.session import Session
from openxmo.office.home.narrowing import conditions_of
from openxmo.office.lib.entry import open_to
from openxmo.office.ui.asked import Asked, asked_of
from openxmo.office.ui.components.estimate import reach_of

CUTS = {
    "reason": _("contact reason"),
    "stage": _("stage"),
    "channel": _("channel"),
    "product": _("product"),
    "region": _("region"),
}
MOST_METRICS = 4
MOST_ROWS = 20
PLAIN = ("mean", "nps", "top_box", "bottom_box", "share", "repeat_free")


@dataclass(frozen=True)
class Step:
    """One value of the cut: a cell for each metric, None where that metric was not heard there."""

    name: str
    cells: tuple[Mapping[str, Any] | None, ...]


@open_to(Right.READ_SCORES)
@require_GET
def process(request: OfficeRequest) -> HttpResponse:
    asked = asked_of(request)
    by = request.GET.get("by", "reason")
    by = by if by in CUTS else "reason"
    said, done = voices(request.office)
    heard = [(metric, cells_by(request.office, metric, by, asked)) for metric in (*said, *done)]
    heard = [(metric, cells) for metric, cells in heard if cells]
    steps = order([Step(name, tuple(cells.get(name) for _, cells in heard)) for name in names_in(heard)], heard)
    context = {
        "period": asked.period,
        "cuts": CUTS.items(),
        "by": by,
        "cut": CUTS[by],
        "metrics": [metric for metric, _ in heard],
        "scales": [reach_of(cells.values()) for _, cells in heard],
        "steps": steps[:MOST_ROWS],
        "worst": steps[0] if steps and heard else None,
    }
    return render(request, "home/process.html", context)


def voices(office: Session) -> tuple[list[Metric], list[Metric]]:
    """The customer metrics of the customer's voice, and of the process's, first those that an ambition is set on."""
    ambitions = {each.metric for each in office.definitions.ambitions.values()}
    metrics = [m for m in office.definitions.metrics.values() if m.experience == "customer" and m.score.kind in PLAIN]
    metrics = [m for m in metrics if m.family in ("lagging", "operational")]
    metrics.sort(key=lambda metric: metric.key not in ambitions)
    said = [metric for metric in metrics if metric.voice == "customer" and metric.family == "lagging"]
    done = [metric for metric in metrics if metric.voice == "process"]
    return said[:MOST_METRICS], done[:MOST_METRICS]


def cells_by(office: Session, metric: Metric, by: str, asked: Asked) -> dict[str, Mapping[str, Any]]:
    """Nothing for a metric that may not be cut like this."""
    where = conditions_of(asked, office)
    try:
        rows = office.score(metric, by=by, since=asked.since, until=asked.until, where=where).to_document()["rows"]
    except UserError:
        return {}
    return {row["by"][by]: {**row, "min_n": metric.min_n} for row in rows if row["by"].get(by) and row["n"]}


Heard = Sequence[tuple[Metric, Mapping[str, Mapping[str, Any]]]]


def names_in(heard: Heard) -> list[str]:
    return sorted({name for _, cells in heard for name in cells})


def order(steps: list[Step], heard: Heard) -> list[Step]:
    """By the first process metric (else the first of all), the worst first; a step that it does not know comes last."""
    place = next((place for place, (metric, _) in enumerate(heard) if metric.voice == "process"), 0)
    if not heard:
        return []
    sign = 1 if heard[place][0].better == "higher" else -1

    def worst(step: Step) -> tuple[bool, float]:
        cell = step.cells[place]
        value = cell["value"] if cell else None
        return value is None, sign * (value or 0.0)

    return sorted(steps, key=worst)
