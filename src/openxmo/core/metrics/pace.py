"""How fine a metric is shown over time: at most one step finer than it is judged.

A relationship measure that is judged per quarter may be followed by month; what its single weeks and
days say is chance more than change.
"""

from collections.abc import Sequence

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.checks import NPS_REFUSED
from openxmo.core.metrics.metric import Metric

PACES = ("day", "week", "month", "quarter", "year")


def paces_of(metric: Metric) -> tuple[str, ...]:
    """The periods by which it may be shown, the finest first."""
    if metric.judged_per is None:
        return PACES
    return PACES[max(0, PACES.index(metric.judged_per) - 1) :]


def check_pace(metric: Metric, every: str | None) -> None:
    """WrongUsage where a metric would be shown by a finer period than it may be; a refused cut is told as that."""
    told_elsewhere = every in metric.refused_by or (metric.score.kind == "nps" and every in NPS_REFUSED)
    if every is not None and every not in paces_of(metric) and not told_elsewhere:
        raise WrongUsage(
            f"{metric.label or metric.key} is judged per {metric.judged_per}, so it is not shown by {every}: "
            f"what a single {every} says is chance more than change.",
            where=f"metric {metric.key}",
            mend=f"Ask by {in_words(paces_of(metric))}, or as a whole.",
        )


def in_words(paces: Sequence[str]) -> str:
    return paces[0] if len(paces) == 1 else f"{', '.join(paces[:-1])} or {paces[-1]}"
