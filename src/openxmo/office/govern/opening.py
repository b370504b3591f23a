"""Which indicator and which segment open the gap between an ambition and what is delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format

from openxmo.core.metrics.metric import Ambition, Metric
from openxmo.office.govern.session import Session
from openxmo.office.ui.periods import add_months

TREND = 12  # months
SEGMENTS = ("channel", "product", "region", "site", "stage", "segment", "team", "unit")


@dataclass(frozen=True)
class Segment:
    """One segment beside the target. `part` is its share of the gap: its weight times how far it is off."""

    label: str
    cell: Mapping[str, Any]
    share: float | None
    part: float | None


def segments_of(
    session: Session, metric: Metric, target: float, by: str, *, since: date | None, until: date | None
) -> tuple[list[Segment], float]:
    """The segments by what they add to the gap, and what those that are not shown add together.

    For a metric that is a mean the parts and the rest add up to the gap.
    """
    rows = session.score(metric, by=by, since=since, until=until).to_document()["rows"]
    whole = session.score(metric, since=since, until=until).to_document()["rows"]
    total = whole[0]["n"] if whole else None
    turn = 1 if metric.better == "higher" else -1
    found = []
    for row in rows:
        share = row["n"] / total if row["n"] and total else None
        part = None if row["value"] is None or share is None else share * (target - row["value"]) * turn
        found.append(Segment(str(row["by"].get(by) or "—"), row, share, part))
    found.sort(key=lambda one: -(one.part if one.part is not None else float("-inf")))
    gap = (target - whole[0]["value"]) * turn if whole and whole[0]["value"] is not None else 0.0
    return found, gap - sum(one.part or 0.0 for one in found)


def trend_of(session: Session, ambition: Ambition, *, until: date) -> dict[str, Any]:
    """The last twelve whole months as a chart: the metric, or each part of an agreement on its own scale of 100."""
    start = add_months(until, -TREND)
    months = [add_months(start, place) for place in range(TREND)]
    if ambition.metric is not None:
        metric = session.metric(ambition.metric)
        rows = session.score(metric, since=start, until=until, every="month").to_document()["rows"]
        known = {str(row["period"])[:7]: row for row in rows}
        cells = [known.get(f"{month:%Y-%m}", {}) for month in months]
        unit, name = metric.unit, metric.label or metric.key
    else:
        cells = _agreement(session, ambition.key, since=start, until=until)
        unit, name = "", ambition.statement or ambition.key
    return {
        "kind": "line",
        "unit": unit,
        "x": [date_format(month, "M Y") for month in months],
        "series": [
            {
                "name": name,
                "values": [_shown(cell) for cell in cells],
                "low": [cell.get("low") for cell in cells],
                "high": [cell.get("high") for cell in cells],
            }
        ],
        "ambition": ambition.target,
    }


def _agreement(session: Session, key: str, *, since: date, until: date) -> list[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = session.course(key, since=since, until=until).to_document()["rows"]
    return [{**row, "value": row["delivered"]} for row in rows]


def _shown(cell: Mapping[str, Any]) -> Any:
    return cell.get("value")
