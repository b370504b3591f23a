"""What the engine hands over of two periods: the rows that count, each period as a whole, and what was left out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openxmo.core.metrics.cells import check_one_scale
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.tally import Tally
from openxmo.core.understand.rows import Rows


@dataclass(frozen=True)
class ScoredRows:
    """The rows of both periods, and before and after their totals and the numbers left out by reason."""

    rows: Rows
    totals: tuple[Tally, Tally]
    excluded: tuple[Mapping[str, int], Mapping[str, int]]


def check_scales(metric: Metric, scales: Iterable[str | None]) -> None:
    """Refuse to compare the periods where they were answered on different scales."""
    check_one_scale(metric, [scale for scale in set(scales) if scale is not None])


def count_excluded(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, int]:
    """How many signals each reason left out; a row without a reason counts."""
    reasons: Counter[str] = Counter()
    for row in rows:
        if row["left_out"] is not None:
            reasons[row["left_out"]] += row["n"]
    return dict(sorted(reasons.items()))
