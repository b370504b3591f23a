"""What the page *What is {metric}, by {dimensions}?* shows: rows, a drawing, and what leaving answers out does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.pace import paces_of
from openxmo.core.metrics.periods import Every
from openxmo.core.release import Released
from openxmo.office.govern.session import Session
from openxmo.office.ui.components.estimate import reach_of
from openxmo.office.ui.periods import add_months, days
from openxmo.office.understand import asking
from openxmo.office.understand.address import Question
from openxmo.office.understand.cuts import in_words
from openxmo.questions.score import Scores

MOST_SERIES = 8
MOST_BARS = 40
SORTS = ("value", "n")
SHARES = ("%",)
MONTHS_BEFORE = 12


@dataclass(frozen=True)
class Line:
    """One row of the table: its cut in words, its released number, the same with everything received, its drawer."""

    names: tuple[str, ...]
    period: str
    cell: Mapping[str, Any]
    received: Mapping[str, Any] | None
    behind: str


@dataclass(frozen=True)
class Exploration:
    """`received` is the whole with everything that came in, where that differs by more than noise.

    `path` is the year that led to it, where a single number was asked for.
    """

    question: Question
    metric: Metric
    whole: Mapping[str, Any]
    received: Mapping[str, Any] | None
    change: Mapping[str, Any] | None
    lines: tuple[Line, ...]
    path: tuple[Line, ...]
    released: Released[Scores]
    sortable: bool

    @property
    def drawn(self) -> tuple[Line, ...]:
        return self.lines or self.path

    @property
    def every(self) -> Every | None:
        """The periods that are drawn."""
        return self.question.every or (_pace_of(self.metric) if self.path else None)

    @property
    def reach(self) -> tuple[float, float] | None:
        """From the lowest to the highest of all rows: they stand on one scale."""
        return reach_of([line.cell for line in self.lines] + [line.received for line in self.lines if line.received])

    @property
    def parted(self) -> bool:
        """Whether some row differs from everything received."""
        return any(line.received for line in self.lines)


def explore(office: Session, question: Question, *, sort: str = "") -> Exploration:
    """Asks the whole, the period before and the cells; raises what `Session.score` raises."""
    metric = office.metric(question.metric)
    whole = _only(asking.score(office, question, by=(), every=None), metric)
    cells = asking.score(office, question)
    other = _with_everything(office, question, whole)
    sortable = not set(question.by) & office.rules.agent_cuts
    lines = _lines(office, question, metric, cells, other)
    if sort.removeprefix("-") in SORTS and sortable:
        lines = in_order(lines, sort)
    return Exploration(
        question=question,
        metric=metric,
        whole=whole,
        received=_if_apart(whole, _only(other[0], metric)) if other else None,
        change=_change(office, question, metric, whole),
        lines=tuple(lines),
        path=tuple(_path_to(office, question, metric)),
        released=cells,
        sortable=sortable,
    )


def _only(found: Released[Scores], metric: Metric) -> dict[str, Any]:
    return asking.with_least(found.to_document()["rows"][0], metric)


def _with_everything(
    office: Session, question: Question, whole: Mapping[str, Any]
) -> tuple[Released[Scores], Released[Scores]] | None:
    """The same with what sources leave out, where they leave something out and it was not asked for anyway."""
    if question.received or not any(whole["excluded"].values()):
        return None
    everything = replace(question, received=True)
    return asking.score(office, everything, by=(), every=None), asking.score(office, everything)


def _if_apart(counted: Mapping[str, Any], received: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return received if asking.differ(dict(counted), dict(received)) else None


def _change(office: Session, question: Question, metric: Metric, whole: dict[str, Any]) -> Mapping[str, Any] | None:
    """Against the period before of the same length."""
    before = question.period.before() if question.period else None
    if before is None:
        return None
    earlier = _only(asking.score(office, replace(question, period=before), by=(), every=None), metric)
    change = asking.change_between(earlier, whole)
    return None if change is None else {**change, "since": gettext("since %s") % before.label}


def _path_to(office: Session, question: Question, metric: Metric) -> list[Line]:
    """A number alone says little: the year up to its end, by month or as coarsely as the metric is judged."""
    every = _pace_of(metric)
    if question.by or question.every or question.period is None or question.period.until is None:
        return []
    if every in metric.refused_by:
        return []
    until = question.period.until
    since = add_months(until.replace(day=1), -MONTHS_BEFORE if until.day == 1 else 1 - MONTHS_BEFORE)
    if question.period.since is not None and question.period.since < since:
        since = question.period.since
    asked = replace(question, period=days(since, until), every=every)
    lines = _lines(office, asked, metric, asking.score(office, asked), None)
    return lines if sum(line.cell["value"] is not None for line in lines) > 1 else []


def _pace_of(metric: Metric) -> Every:
    offered: Sequence[Every] = paces_of(metric)  # type: ignore[assignment]  # the same five words
    return "month" if "month" in offered else offered[0]


def _lines(
    office: Session,
    question: Question,
    metric: Metric,
    cells: Released[Scores],
    other: tuple[Released[Scores], Released[Scores]] | None,
) -> list[Line]:
    if not question.by and not question.every:
        return []
    zone = office.definitions.zone
    everything = {}
    if other:
        for row, found in zip(other[1].to_document()["rows"], other[1].result.rows, strict=True):
            everything[tuple(found.by.items()), row["period"]] = row
    lines = []
    for row, found in zip(cells.to_document()["rows"], cells.result.rows, strict=True):
        narrowed = question.narrowed(found.by, asking.period_of(found, zone))
        received = everything.get((tuple(found.by.items()), row["period"]))
        lines.append(
            Line(
                names=tuple(in_words(name) for name in found.by.values()),
                period=row["period"] or "",
                cell=asking.with_least(row, metric),
                received=_if_apart(row, received) if received else None,
                behind=narrowed.address("understand-signals"),
            )
        )
    return lines


def in_order(lines: Sequence[Line], sort: str) -> list[Line]:
    """By value or n; `-n` is the largest first. What is not shown comes last."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    known = [line for line in lines if line.cell[name] is not None]
    rest = [line for line in lines if line.cell[name] is None]
    return sorted(known, key=lambda line: float(line.cell[name]), reverse=down) + rest


