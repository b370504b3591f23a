"""Whether scores can be trusted, as far as the office's own data tells: what is left out, and what is silent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from openxmo.core.errors import UserError
from openxmo.core.metrics.metric import Metric
from openxmo.office.govern.session import Session
from openxmo.office.ui.components.estimate import reach_of

CUTS = {
    "site": _("site"),
    "unit": _("unit"),
    "source": _("source"),
}  # where leaving answers out would show, the first that tells places apart
SUMMED = ("quantile", "index", "ratio")  # scores whose cells do not compare answer by answer


@dataclass(frozen=True)
class Apart:
    """One place whose score is another once everything received counts, by more than noise."""

    metric: Metric
    cut: str
    place: str
    counted: Mapping[str, Any]
    received: Mapping[str, Any]

    @property
    def cut_label(self) -> str:
        return str(CUTS[self.cut])

    @property
    def scale(self) -> tuple[float, float] | None:
        return reach_of((self.counted, self.received))

    @property
    def left_out(self) -> int:
        return sum(self.counted["excluded"].values())

    @property
    def flattered(self) -> bool:
        """Whether what is left out makes the score look better."""
        higher = self.counted["value"] > self.received["value"]
        return bool(higher == (self.metric.better == "higher"))


@dataclass(frozen=True)
class Trust:
    """`apart` are the places to look at; `left_out` counts what reports leave out over the metrics that were judged."""

    apart: tuple[Apart, ...]
    judged: int
    left_out: int


def judge_trust(office: Session, *, since: date | None, until: date | None) -> Trust:
    """Every metric that leaves answers out, scored as reported and with everything received, place by place."""
    office.prepare()
    judged, left_out = 0, 0
    found: list[Apart] = []
    for metric in office.definitions.metrics.values():
        if metric.score.kind in SUMMED or metric.weight_by:  # unweighted is not left out of a report
            continue
        if not office.hears(metric):
            continue
        try:
            rows = office.score(metric, since=since, until=until).to_document()["rows"]
        except UserError:
            continue  # not for this person, or not askable as a whole
        excluded = sum(rows[0]["excluded"].values()) if rows and rows[0]["excluded"] else 0
        judged += bool(rows and rows[0]["n"])
        if excluded:
            left_out += excluded
        if excluded and office.leaves_out(metric):
            found += places_apart(office, metric, since=since, until=until)
    return Trust(tuple(found), judged, left_out)


def places_apart(office: Session, metric: Metric, *, since: date | None, until: date | None) -> list[Apart]:
    for cut in CUTS:
        try:
            found = list(compare_by(office, metric, cut, since=since, until=until))
        except UserError:
            continue
        if found:
            return found
    return []


def compare_by(office: Session, metric: Metric, cut: str, *, since: date | None, until: date | None) -> Iterator[Apart]:
    asked: dict[str, Any] = {"by": cut, "since": since, "until": until}
    counted = by_place(office.score(metric, **asked).to_document()["rows"], cut)
    received = by_place(office.score(metric, **asked, include_excluded=True).to_document()["rows"], cut)
    for place, row in counted.items():
        whole = received.get(place)
        if place is not None and whole and row["excluded"] and lie_apart(row, whole):
            yield Apart(metric, cut, place, row, whole)


def by_place(rows: Sequence[Mapping[str, Any]], cut: str) -> dict[str | None, Mapping[str, Any]]:
    return {row["by"].get(cut): row for row in rows}


def lie_apart(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether both are known and neither's value lies in the other's interval."""
    if None in (first["value"], second["value"], first["low"], second["low"]):
        return False
    return not (second["low"] <= first["value"] <= second["high"] or first["low"] <= second["value"] <= first["high"])
