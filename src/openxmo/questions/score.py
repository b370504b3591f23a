"""What is a metric, by what and when? Every number with its n, its interval and what was left out."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from openxmo.core.metrics.asked import Where
from openxmo.core.metrics.cells import Cell
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.estimates import Estimate, estimate
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.pace import check_pace
from openxmo.core.metrics.people import is_guarded
from openxmo.core.metrics.periods import Every, Moment, Period, open_zone, to_instant
from openxmo.core.metrics.scoring import score_cells
from openxmo.core.metrics.tally import AnyTally, IndexTally, QuantileTally, RatioTally
from openxmo.core.metrics.wordings import INSTRUMENT, find_mixed, note_of
from openxmo.core.signals.engines import Engine

TOO_FEW = "too_few"
# The columns of flat rows behind those of the cut; any may be missing.
COLUMNS: Mapping[str, type] = {
    **{"period": str, "n": int, "effective_n": float, "value": float, "low": float, "high": float},
    **{"method": str, "detectable": float, "suppressed": str, "excluded": int},
}
ALIKE = 1e-9


@dataclass(frozen=True)
class Score:
    """One cell: its estimate, and why it is not shown in full (`suppressed`: too_few or privacy)."""

    by: Mapping[str, str | None]
    period: Period | None
    estimate: Estimate
    excluded: Mapping[str, int]
    suppressed: str | None
    people: frozenset[int] | None
    months: Mapping[str, frozenset[int]] | None
    uniform: bool

    def to_document(self) -> dict[str, Any]:
        return {
            "by": dict(self.by),
            "period": None if self.period is None else self.period.label,
            **self._numbers(),
            "method": self.estimate.method,
            "detectable": None if self._is_private else self.estimate.detectable,
            "suppressed": self.suppressed,
            "excluded": dict(self.excluded),
        }

    @property
    def _is_private(self) -> bool:
        return self.suppressed not in (None, TOO_FEW)

    def _numbers(self) -> dict[str, Any]:
        """Below `min_n` the value is not given, its interval and n are; where privacy forbids it, nothing is."""
        found = self.estimate
        if self._is_private:
            return dict.fromkeys(("n", "effective_n", "value", "low", "high"))
        return {
            "n": found.n,
            "effective_n": found.effective_n,
            "value": None if self.suppressed else found.value,
            "low": found.low,
            "high": found.high,
        }


@dataclass(frozen=True)
class Scores:
    """A metric by cut and period, all read from one version of the lake, in the metric's unit."""

    metric: Metric
    version: int | None
    rows: tuple[Score, ...]
    where: Where
    start: datetime | None
    end: datetime | None
    scope: frozenset[str] | None
    lake_version: int
    guarded: bool = False
    by: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()  # versions of one instrument whose answers are pooled

    def to_document(self) -> dict[str, Any]:
        return {
            "metric": self.metric.key,
            "version": self.version,
            "unit": self.metric.unit,
            "rows": [row.to_document() for row in self.rows],
            "lake_version": self.lake_version,
            **({"notes": list(self.notes)} if self.notes else {}),
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known to read the numbers right."""
        return (note_of(self.mixed),) if self.mixed else ()

    def to_records(self) -> list[dict[str, Any]]:
        """A flat row for each cell: a column for each dimension; what was left out as one number."""
        return [
            {
                **document.pop("by"),
                **document,
                "excluded": sum(document["excluded"].values()),
            }
            for document in (row.to_document() for row in self.rows)
        ]

    def columns(self) -> Mapping[str, type]:
        """The columns of `to_records` and what they hold, also where there are no rows."""
        return {**dict.fromkeys(self.by, str), **COLUMNS}

    def disclosures(self) -> tuple[Disclosure, ...]:
        return tuple(
            Disclosure(
                metric=self.metric.key,
                by=row.by,
                start=row.period.start if row.period else self.start,
                end=row.period.end if row.period else self.end,
                n=row.estimate.n,
                people=row.people,
                siblings=f"{self.metric.key} by {', '.join(row.by)} in {row.period.label if row.period else 'all'}",
                narrowed_by=tuple(self.where),
                months=row.months,
                uniform=row.uniform,
                guarded=self.guarded,
                effective_n=row.estimate.effective_n,
                definition=self.metric,
            )
            for row in self.rows
        )

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        """Without any number in the rows at these places, but with the reason."""
        rows = (
            replace(row, suppressed=reasons[place], excluded={}) if place in reasons else row
            for place, row in enumerate(self.rows)
        )
        return replace(self, rows=tuple(rows))


def score(
    metric: Metric,
    *,
    engine: Engine,
    definitions: Definitions,
    by: Sequence[str] = (),
    where: Where = (),
    since: Moment | None = None,
    until: Moment | None = None,
    every: Every | None = None,
    weighted: bool = False,
    include_excluded: bool = False,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> Scores:
    """The estimates of a metric by cut and period; the arguments are those of `score_cells`.

    Rows come by period and cut, missing values last. Raises WrongUsage for unknown names, refused
    cuts and answers on different scales.
    """
    check_pace(metric, every)
    asked: dict[str, Any] = {
        "engine": engine,
        "definitions": definitions,
        "where": where,
        "since": since,
        "until": until,
        "include_excluded": include_excluded,
        "as_of": as_of,
        "known_at": known_at,
        "scope": scope,
    }
    cells = score_cells(metric, by=by, every=every, weighted=weighted, **asked)
    zone = open_zone(definitions.zone)
    guarded = is_guarded(metric, where, engine)

    def count() -> Iterator[tuple[str | None, int]]:
        for cell in score_cells(metric, by=(INSTRUMENT,), **asked):
            yield cell.by[INSTRUMENT], cell.tally.n

    return Scores(
        metric=metric,
        version=definitions.versions.get(f"metric:{metric.key}"),
        rows=tuple(score_of(cell, metric) for cell in cells),
        where=tuple(where),
        start=to_instant(since, zone),
        end=to_instant(until, zone),
        scope=scope,
        lake_version=engine.lake_version,
        guarded=guarded,
        by=tuple(by),
        mixed=find_mixed(metric, engine, cut_by=(*by, *(name for name, _ in where)), guarded=guarded, count=count),
    )


def score_of(cell: Cell, metric: Metric) -> Score:
    """One cell's estimate, marked where it rests on fewer than the metric's `min_n`."""
    found = estimate(cell.tally, metric)
    return Score(
        by=cell.by,
        period=cell.period,
        estimate=found,
        excluded=cell.excluded,
        suppressed=TOO_FEW if found.n < metric.min_n else None,
        people=cell.people,
        months=cell.months,
        uniform=is_uniform(cell.tally),
    )


def is_uniform(tally: AnyTally) -> bool:
    """Whether all signals of the tally scored the same, so that its mean tells what each of them said."""
    if isinstance(tally, QuantileTally):
        return len(set(tally.values)) == 1
    if isinstance(tally, RatioTally):
        return tally.n > 0 and is_within(tally.yy * tally.xx - tally.xy * tally.xy, abs(tally.yy * tally.xx))
    if isinstance(tally, IndexTally):
        return any(is_uniform(item) for item in tally.items.values())
    if tally.n == 0 or tally.w <= 0:
        return False
    return is_within(tally.ws2 - tally.ws * tally.ws / tally.w, max(1.0, abs(tally.ws2)))


def is_within(spread: float, size: float) -> bool:
    """Whether a spread is but the rounding of its sums; sums past the largest number cannot tell, so they count so."""
    return not math.isfinite(spread) or not math.isfinite(size) or abs(spread) <= ALIKE * size
