"""The scored cells of two periods side by side, cut by the same dimensions, and whose they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from openxmo.core.metrics.asked import Asked, Reading, Where, make_definite
from openxmo.core.metrics.cells import Cell, check_one_scale
from openxmo.core.metrics.checks import check_cuts, check_metric
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.periods import Moment
from openxmo.core.metrics.scores import SIMPLE_KINDS
from openxmo.core.metrics.scoring import empty_tally, score_cells
from openxmo.core.metrics.tally import AnyTally, RatioTally, Tally
from openxmo.core.signals.engines import Engine
from openxmo.core.understand.coded import can_be_coded, fetch_coded
from openxmo.core.understand.cuts import CutTable
from openxmo.core.understand.finest import finest_cells
from openxmo.core.understand.rows import Rows
from openxmo.core.understand.scored import ScoredRows
from openxmo.core.understand.summed import fetch_summed

People = frozenset[int] | None
Range = tuple[Moment, Moment]
Key = tuple[str | None, ...]
SCALE = "scale"
SUMMED_DIMENSIONS = 4  # beyond it nearly every signal is a cell of its own, and summing them by cell saves nothing


@dataclass(frozen=True)
class Heard:
    """The protected people of a cell in one period (None: nobody is protected), and by calendar month if known."""

    people: People = None
    months: Mapping[str, frozenset[int]] | None = None


NOBODY = Heard()


@dataclass(frozen=True)
class TwoPeriods:
    """The rows to search through, their finest cells, and each period as a whole.

    `heard` has the cells of protected people, before and after; then the cells were lined up first.
    """

    rows: Rows
    totals: tuple[AnyTally, AnyTally]
    excluded: tuple[Mapping[str, int], Mapping[str, int]]
    lined_up: CutTable | None = None
    heard: tuple[Mapping[int, Heard], Mapping[int, Heard]] = field(default=({}, {}))

    def cuts(self) -> CutTable:
        """The finest cells, which are looked for in the rows where these came first."""
        return finest_cells(self.rows) if self.lined_up is None else self.lined_up


@dataclass(frozen=True)
class Question:
    """What is asked of the metric in both periods alike."""

    metric: Metric
    engine: Engine
    definitions: Definitions
    by: tuple[str, ...]
    where: Where
    weighted: bool
    include_excluded: bool
    as_of: datetime
    known_at: datetime | None
    scope: frozenset[str] | None

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "where": self.where,
            "weighted": self.weighted,
            "include_excluded": self.include_excluded,
            "scope": self.scope,
        }

    def cells(self, period: Range, by: Sequence[str]) -> list[Cell]:
        return score_cells(
            self.metric,
            engine=self.engine,
            definitions=self.definitions,
            by=by,
            since=period[0],
            until=period[1],
            as_of=self.as_of,
            known_at=self.known_at,
            **self.settings,
        )


def score_two_periods(question: Question, before: Range, after: Range) -> TwoPeriods:
    """Score both periods by cell; refuses to compare answers on different scales, as one period does."""
    metric = question.metric
    check_metric(metric, question.definitions)
    if is_scored_one_by_one(metric):
        reading = Reading(question.engine, question.definitions, question.as_of, question.known_at)
        asked = [_definite(question, period, reading) for period in (before, after)]
        check_cuts(metric, asked[0].by, asked[0].where, None, question.definitions)
        found = _fetch(asked, reading)
        if found is not None:
            return TwoPeriods(found.rows, found.totals, found.excluded)
    cuts = (*question.by, SCALE) if metric.score.kind in SIMPLE_KINDS and SCALE not in question.by else question.by
    sides = [question.cells(period, cuts) for period in (before, after)]
    return line_up(metric, question.by, sides)


def is_scored_one_by_one(metric: Metric) -> bool:
    return metric.score.kind in SIMPLE_KINDS and metric.once_per is None


def _fetch(asked: Sequence[Asked], reading: Reading) -> ScoredRows | None:
    """The rows of both periods, quickly; None where people are protected and their signals must be told apart."""
    if len(asked[0].by) > SUMMED_DIMENSIONS and can_be_coded(asked[0], reading):
        return fetch_coded(asked, reading)
    return fetch_summed(asked, reading)


def _definite(question: Question, period: Range, reading: Reading) -> Asked:
    return make_definite(
        question.metric,
        zone=reading.zone,
        by=question.by,
        since=period[0],
        until=period[1],
        every=None,
        **question.settings,
    )


def line_up(metric: Metric, by: Sequence[str], sides: Sequence[Sequence[Cell]]) -> TwoPeriods:
    """The cells of both periods in one table; cells of which nothing counts are left out."""
    counted = [[cell for cell in side if cell.tally.n] for side in sides]
    scales = {cell.by.get(SCALE) for side in counted for cell in side}
    check_one_scale(metric, [scale for scale in scales if scale is not None])
    merged = [_merged(by, side) for side in counted]
    labelled = [[(dict(zip(by, key, strict=True)), cell.tally) for key, cell in side.items()] for side in merged]
    cuts = CutTable.of(by, labelled[0], labelled[1])
    heard: list[dict[int, Heard]] = [{}, {}]
    for period in (0, 1):
        for place in range(len(cuts.codes)):
            key = tuple(cuts.label(place).values())
            cell = merged[period].get(key)
            if cell is not None and cell.people is not None:
                heard[period][place] = Heard(cell.people, cell.months)
    return TwoPeriods(
        lined_up=cuts,
        rows=cuts.rows(),
        totals=(_whole(metric, merged[0]), _whole(metric, merged[1])),
        excluded=(_excluded(sides[0]), _excluded(sides[1])),
        heard=(heard[0], heard[1]),
    )


def together(heard: Iterable[Heard]) -> Heard:
    """All people of some cells; by month only where the months of all are known."""
    known = [one for one in heard if one.people is not None]
    if not known:
        return NOBODY
    people = frozenset().union(*(one.people or frozenset() for one in known))
    if any(one.months is None for one in known):
        return Heard(people)
    months: dict[str, frozenset[int]] = {}
    for one in known:
        for month, some in (one.months or {}).items():
            months[month] = months.get(month, frozenset()) | some
    return Heard(people, months)


def add(one: AnyTally, other: AnyTally) -> AnyTally:
    """The tally of two groups together."""
    if isinstance(one, Tally) and isinstance(other, Tally):
        return one + other
    if isinstance(one, RatioTally) and isinstance(other, RatioTally):
        return one + other
    raise TypeError("only means and ratios of sums add up")


def _merged(by: Sequence[str], cells: Iterable[Cell]) -> dict[Key, Cell]:
    """The cells by their values of `by`; those that differ in nothing else than having a scale are one."""
    merged: dict[Key, Cell] = {}
    for cell in cells:
        key = tuple(cell.by[name] for name in by)
        same = merged.get(key)
        if same is None:
            merged[key] = cell
        else:
            both = together((Heard(same.people, same.months), Heard(cell.people, cell.months)))
            merged[key] = replace(cell, tally=add(same.tally, cell.tally), people=both.people, months=both.months)
    return merged


def _whole(metric: Metric, cells: Mapping[Key, Cell]) -> AnyTally:
    total = empty_tally(metric)
    for cell in cells.values():
        total = add(total, cell.tally)
    return total


def _excluded(cells: Iterable[Cell]) -> Mapping[str, int]:
    reasons: Counter[str] = Counter()
    for cell in cells:
        reasons.update(cell.excluded)
    return dict(sorted(reasons.items()))
