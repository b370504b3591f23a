"""What showing one cell would disclose; the exit door decides by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from openxmo.core.metrics.metric import Metric


@dataclass(frozen=True)
class Disclosure:
    """One cell of a result, in the order of its rows.

    `people` are keyed hashes of the protected respondents in the cell, None where nobody in it is
    protected. Cells with the same `siblings` are parts of one total.

    `months` says who of them answered in which month of the office's zone (`2026-01`), and which item
    where the answers are to items (see `of_item`). Without it a cell over several months or items
    cannot be told apart from others that overlap it, and is then withheld once such a one was shown.

    `guarded` says that the metric asks of protected people too, though perhaps of none in this cell.
    `effective_n` is how many answers of equal weight the cell rests on, None where all weigh the same.
    """

    metric: str
    by: Mapping[str, str | None]
    start: datetime | None
    end: datetime | None
    n: int
    people: frozenset[int] | None
    siblings: str
    narrowed_by: tuple[tuple[str, Any], ...] = ()  # the (key, value) pairs that the asker narrowed the question by
    months: Mapping[str, frozenset[int]] | None = None
    uniform: bool = False  # every answer in it scored the same
    shows: Literal["numbers", "words"] = "numbers"
    guarded: bool = False
    effective_n: float | None = None
    definition: Metric | None = None  # of the metric, which may be the asker's own

    @property
    def asked(self) -> str:
        """What people were asked: metrics that score the same answers differently share it."""
        if self.definition is None:
            return self.metric
        return self.definition.signal + (".index" if self.definition.score.kind == "index" else "")


def of_item(time: str, item: str | None) -> str:
    """A stretch of answers: those of a time to one item (`2026-01/=q1`), or to none (`2026-01`)."""
    return time if item is None else f"{time}/={item}"
