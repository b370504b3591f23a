"""Scoring an experience level agreement from its released components: what a viewer may not see is not in the score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openxmo.core.metrics.composite import XlaScore, score_xla
from openxmo.core.metrics.metric import Metric, Xla
from openxmo.core.release import Released
from openxmo.office.govern.session import Session
from openxmo.office.understand import asking
from openxmo.office.understand.address import Question
from openxmo.questions.score import TOO_FEW, Score, Scores


@dataclass(frozen=True)
class Agreement:
    """`score` is None where a component is withheld; `measured` are the components' own numbers, in their order."""

    xla: Xla
    metrics: tuple[Metric, ...]
    measured: tuple[Score | None, ...]
    score: XlaScore | None

    @property
    def cell(self) -> dict[str, Any]:
        """The score as a row that the estimate component reads."""
        n = min((found.estimate.n for found in self.measured if found and found.suppressed is None), default=None)
        whole = self.score
        if whole is None:
            return {"value": None, "low": None, "high": None, "n": None, "suppressed": "privacy"}
        return {
            "value": whole.score,
            "low": whole.low,
            "high": whole.high,
            "n": n,
            "method": "square and add of its components",
            "suppressed": whole.reason,
        }


def score_agreement(office: Session, xla: Xla, question: Question) -> Agreement:
    """The agreement over the whole period asked."""
    found = [asking.score(office, _of(question, part.metric), by=(), every=None) for part in xla.components]
    return _agreement(office, xla, [each.result.rows[0] for each in found])


def score_by_period(office: Session, xla: Xla, question: Question) -> list[tuple[str, Agreement]]:
    """The agreement for each calendar period of `question.every`, in their order."""
    found: list[Released[Scores]] = [asking.score(office, _of(question, part.metric), by=()) for part in xla.components]
    by_label = [{row.period.label: row for row in each.result.rows if row.period} for each in found]
    labels = sorted({label for rows in by_label for label in rows})
    return [(label, _agreement(office, xla, [rows.get(label) for rows in by_label])) for label in labels]


def _of(question: Question, metric: str) -> Question:
    return Question(**{**question.__dict__, "metric": metric})


def _agreement(office: Session, xla: Xla, rows: Sequence[Score | None]) -> Agreement:
    metrics = tuple(office.metric(part.metric) for part in xla.components)
    if any(row is not None and row.suppressed not in (None, TOO_FEW) for row in rows):
        return Agreement(xla, metrics, tuple(rows), None)
    heard = [row.estimate if row is not None and row.suppressed is None else None for row in rows]
    return Agreement(xla, metrics, tuple(rows), score_xla(xla, heard))
