"""How did both groups go: the treated and the comparison period by period, and what a design will show.

Asked before a change it gives the baseline, and foresees the smallest effect that the design can
find; asked after it, the series that stand beside the proof.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Reading, Where
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.estimates import Estimate, estimate
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.periods import Every
from openxmo.core.prove.foresight import Foresight, foresee
from openxmo.core.prove.groups import Group, Placed, gather
from openxmo.core.signals.engines import Engine
from openxmo.questions.score import TOO_FEW
from openxmo.questions.trial import Trial

DAYS_IN: Mapping[str, float] = {"day": 1, "week": 7, "month": 30.4375, "quarter": 91.3125, "year": 365.25}


@dataclass(frozen=True)
class Point:
    """One group in one period; `period` is None for all periods before the change together."""

    treated: bool
    after: bool
    period: str | None
    start: datetime
    end: datetime
    estimate: Estimate
    suppressed: str | None = None

    def to_document(self) -> dict[str, Any]:
        found, private = self.estimate, self.suppressed not in (None, TOO_FEW)
        return {
            "treated": self.treated,
            "after": self.after,
            "period": self.period,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "n": None if private else found.n,
            "value": None if self.suppressed else found.value,
            "low": None if private else found.low,
            "high": None if private else found.high,
            "suppressed": self.suppressed,
        }


@dataclass(frozen=True)
class Course:
    """`before` are the groups over all whole periods before the change, `points` each period of each group."""

    metric: Metric
    version: int | None
    lake_version: int
    change: datetime
    before: tuple[Point, ...]
    points: tuple[Point, ...]
    foresight: Foresight | None
    unforeseen: str = ""  # why there is no foresight
    scope: frozenset[str] | None = None
    cells: tuple[Disclosure, ...] = ()
    suppressed: str | None = None
    problem: WrongUsage | None = None  # told only once the exit door has let the answer through

    def to_document(self) -> dict[str, Any]:
        return {
            "metric": self.metric.key,
            "version": self.version,
            "unit": self.metric.unit,
            "change": self.change.isoformat(),
            "before": [point.to_document() for point in self.before],
            "points": [point.to_document() for point in self.points],
            "foresight": asdict(self.foresight) if self.foresight else None,
            "unforeseen": self.unforeseen,
            "suppressed": self.suppressed,
            "lake_version": self.lake_version,
        }

    def to_records(self) -> list[dict[str, Any]]:
        return [point.to_document() for point in self.points]

    def disclosures(self) -> tuple[Disclosure, ...]:
        return self.cells

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        """Without the numbers at these places; with any of them goes what all periods together would tell."""
        if not reasons:
            return self
        reason, first = next(iter(reasons.values())), len(self.before)
        points = (
            replace(point, suppressed=reasons[first + place]) if first + place in reasons else point
            for place, point in enumerate(self.points)
        )
        return replace(
            self,
            before=tuple(replace(point, suppressed=reason) for point in self.before),
            points=tuple(points),
            foresight=None,
            unforeseen="",
            problem=None,
            suppressed=reason,
        )


def course(
    metric: Metric,
    *,
    engine: Engine,
    definitions: Definitions,
    by: str,
    treated: Sequence[str],
    comparison: Sequence[str] | None = None,
    change: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    every: Every = "month",
    cluster: str | None = None,
    where: Where = (),
    expected: float | None = None,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> Course:
    """Both groups period by period; the arguments are those of `prove`, over the same cells.

    Raises WrongUsage where a group is empty before the change.
    """
    trial = Trial(metric, by, treated, comparison, change, cluster, where)
    reading = Reading(engine, definitions, as_of, known_at)
    placed, _ = trial.place(reading, since=since, until=until, every=every, scope=scope)
    empty = untold(trial, reading, scope)
    guarded = trial.is_guarded(reading)
    earlier = [each for each in placed if not each.after and each.period.end <= as_of]
    try:
        groups = [gather(earlier, treated=side, after=False) for side in trial.sides]
    except WrongUsage as problem:
        if guarded:
            return replace(empty, problem=problem)
        raise problem from None
    foresight, unforeseen = foretell(earlier, groups, change=change, until=until, every=every, expected=expected)
    periods = gather_periods(placed, trial.sides)
    return replace(
        empty,
        before=tuple(to_point(group, None, metric) for group in groups),
        points=tuple(to_point(group, label, metric) for label, group in periods),
        foresight=foresight,
        unforeseen=unforeseen,
        cells=tuple(trial.disclose(group, guarded=guarded) for group in (*groups, *(group for _, group in periods))),
    )


def untold(trial: Trial, reading: Reading, scope: frozenset[str] | None) -> Course:
    """The course before anything is told of the groups."""
    return Course(
        metric=trial.metric,
        version=reading.definitions.versions.get(f"metric:{trial.metric.key}"),
        lake_version=reading.engine.lake_version,
        change=trial.change,
        before=(),
        points=(),
        foresight=None,
        scope=scope,
        cells=(trial.unheard(),),
    )


def gather_periods(placed: list[Placed], sides: Sequence[bool]) -> list[tuple[str, Group]]:
    """Each group in each period with the period's label, the treated first."""
    return [
        (first.period.label, gather([first, *others], treated=first.treated, after=first.after))
        for first, *others in by_period(placed, sides)
    ]


def by_period(placed: list[Placed], sides: Sequence[bool]) -> list[list[Placed]]:
    """The cells of each group and period, the treated first."""
    found: dict[tuple[bool, datetime], list[Placed]] = {}
    for each in sorted(placed, key=lambda one: (not one.treated, one.period.start)):
        if each.treated in sides:
            found.setdefault((each.treated, each.period.start), []).append(each)
    return list(found.values())


def foretell(
    earlier: list[Placed],
    groups: list[Group],
    *,
    change: datetime,
    until: datetime | None,
    every: Every,
    expected: float | None,
) -> tuple[Foresight | None, str]:
    """What the design will show by its end, or the sentence that says why that cannot be told."""
    if until is None:
        return None, "The reading has no end, so what it will show cannot be foreseen."
    try:
        return foresee(earlier, groups, periods_after=count_periods(change, until, every), expected=expected), ""
    except WrongUsage as problem:
        return None, " ".join((problem.what, problem.mend)).strip()


def count_periods(start: datetime, end: datetime, every: Every) -> int:
    """How many periods of that length lie between, to the nearest."""
    return round((end - start).total_seconds() / 86_400 / DAYS_IN[every])


def to_point(group: Group, label: str | None, metric: Metric) -> Point:
    found = estimate(group.tally, metric)
    few = TOO_FEW if found.n < metric.min_n else None
    return Point(group.treated, group.after, label, group.start, group.end, found, few)
