"""Says what was heard, in a line a signal, and asks for scores."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from openxmo.core.metrics.cells import Cell
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Dimension, Metric, Score
from openxmo.core.metrics.scoring import score_cells
from openxmo.core.metrics.tally import RatioTally, Tally
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.store.lake import Lake
from tests.spec.signals.lakes import add, add_mark, signal

AS_OF = datetime(2026, 12, 31, tzinfo=UTC)


def at(text: str) -> datetime:
    """`2026-03-01` or `2026-03-01T09:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Heard:
    """A lake, the engine that answers over it, and the office's definitions."""

    def __init__(self, lake: Lake, engine: Engine) -> None:
        self.lake = lake
        self.engine = engine
        self.definitions = Definitions()
        self._next = 1

    def hear(self, *rows: Mapping[str, Any]) -> None:
        """Signals without row keys; `happened_at` may be text in UTC. A customer's, unless they say otherwise."""
        made = []
        for row in rows:
            moment = row.get("happened_at", "2026-03-10")
            moment = at(moment) if isinstance(moment, str) else moment
            more = {"heard_at": moment, "subject_kind": "customer", **row, "happened_at": moment}
            made.append(signal(self._next, **more))
            self._next += 1
        add(self.lake, *made)
        self.engine.refresh()

    def mark(self, row: int, month: str, **more: Any) -> None:
        add_mark(self.lake, row, month, AS_OF, **more)
        self.engine.refresh()

    def define(self, *dimensions: Dimension, zone: str = "UTC") -> None:
        self.definitions = Definitions(zone=zone, dimensions={each.key: each for each in dimensions})

    def cells(self, metric: Metric, **asked: Any) -> list[Cell]:
        asked = {"as_of": AS_OF, **asked}
        return score_cells(metric, engine=self.engine, definitions=self.definitions, **asked)

    def cell(self, metric: Metric, **asked: Any) -> Cell:
        (only,) = self.cells(metric, **asked)
        return only

    def mean(self, metric: Metric, **asked: Any) -> float | None:
        return mean_of(self.cell(metric, **asked))

    def table(self, metric: Metric, **asked: Any) -> dict[Any, Any]:
        """n and mean by cut (one value, or several) and period label, as far as they were asked for."""
        found = {}
        for cell in self.cells(metric, **asked):
            key = [*cell.by.values(), *([cell.period.label] if cell.period else [])]
            found[key[0] if len(key) == 1 else tuple(key)] = (cell.tally.n, mean_of(cell))
        return found


def mean_of(cell: Cell) -> float | None:
    tally = cell.tally
    if isinstance(tally, RatioTally):
        return tally.y / tally.x if tally.x else None
    assert isinstance(tally, Tally)
    return tally.mean


def measure(kind: Any, *, signal: str = "answer", key: str = "measured", **more: Any) -> Metric:
    """A metric of that kind; what the score needs is told apart from what the metric needs."""
    score = {name: more.pop(name) for name in list(more) if name in Score.__struct_fields__}
    return Metric(key=key, signal=signal, score=Score(kind=kind, **score), **more)


def answers(values: Iterable[float | None], **more: Any) -> list[dict[str, Any]]:
    """Answers of these values, one after the other, each of another customer."""
    made = {"name": "answer", "scale": "0..10"} | more
    return [{"subject": f"c{place}", **made, "value": value} for place, value in enumerate(values)]
