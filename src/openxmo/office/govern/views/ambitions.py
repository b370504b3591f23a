"""What we stand for, and how far we are from it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from openxmo.core.errors import WrongUsage
from openxmo.office.accounts.roles import Right
from openxmo.office.govern import opening, store
from openxmo.office.govern.gaps import Row, better_of, relative_gap, state_of
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.govern.standing import owner_words, stand_for
from openxmo.office.lib.entry import open_to, open_to_signed_in
from openxmo.office.ui.asked import asked_of, today
from openxmo.office.ui.components.estimate import reach_of


@open_to_signed_in
@require_GET
def what_we_stand_for(request: OfficeRequest) -> HttpResponse:
    home = served_home()
    office = read_office(home)
    served = stand_for(home)
    vision = store.read_standings(home).get(("office", "office"))
    return render(
        request,
        "govern/stand_for.html",
        {
            "settings": office.settings,
            "served": served,
            "count": len(office.ambitions),
            "objectives": len(office.objectives),
            "settled": vision,
            "reads_scores": request.access.has(Right.READ_SCORES),
            "changes": request.access.has(Right.CHANGE_OFFICE),
        },
    )


@open_to(Right.READ_SCORES)
@require_GET
def gaps(request: OfficeRequest) -> HttpResponse:
    asked = asked_of(request)
    rows = request.office.gap(since=asked.since, until=asked.until).to_document()["rows"]
    told = [with_judgement(row, request) for row in rows]
    reached = [row for row in told if row["state"] == "reached"]
    behind = [row for row in told if row["state"] == "behind"]
    return render(
        request,
        "govern/gaps.html",
        {
            "rows": told,
            "reached": len(reached),
            "behind": len(behind),
            "unsure": len(told) - len(reached) - len(behind),
            "widest": max(behind, key=relative_gap, default=None),
            "period": asked.period,
            "changes": request.access.has(Right.CHANGE_OFFICE),
        },
    )


@open_to(Right.READ_SCORES)
@require_GET
def gap(request: OfficeRequest, key: str) -> HttpResponse:
    ambitions = {one.key: one for one in read_office(served_home()).ambitions}
    if key not in ambitions:
        raise WrongUsage(_('There is no ambition "%s".') % key, mend=_("Choose one of those the office has settled."))
    ambition, asked = ambitions[key], asked_of(request)
    row = with_judgement(
        request.office.gap(key, since=asked.since, until=asked.until).to_document()["rows"][0], request
    )
    by = request.GET.get("by", "")
    metric = widest_metric(row, ambition.metric)
    segments, rest = None, 0.0
    if by in opening.SEGMENTS and metric:
        segments, rest = opening.segments_of(
            request.office,
            request.office.metric(metric),
            target_for(row, metric, request),
            by,
            since=asked.since,
            until=asked.until,
        )
    return render(
        request,
        "govern/gap.html",
        {
            "row": row,
            "ambition": ambition,
            "owner": owner_words(ambition.owner),
            "period": asked.period,
            "trend": opening.trend_of(request.office, ambition, until=today().replace(day=1)),
            "by": by,
            "cuts": opening.SEGMENTS,
            "segments": segments,
            "scale": reach_of(one.cell for one in segments or ()),
            "rest": rest,
            "metric": request.office.metric(metric) if metric else None,
            "weakest": max((part for part in row["components"] if part["gap"]), key=_part, default=None),
        },
    )


def with_judgement(row: Row, request: OfficeRequest) -> dict[str, Any]:
    """The row with which side counts as better, and whether the interval lies on one side of the target."""
    better = better_of(request.office, row)
    return {**row, "better": better, "state": state_of(row, better)}


def widest_metric(row: Row, metric: str | None) -> str | None:
    """The indicator that opens most of the gap: the metric itself, or the part of an agreement that adds most."""
    parts: Sequence[Row] = [part for part in row["components"] if part["gap"]]
    return str(max(parts, key=_part)["metric"]) if parts else metric


def _part(part: Row) -> float:
    return float(part["gap"])


def target_for(row: Row, metric: str, request: OfficeRequest) -> float:
    """What the indicator would have to deliver: the target itself; of an agreement's part, its best end."""
    if not row["components"]:
        return float(row["target"])
    ambition = request.office.definitions.ambitions[row["ambition"]]
    xla = request.office.definitions.xlas[str(ambition.xla)]
    part = next(one for one in xla.components if one.metric == metric)
    share = row["target"] / 100
    low, high = (part.low, part.high) if part.better == "higher" else (part.high, part.low)
    return float(low + (high - low) * share)
