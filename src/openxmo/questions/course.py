"""How did both groups go: the treated and the comparison period by period, and what a design will show.

Asked before a change it gives the baseline, and foresees the smallest effect that the design can
find; asked after it, the series that stand beside the proof.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Where
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.estimates import Estimate, estimate
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.people import is_guarded
from openxmo.core.metrics.periods import Every
from openxmo.core.metrics.scoring import score_cells
from openxmo.core.prove.foresight import Foresight, foresee
from openxmo.core.prove.groups import Group, Placed, gather, place_cells
from openxmo.core.signals.engines import Engine
from openxmo.questions.prove import check_adds_up, disclose, unheard
from openxmo.questions.score import TOO_FEW

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
    check_adds_up(metric)
    cells = score_cells(
        metric,
        engine=engine,
        definitions=definitions,
        by=(by, cluster) if cluster else (by,),
        where=where,
        since=since,
        until=until,
        every=every,
        as_of=as_of,
        known_at=known_at,
        scope=scope,
    )
    chosen = None if comparison is None else frozenset(comparison)
    placed, _ = place_cells(cells, by=by, treated=frozenset(treated), comparison=chosen, change=change)
    names = {True: ", ".join(treated), False: "all others" if comparison is None else ", ".join(comparison)}
    guarded = is_guarded(metric, where, engine)
    empty = Course(
        metric=metric,
        version=definitions.versions.get(f"metric:{metric.key}"),
        lake_version=engine.lake_version,
        change=change,
        before=(),
        points=(),
        foresight=None,
        scope=scope,
        cells=(unheard(metric, (*where, *((by, value) for value in (*treated, *(comparison or ()))))),),
    )
    earlier = [each for each in placed if not each.after and each.period.end <= as_of]
    sides = (True,) if chosen == frozenset() else (True, False)
    try:
        groups = [gather(earlier, treated=side, after=False) for side in sides]
    except WrongUsage as problem:
        if guarded:
            return replace(empty, problem=problem)
        raise problem from None
    foresight, unforeseen = foretell(earlier, groups, change=change, until=until, every=every, expected=expected)
    periods = [
        gather(members, treated=members[0].treated, after=members[0].after) for members in by_period(placed, sides)
    ]
    labels = [members[0].period.label for members in by_period(placed, sides)]
    told = [
        disclose(group, metric, {by: names[group.treated]}, where, guarded=guarded) for group in (*groups, *periods)
    ]
    return replace(
        empty,
        before=tuple(to_point(group, None, metric) for group in groups),
        points=tuple(to_point(group, label, metric) for group, label in zip(periods, labels, strict=True)),
        foresight=foresight,
        unforeseen=unforeseen,
        cells=tuple(told),
    )


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
