"""What moved, and is real? Every metric in its last whole period against the one before, corrected for the search."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.cells import Cell
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.differences import Difference, difference
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.people import is_guarded
from openxmo.core.metrics.scoring import is_heard, prepare, score_cells
from openxmo.core.signals.engines import Engine
from openxmo.questions.score import Score, score_of

REAL = 0.05  # of the corrected p
NOTHING = Difference(None, None, None, None, "")


@dataclass(frozen=True)
class Move:
    """One metric before and after. `change` is in its unit; `suppressed` says why nothing is told of it."""

    metric: Metric
    before: Score
    after: Score
    change: Difference
    guarded: bool

    @property
    def suppressed(self) -> str | None:
        return self.after.suppressed or self.before.suppressed

    @property
    def p(self) -> float | None:
        return None if self.suppressed else self.change.p


@dataclass(frozen=True)
class Moves:
    """All metrics that can be compared, the clearest evidence first."""

    rows: tuple[Move, ...]
    scope: frozenset[str] | None
    lake_version: int

    def to_document(self) -> dict[str, Any]:
        corrected = holm([row.p for row in self.rows])
        told = [_document(row, p) for row, p in zip(self.rows, corrected, strict=True)]
        told.sort(key=lambda row: (row["suppressed"] is not None, row["p"] is None, row["p"] or 0.0, row["metric"]))
        return {
            "rows": told,
            "compared": sum(p is not None for p in corrected),
            "correction": "Holm",
            "lake_version": self.lake_version,
        }

    def to_records(self) -> list[dict[str, Any]]:
        """A flat row for each metric."""
        return [
            {
                **{name: value for name, value in row.items() if name not in ("before", "after")},
                **{f"{name}_before": row["before"][name] for name in ("period", "value", "n")},
                **{f"{name}_after": row["after"][name] for name in ("period", "value", "n")},
            }
            for row in self.to_document()["rows"]
        ]

    def disclosures(self) -> tuple[Disclosure, ...]:
        """Before and after of each metric."""
        return tuple(_disclosure(row, score) for row in self.rows for score in (row.before, row.after))

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        """A metric without one of its two numbers has no change to tell either."""
        rows = list(self.rows)
        for place, reason in reasons.items():
            row = rows[place // 2]
            rows[place // 2] = replace(
                row,
                change=NOTHING,
                before=replace(row.before, suppressed=reason, excluded={}),
                after=replace(row.after, suppressed=reason, excluded={}),
            )
        return replace(self, rows=tuple(rows))


def holm(values: Sequence[float | None]) -> list[float | None]:
    """Each p corrected for all of them by Holm's step-down (1979); None stays None."""
    order = sorted((p, place) for place, p in enumerate(values) if p is not None)
    corrected: list[float | None] = [None] * len(values)
    highest = 0.0
    for done, (p, place) in enumerate(order):
        highest = max(highest, min(1.0, p * (len(order) - done)))
        corrected[place] = highest
    return corrected


def _document(row: Move, corrected: float | None) -> dict[str, Any]:
    hidden = row.suppressed is not None
    change = NOTHING if hidden else row.change
    return {
        "metric": row.metric.key,
        "label": row.metric.label or row.metric.key,
        "unit": row.metric.unit,
        "better": row.metric.better,
        "before": row.before.to_document(),
        "after": row.after.to_document(),
        "change": change.value,
        "low": change.low,
        "high": change.high,
        "p": change.p,
        "corrected_p": corrected,
        "real": corrected is not None and corrected < REAL,
        "suppressed": row.suppressed,
    }


def _disclosure(row: Move, score: Score) -> Disclosure:
    return Disclosure(
        metric=row.metric.key,
        by={},
        start=score.period.start if score.period else None,
        end=score.period.end if score.period else None,
        n=score.estimate.n,
        people=score.people,
        siblings=f"{row.metric.key} in {score.period.label if score.period else 'all'}",
        months=score.months,
        uniform=score.uniform,
        guarded=row.guarded,
        effective_n=score.estimate.effective_n,
        definition=row.metric,
    )


def moved(
    *,
    engine: Engine,
    definitions: Definitions,
    until: date,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
    metrics: Iterable[Metric] | None = None,
) -> Moves:
    """The last whole month before `until` against the month before it; quarters for what is judged per quarter.

    Metrics that nothing was heard of in one of the two are left out, as are those that cannot be read
    together (answers on several scales). Without `metrics`, all of the office.
    """
    found = []
    asked = list(definitions.metrics.values() if metrics is None else metrics)
    prepare(asked, engine)
    for metric in asked:
        if known_at is None and not is_heard(metric, engine):
            continue
        before, after, end, every = periods_before(until, metric)
        try:
            cells = score_cells(
                metric,
                engine=engine,
                definitions=definitions,
                since=before,
                until=end,
                every=every,  # type: ignore[arg-type]
                as_of=as_of,
                known_at=known_at,
                scope=scope,
            )
        except WrongUsage:
            continue
        found += compare(cells, metric, is_guarded(metric, (), engine)) if len(cells) == 2 else []
        assert after > before
    return Moves(tuple(found), scope, engine.lake_version)


def compare(cells: Sequence[Cell], metric: Metric, guarded: bool) -> list[Move]:
    first, second = cells
    change = difference(first.tally, second.tally, metric)
    if change.value is None:
        return []
    return [Move(metric, score_of(first, metric), score_of(second, metric), change, guarded)]


def periods_before(until: date, metric: Metric) -> tuple[date, date, date, str]:
    """The first days of the last two whole periods before a day, the end of the second, and how long each is."""
    length = 3 if metric.judged_per in ("quarter", "year") else 1
    months = (until.year * 12 + until.month - 1) // length * length
    starts = [date(number // 12, number % 12 + 1, 1) for number in (months - 2 * length, months - length, months)]
    return starts[0], starts[1], starts[2], "quarter" if length == 3 else "month"