# DRAWING


def draw(found: Exploration, *, ambition: float | None, marks: Sequence[Mapping[str, str]]) -> dict[str, Any] | None:
    """A trend with its band over periods, bars or points by cut; None where there is only one number."""
    if not found.drawn:
        return None
    unit = found.metric.unit
    spec = _over_time(found) if found.every else _by_cut(found)
    if spec is None:
        return None
    return {**spec, "unit": unit, **({} if ambition is None else {"ambition": ambition}), "marks": list(marks)}


def _over_time(found: Exploration) -> dict[str, Any] | None:
    periods = list(dict.fromkeys(line.period for line in found.drawn))
    by_cut: dict[tuple[str, ...], dict[str, Line]] = {}
    for line in found.drawn:
        by_cut.setdefault(line.names, {})[line.period] = line
    chosen = sorted(by_cut.items(), key=lambda pair: -sum(line.cell["n"] or 0 for line in pair[1].values()))[
        :MOST_SERIES
    ]
    banded = len(by_cut) == 1
    series = [
        {
            "name": ", ".join(names) or found.metric.label or found.metric.key,
            "values": [_value(lines.get(period)) for period in periods],
            **(
                {side: [_value(lines.get(period), side) for period in periods] for side in ("low", "high")}
                if banded
                else {}
            ),
        }
        for names, lines in sorted(chosen)
    ]
    return {"kind": "band" if banded else "line", "x": periods, "x_label": gettext("period"), "series": series}


def _by_cut(found: Exploration) -> dict[str, Any] | None:
    lines = found.lines[:MOST_BARS]
    places = list(dict.fromkeys(line.names[0] for line in lines))
    groups = list(dict.fromkeys(line.names[1:] for line in lines))
    if len(groups) > MOST_SERIES:
        return None
    cells = {(line.names[0], line.names[1:]): line for line in lines}
    series = [
        {
            "name": ", ".join(group) or found.metric.label or found.metric.key,
            **{
                key: [_value(cells.get((place, group)), side) for place in places]
                for key, side in (("values", "value"), ("low", "low"), ("high", "high"))
            },
        }
        for group in groups
    ]
    return {"kind": "bars" if found.metric.unit in SHARES else "points", "x": places, "series": series, "zero": True}


def _value(line: Line | None, side: str = "value") -> float | None:
    if line is None or line.cell["value"] is None:
        return None
    found: float | None = line.cell[side]
    return found
