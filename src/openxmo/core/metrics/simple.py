"""Metrics whose signals are scored one by one: NPS, boxes, shares, means."""

from typing import Any

import ibis

from openxmo.core.metrics.asked import Asked, Reading
from openxmo.core.metrics.cells import Gathered, Key, gather
from openxmo.core.metrics.horizon import first_value_of
from openxmo.core.metrics.kept import keep
from openxmo.core.metrics.people import People, protected_people
from openxmo.core.metrics.scores import outcome, problem
from openxmo.core.metrics.selection import (
    counts_over_time,
    keep_one_each,
    reason_left_out,
    select_signals,
    take_lists_apart,
)
from openxmo.core.metrics.sums import sum_outcomes, tally_of
from openxmo.core.metrics.tally import Tally

Found = dict[Key, tuple[Any, Gathered[Any]]]
LARGE = 1000.0


def tally_simple(asked: Asked, reading: Reading) -> tuple[Found, People]:
    """The tally of each cell, and its protected people."""
    origin = find_origin(asked, reading)
    signals, sums = keep(asked, reading, origin, lambda: build(asked, reading, origin))
    cells = gather(reading.engine.fetch(sums).to_pylist(), asked)
    found: Found = {
        key: (sum((tally_of(row, origin=origin) for row in cell.counted), Tally(origin=origin)), cell)
        for key, cell in cells.items()
    }
    people: People = {}
    if any(cell.protected for cell in cells.values()):
        people = protected_people(signals.mutate(left_out=reason(signals, asked)), asked, reading)
    return found, people


def build(asked: Asked, reading: Reading, origin: float) -> tuple[Any, Any]:
    signals = outcomes(asked, reading)
    return signals, sum_outcomes(signals, asked, origin=origin, constants=reading.constants(asked.metric.signal))


def outcomes(asked: Asked, reading: Reading) -> Any:
    """The signals asked for with their `outcome`; one for each unit where the metric counts units."""
    whole = counts_over_time(asked)
    signals = select_signals(asked, reading, whole=whole)
    signals = signals.mutate(outcome=outcome(signals, asked.metric.score))
    if asked.metric.once_per is not None:
        signals = keep_one_each(signals.mutate(left_out=reason(signals, asked)), asked, reading)
    if whole:
        signals = signals.filter(signals.is_asked)
    return take_lists_apart(signals, asked, reading)


def reason(signals: Any, asked: Asked) -> Any:
    return ibis.coalesce(reason_left_out(signals, asked), problem(signals.outcome, asked.metric.score))


def find_origin(asked: Asked, reading: Reading) -> float:
    """What scores are shifted by before they are squared: 0, or for a mean of large values the first one ever heard.

    It must be the same for every question about the metric, whatever its range, so that tallies add up.
    """
    if asked.metric.score.kind != "mean":
        return 0.0
    if reading.known_at is None and reading.bound is None:
        known = first_value_of(reading.engine, asked.metric.signal)
        return known if known is not None and abs(known) >= LARGE else 0.0
    signals = reading.signals(asked.metric.signal)
    valued = signals.filter(signals.value.notnull())
    first = reading.engine.fetch(valued.order_by("row").limit(1).select("value"))["value"].to_pylist()
    return first[0] if first and abs(first[0]) >= LARGE else 0.0
