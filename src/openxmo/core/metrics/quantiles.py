"""Quantiles: they do not add up, so the values themselves are fetched, counted by value."""

from typing import Any

import ibis

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Asked, Reading
from openxmo.core.metrics.cells import Gathered, gather
from openxmo.core.metrics.instants import number
from openxmo.core.metrics.people import People, protected_people
from openxmo.core.metrics.simple import Found, outcomes, reason
from openxmo.core.metrics.tally import QuantileTally

MOST_VALUES = 2_000_000


def tally_quantiles(asked: Asked, reading: Reading) -> tuple[Found, People]:
    """The values of each cell in order."""
    signals = outcomes(asked, reading)
    signals = signals.mutate(left_out=reason(signals, asked))
    counts = signals.left_out.isnull()
    rows = signals.mutate(
        value=counts.ifelse(signals.outcome.cast("float64"), ibis.null("float64")),
        scale=counts.ifelse(signals.scale, ibis.null("string")),
        protected=counts & signals.protected,
        weight_=signals.weight_ if asked.has_weights else number(1),
    )
    _check_size(rows, asked, reading)
    counted = rows.group_by(*asked.keys, "left_out", "scale", "protected", "value", "weight_").agg(n=rows.count())
    cells = gather(reading.engine.fetch(counted).to_pylist(), asked)
    found: Found = {key: (_in_order(cell, asked.metric.score.q or 0.5), cell) for key, cell in cells.items()}
    if any(cell.protected for cell in cells.values()):
        return found, protected_people(signals, asked, reading)
    return found, {}


def _check_size(rows: Any, asked: Asked, reading: Reading) -> None:
    n = reading.engine.fetch(rows.agg(n=rows.left_out.isnull().sum()))["n"][0].as_py() or 0
    if n > MOST_VALUES:
        raise WrongUsage(
            f"A quantile needs its values side by side, and {asked.metric.key} has {n:,} of them here.",
            mend=f"Ask for a shorter range or fewer signals: up to {MOST_VALUES:,} can be held.",
        )


def _in_order(cell: Gathered[Any], q: float) -> QuantileTally:
    values: list[float] = []
    weights: list[float] = []
    for row in sorted(cell.counted, key=lambda row: row["value"]):
        values += [row["value"]] * row["n"]
        weights += [row["weight_"]] * row["n"]
    return QuantileTally(q=q, values=tuple(values), weights=tuple(weights))
