"""How far is what we deliver from what we strive for, and which part opens the gap?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Self

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Reading
from openxmo.core.metrics.cells import Cell
from openxmo.core.metrics.checks import find_metric
from openxmo.core.metrics.composite import ComponentScore, XlaScore, experience_gap, score_xla
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.dimensions import nearest
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.estimates import Estimate
from openxmo.core.metrics.metric import Ambition, Metric, Xla
from openxmo.core.metrics.periods import Every, Moment, Period, open_zone, periods_between
from openxmo.core.metrics.scoring import empty_tally, prepare
from openxmo.core.signals.engines import Engine
from openxmo.questions.score import Scores, score, score_of


@dataclass(frozen=True)
class AmbitionGap:
    """One ambition beside what is delivered: a metric, or an agreement of several (`xla`).

    The gap is the ambition less the delivered, turned round where lower is better, so that a
    positive gap always means: not there yet. `measured` are the scores that it rests on, of an
    agreement in the order of its components.
    """

    ambition: Ambition
    label: str
    unit: str
    measured: tuple[Scores, ...]
    xla: Xla | None
    period: Period | None = None

    @property
    def suppressed(self) -> str | None:
        """Why nothing is shown: a metric of too few signals, or withheld; of an agreement any part withheld."""
        found = [scores.rows[0].suppressed for scores in self.measured]
        if self.xla is None:
            return found[0]
        return next((reason for reason in found if reason not in (None, "too_few")), None)

    @property
    def composite(self) -> XlaScore | None:
        """The agreement's score; a component measured on fewer than its `min_n` counts as missing."""
        if self.xla is None or self.suppressed is not None:
            return None
        return score_xla(self.xla, [_usable(scores) for scores in self.measured])

    def to_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "ambition": self.ambition.key,
            "label": self.label,
            "experience": self.ambition.experience,
            "statement": self.ambition.statement,
            "by": self.ambition.by,
            "unit": self.unit,
            "target": self.ambition.target,
        }
        if self.period is not None:
            document["period"] = self.period.label
        return document | (self._of_metric() if self.xla is None else self._of_agreement())

    def _of_metric(self) -> dict[str, Any]:
        row = self.measured[0].rows[0].to_document()
        delivered = row["value"]
        lower = self.measured[0].metric.better == "lower"
        gap = None if delivered is None else (delivered - self.ambition.target) * (1 if lower else -1)
        shown = {name: row[name] for name in ("low", "high", "n", "suppressed")}
        return {"delivered": delivered, "gap": gap, "components": [], "band": None, "note": "", **shown}

    def _of_agreement(self) -> dict[str, Any]:
        found = self.composite
        nothing = dict.fromkeys(("delivered", "gap", "low", "high", "n", "band"))
        if found is None:
            return {**nothing, "suppressed": self.suppressed, "components": [], "note": ""}
        whole = experience_gap(found, self.ambition.target)
        parts = {} if whole is None else dict(whole.parts)
        return {
            **nothing,
            "delivered": found.score,
            "gap": None if whole is None else whole.gap,
            "low": found.low,
            "high": found.high,
            "band": found.band,
            "suppressed": None,
            "components": [
                _component(part, scores, parts) for part, scores in zip(found.components, self.measured, strict=True)
            ],
            "note": note_of(found, {scores.metric.key: scores.metric.label for scores in self.measured}),
        }


@dataclass(frozen=True)
class Gap:
    """Every ambition beside what is delivered, read from one version of the lake."""

    rows: tuple[AmbitionGap, ...]
    scope: frozenset[str] | None
    lake_version: int

    def to_document(self) -> dict[str, Any]:
        return {"rows": [row.to_document() for row in self.rows], "lake_version": self.lake_version}

    def to_records(self) -> list[dict[str, Any]]:
        """A flat row for each ambition, without its components."""
        return [{name: value for name, value in row.to_document().items() if name != "components"} for row in self.rows]

    def disclosures(self) -> tuple[Disclosure, ...]:
        """One for each score that an ambition rests on."""
        return tuple(
            replace(disclosure, siblings=f"{row.ambition.key}: {disclosure.siblings}")
            for row in self.rows
            for scores in row.measured
            for disclosure in scores.disclosures()
        )

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        """An agreement is withheld as a whole with any of its parts: the others would give the part away."""
        rows, place = [], 0
        for row in self.rows:
            measured = []
            for scores in row.measured:
                measured.append(scores.withhold({0: reasons[place]}) if place in reasons else scores)
                place += 1
            rows.append(replace(row, measured=tuple(measured)))
        return replace(self, rows=tuple(rows))


