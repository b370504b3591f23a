"""How is my team? What employees say, for whoever leads them, above the minimum group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openxmo.core.errors import UserError
from openxmo.core.metrics.metric import Metric
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.few import why_whole
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.govern.session import Session
from openxmo.office.home.narrowing import conditions_of
from openxmo.office.lib.entry import open_to
from openxmo.office.ui.asked import Asked, asked_of
from openxmo.office.ui.components.estimate import reach_of

SUPPRESSED = "privacy"


@dataclass(frozen=True)
class Pulse:
    """One metric about employees: the whole that the person sees, and each group by the declared cut."""

    metric: Metric
    whole: Mapping[str, Any] | None
    groups: Sequence[tuple[str, Mapping[str, Any]]]

    @property
    def scale(self) -> tuple[float, float] | None:
        return reach_of(row for _, row in self.groups)

    @property
    def hidden(self) -> int:
        return sum(row["suppressed"] == SUPPRESSED for _, row in self.groups)


@open_to(Right.READ_SCORES)
@require_GET
def team(request: OfficeRequest) -> HttpResponse:
    asked = asked_of(request)
    cuts = {one.key: one.label or one.key for one in request.office.definitions.dimensions.values() if one.employees}
    by = request.GET.get("by", "")
    by = by if by in cuts else next(iter(cuts), "")
    found = [pulse for metric in employee_metrics(request.office) if (pulse := take(request.office, metric, by, asked))]
    context = {
        "period": asked.period,
        "pulses": found,
        "cuts": cuts.items(),
        "by": by,
        "cut": cuts.get(by, ""),
        "least": request.office.rules.employees,
        "why_whole": why_whole(request.office),
        "hidden": sum(pulse.hidden for pulse in found),
    }
    return render(request, "home/team.html", context)


def employee_metrics(office: Session) -> list[Metric]:
    return [metric for metric in office.definitions.metrics.values() if metric.experience == "employee"]


def take(office: Session, metric: Metric, by: str, asked: Asked) -> Pulse | None:
    """None where nothing was heard, or where the person may not ask it at all."""
    where = conditions_of(asked, office)
    how: dict[str, Any] = {"since": asked.since, "until": asked.until, "where": where}
    try:
        whole = office.score(metric, **how).to_document()["rows"]
    except UserError:
        return None
    try:
        rows = office.score(metric, by=by, **how).to_document()["rows"] if by else []
    except UserError:
        rows = []
    groups = [(row["by"][by], row) for row in rows if row["by"][by]]
    if not groups and not (whole and (whole[0]["n"] or whole[0]["suppressed"] == SUPPRESSED)):
        return None
    return Pulse(metric, whole[0] if whole else None, groups)
