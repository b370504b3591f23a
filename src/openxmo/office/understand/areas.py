"""What is known of one area: its experience, operations and technology side by side, over the same months."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openxmo.core.errors import UserError
from openxmo.core.metrics.metric import Metric
from openxmo.office.govern.session import Session
from openxmo.office.ui.periods import Period
from openxmo.office.understand import asking
from openxmo.office.understand.address import Question

KINDS = ("X", "O", "T")
IN_TIME_LINE = 2  # metrics of each kind
SAID = 3  # in the answer


@dataclass(frozen=True)
class Row:
    """One metric in the area: its number, and where it opens."""

    metric: Metric
    kind: str
    question: Question
    cell: Mapping[str, Any]
    behind: str
    explore: str

    @property
    def valid(self) -> bool:
        return self.cell["value"] is not None and self.cell["suppressed"] is None


@dataclass(frozen=True)
class Area:
    """`kinds` holds the rows by X, O, T; without a valid X the others are conditions and no experience."""

    kinds: Mapping[str, tuple[Row, ...]]
    not_shown: tuple[tuple[str, str], ...]

    @property
    def has_experience(self) -> bool:
        return any(row.valid for row in self.kinds["X"])

    @property
    def told(self) -> list[Row]:
        """The experience that the answer names: what most was heard of."""
        return most_heard(self.kinds["X"], SAID)

    @property
    def empty(self) -> bool:
        return not any(self.kinds.values())


def look_at(office: Session, *, dimension: str, value: str, period: Period, unit: str | None) -> Area:
    """Every metric that something was heard of where `dimension` is `value`."""
    heard = office.heard(where=((dimension, value),)).result.names
    kinds: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    not_shown = []
    for metric in office.definitions.metrics.values():
        kind = kind_of(office, metric, heard)
        guarded = metric.experience == "employee"  # what is heard of employees is not listed, so it is asked for
        if kind not in kinds or not (guarded or any(name == metric.signal for name, _ in heard)):
            continue
        question = Question(metric=metric.key, where=((dimension, value),), period=period, unit=unit)
        try:
            row = row_of(office, question, metric, kind)
        except UserError as error:
            not_shown.append((metric.label or metric.key, error.what))
            continue
        if row is not None:
            kinds[kind].append(row)
    return Area({kind: tuple(rows) for kind, rows in kinds.items()}, tuple(not_shown))


def kind_of(office: Session, metric: Metric, heard: tuple[tuple[str, str], ...]) -> str:
    """X, O or T: as an agreement says, as the metric's own conditions say, else as its signals mostly are."""
    for xla in office.definitions.xlas.values():
        for part in xla.components:
            if part.metric == metric.key:
                return part.kind
    own = metric.where.get("kind")
    if isinstance(own, str):
        return own
    counted = Counter(kind for name, kind in heard if name == metric.signal)
    if counted:
        return next(kind for name, kind in heard if name == metric.signal)
    return "O" if metric.family == "operational" else "X"


def row_of(office: Session, question: Question, metric: Metric, kind: str) -> Row | None:
    """None where nothing at all was heard."""
    cell = asking.score(office, question).to_document()["rows"][0]
    if cell["value"] is None and cell["suppressed"] is None:
        return None
    if cell["n"] == 0:
        return None
    return Row(
        metric=metric,
        kind=kind,
        question=question,
        cell=asking.with_least(cell, metric),
        behind=question.address("understand-signals"),
        explore=question.address("understand-explore", every="month"),
    )


@dataclass(frozen=True)
class Line:
    """One metric of the time line: its number in each month, None where nothing was heard."""

    row: Row
    cells: tuple[Mapping[str, Any] | None, ...]

    @property
    def label(self) -> str:
        return self.row.metric.label or self.row.metric.key

    def chart(self, months: Sequence[str]) -> dict[str, Any]:
        sides = (("values", "value"), ("low", "low"), ("high", "high"))
        series = {key: [(cell or {}).get(side) for cell in self.cells] for key, side in sides}
        spec = {"kind": "band", "unit": self.row.metric.unit, "x": list(months)}
        return {**spec, "series": [{"name": self.label, **series}]}


def time_line(office: Session, area: Area) -> tuple[list[str], list[Line]]:
    """The months, and the most heard metrics of each kind over them: X above O above T."""
    chosen = [row for kind in KINDS for row in most_heard(area.kinds[kind], IN_TIME_LINE)]
    monthly = []
    for row in chosen:
        rows = asking.score(office, row.question, every="month").to_document()["rows"]
        monthly.append({each["period"]: each for each in rows})
    months = sorted({month for rows in monthly for month in rows})
    return months, [
        Line(row, tuple(rows.get(month) for month in months)) for row, rows in zip(chosen, monthly, strict=True)
    ]


def most_heard(rows: Sequence[Row], most: int) -> list[Row]:
    """The valid rows with most behind them, one for each signal: two scores of the same answers say little more."""
    by_signal: dict[str, Row] = {}
    for row in sorted((row for row in rows if row.valid), key=heard_most):
        by_signal.setdefault(row.metric.signal, row)
    return list(by_signal.values())[:most]


def heard_most(row: Row) -> tuple[float, str]:
    return -(row.cell["n"] or 0), row.metric.key