def gap(
    ambition: str | None = None,
    *,
    engine: Engine,
    definitions: Definitions,
    since: Moment | None = None,
    until: Moment | None = None,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> Gap:
    """One ambition, or all: what is strived for, what is delivered, and which components open the gap.

    The contributions of an agreement's components to the gap add up to it exactly.
    """
    reading = Reading(engine, definitions, as_of, known_at)
    chosen = [Delivery(each, find_xla(each, definitions), reading, scope) for each in choose(ambition, definitions)]
    prepare((metric for delivery in chosen for metric in delivery.metrics), engine)
    rows = (delivery.row(delivery.scores(since=since, until=until)) for delivery in chosen)
    return Gap(tuple(rows), scope, engine.lake_version)


def course(
    ambition: str,
    *,
    engine: Engine,
    definitions: Definitions,
    since: date,
    until: date,
    every: Every,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> Gap:
    """One ambition period by period: a row for each that touches the range, also where nothing was heard in it."""
    (chosen,) = choose(ambition, definitions)
    reading = Reading(engine, definitions, as_of, known_at)
    delivery = Delivery(chosen, find_xla(chosen, definitions), reading, scope)
    measured = delivery.scores(since=since, until=until, every=every)
    rows = (
        delivery.row(tuple(within(scores, period) for scores in measured), period)
        for period in periods_between(since, until, every, open_zone(definitions.zone))
    )
    return Gap(tuple(rows), scope, engine.lake_version)


@dataclass(frozen=True)
class Delivery:
    """One ambition with what it is about, and where that is read."""

    ambition: Ambition
    xla: Xla | None
    reading: Reading
    scope: frozenset[str] | None

    @cached_property
    def metrics(self) -> list[Metric]:
        return metrics_of(self.ambition, self.xla, self.reading.definitions)

    def scores(self, *, since: Moment | None, until: Moment | None, every: Every | None = None) -> tuple[Scores, ...]:
        """What the ambition rests on; of an agreement in the order of its components."""
        return tuple(
            score(
                metric,
                engine=self.reading.engine,
                definitions=self.reading.definitions,
                since=since,
                until=until,
                every=every,
                as_of=self.reading.as_of,
                known_at=self.reading.known_at,
                scope=self.scope,
            )
            for metric in self.metrics
        )

    def row(self, measured: tuple[Scores, ...], period: Period | None = None) -> AmbitionGap:
        first = measured[0].metric
        label = (self.xla.label if self.xla else first.label) or self.ambition.key
        return AmbitionGap(self.ambition, label, "" if self.xla else first.unit, measured, self.xla, period)


def within(scores: Scores, period: Period) -> Scores:
    """The one score of this period: of nothing where the metric was not heard in it."""
    found = [row for row in scores.rows if row.period == period]
    if not found:
        nothing = Cell({}, period, empty_tally(scores.metric), {}, None)
        found = [score_of(nothing, scores.metric)]
    return replace(scores, rows=tuple(found), start=period.start, end=period.end)


def choose(key: str | None, definitions: Definitions) -> Iterable[Ambition]:
    if key is None:
        return definitions.ambitions.values()
    if key not in definitions.ambitions:
        raise WrongUsage(f"There is no ambition {key!r}.", mend=nearest(key, definitions.ambitions))
    return [definitions.ambitions[key]]


def find_xla(ambition: Ambition, definitions: Definitions) -> Xla | None:
    """The agreement that an ambition is about; WrongUsage unless it names exactly one thing that exists."""
    where = f"ambition {ambition.key}"
    if (ambition.metric is None) == (ambition.xla is None):
        raise WrongUsage("An ambition is about a metric or about an XLA.", where=where, mend="Name one of them.")
    if ambition.xla is None:
        return None
    if ambition.xla not in definitions.xlas:
        raise WrongUsage(
            f"There is no XLA {ambition.xla!r}.", where=where, mend=nearest(ambition.xla, definitions.xlas)
        )
    return definitions.xlas[ambition.xla]


def metrics_of(ambition: Ambition, xla: Xla | None, definitions: Definitions) -> list[Metric]:
    keys = [ambition.metric or ""] if xla is None else [component.metric for component in xla.components]
    return [find_metric(key, definitions) for key in keys]


def note_of(found: XlaScore, labels: Mapping[str, str]) -> str:
    """What must be said beside the score: what is missing, why there is none, the weakest component."""
    said = []
    if found.missing:
        missing = ", ".join(labels.get(key) or key for key in found.missing)
        said.append(f"Not heard: {missing} ({found.missing_weight:.0%} of the weight).")
    if found.reason is not None:
        said.append(f"No score: {found.reason}.")
    if found.weakest is not None:
        said.append(f"Weakest: {labels.get(found.weakest) or found.weakest}.")
    return " ".join(said)


def _usable(scores: Scores) -> Estimate | None:
    row = scores.rows[0]
    return row.estimate if row.suppressed is None else None


def _component(part: ComponentScore, scores: Scores, gaps: Mapping[str, float]) -> dict[str, Any]:
    return {
        "metric": part.metric,
        "label": scores.metric.label or part.metric,
        "kind": part.kind,
        "value": part.value,
        "score": part.score,
        "low": part.low,
        "high": part.high,
        "weight": part.weight,
        "declared_weight": part.declared_weight,
        "contribution": part.contribution,
        "gap": gaps.get(part.metric),
        "n": scores.rows[0].estimate.n,
    }
