"""Asking what an address asks, with the rights of who looks."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from openxmo.core.metrics.intervals import square_and_add
from openxmo.core.metrics.metric import Metric
from openxmo.core.release import Released
from openxmo.office.govern.queries import read_office, units_within
from openxmo.office.govern.session import Session
from openxmo.office.ui.periods import Period, days
from openxmo.office.understand.address import Question
from openxmo.questions.score import Score, Scores
from openxmo.questions.signals import SignalsBehind

Row = dict[str, Any]


def conditions(office: Session, question: Question) -> list[tuple[str, Any]]:
    """The question's conditions, with its unit as that unit and all below it."""
    units: Iterable[str] = ()
    if question.unit is not None:
        units = sorted(units_within(read_office(office.home).units, [question.unit], day=office.today()))
    return [*question.where, *(("unit", unit) for unit in units)]


def score(office: Session, question: Question, **changed: Any) -> Released[Scores]:
    asked: dict[str, Any] = {
        "by": question.by,
        "where": conditions(office, question),
        "since": question.since,
        "until": question.until,
        "every": question.every,
        "weighted": question.weighted,
        "include_excluded": question.received,
    }
    return office.score(question.metric, **{**asked, **changed})


def behind(office: Session, question: Question, **paging: Any) -> Released[SignalsBehind]:
    return office.signals(
        question.metric,
        where=conditions(office, question),
        since=question.since,
        until=question.until,
        include_excluded=question.received,
        **paging,
    )


def period_of(found: Score, zone: str) -> Period | None:
    """The period of a cell as one that an address can name."""
    if found.period is None:
        return None
    return days(day_of(found.period.start, zone), day_of(found.period.end, zone))


def day_of(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def change_between(before: Row | None, after: Row) -> Row | None:
    """How far one released number is from another, with the interval that their intervals leave (square and add)."""
    if before is None or before["value"] is None or after["value"] is None:
        return None
    low, high = square_and_add(
        (after["value"], before["value"]),
        ((after["low"], after["high"]), (before["low"], before["high"])),
        (1.0, -1.0),
    )
    return {"value": after["value"] - before["value"], "low": low, "high": high}


def differ(one: Row, other: Row) -> bool:
    """Whether two released numbers are apart by more than noise: their intervals do not touch."""
    ends = (one["low"], one["high"], other["low"], other["high"])
    if one["value"] is None or other["value"] is None or any(end is None for end in ends):
        return False
    return bool(one["low"] > other["high"] or one["high"] < other["low"])


def with_least(row: Row, metric: Metric) -> Row:
    """A row of a score's document that also knows how many its metric needs."""
    return {**row, "min_n": metric.min_n}
