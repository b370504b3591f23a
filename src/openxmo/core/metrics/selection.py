"""Which signals count for a question, in which cell, and why the others do not."""

from datetime import UTC
from typing import Any

import ibis

from openxmo.core.metrics.asked import Asked, Conditions, Reading, conditions_of
from openxmo.core.metrics.dimensions import EXISTS, add_conditions, add_dimension, is_list, underlying
from openxmo.core.metrics.linking import ATTRIBUTE, one_per
from openxmo.core.metrics.periods import ONE_DAY, bucket
from openxmo.core.metrics.weighting import UNWEIGHTED, add_weight
from openxmo.core.signals.reading import instant, with_person

INFERRED = "inferred"
ALWAYS_NEEDED = (
    *("row", "id", "revision", "happened_at", "month", "subject", "response", "item", "weight"),
    *("value", "label", "scale", "basis", "excluded", "mark", "protected"),
)
NEEDED_BY = {"ratio": {"issue", "contact"}, "repeat_free": {"issue", "reason"}}


def select_signals(
    asked: Asked, reading: Reading, *, name: str | None = None, where: Conditions | None = None, whole: bool = False
) -> Any:
    """The signals of a metric with the columns that a question needs beside the contract's own.

    `cut_0`… the dimensions asked by (a list is not yet taken apart: see `take_lists_apart`), `period`,
    `weight_`, and `is_asked`: whether the signal is in the asked range, scope and choice.
    Those not asked for are left out, unless `whole`: a contact before the range can make one within it a repeat.
    """
    name = asked.metric.signal if name is None else name
    since, until = (None, None) if whole else (asked.since, asked.until)
    signals = reading.signals(name, since=since, until=until)
    signals = signals.select(*sorted(needed_columns(asked, reading) & set(signals.columns)))
    own = conditions_of(asked.metric.where) if where is None else where
    if own:
        signals, met = add_conditions(signals, own, reading=reading, named="own")
        signals = signals.filter(met)
    signals, is_asked = _asked_for(signals, asked, reading, whole)
    signals = signals.mutate(is_asked.name("is_asked")) if whole else signals.filter(is_asked)
    for place, dimension in enumerate(asked.by):
        if not is_list(dimension, reading.definitions):
            signals = add_dimension(signals, dimension, named=f"cut_{place}", reading=reading)
    if asked.every:
        signals = signals.mutate(period_column(signals, asked, reading).name("period"))
    return add_weight(signals, asked, reading)


def needed_columns(asked: Asked, reading: Reading) -> set[str]:
    """The columns that a question may read; the others are left out early, for the engine to have less to look at."""
    metric, dimensions = asked.metric, reading.definitions.dimensions
    named = [*asked.by, *asked.where, *metric.where, *metric.score.fails_if, *metric.score.key]
    if metric.weight_by is not None:
        named.append(metric.weight_by)
    columns = set(ALWAYS_NEEDED)
    for name in named:
        if name.startswith(EXISTS):
            columns |= {"issue", "contact"}
        elif name in dimensions and dimensions[name].signal:
            columns.add(dimensions[name].link or "issue")
        else:
            columns.add(underlying(name, reading.definitions))
    if any(name.startswith(ATTRIBUTE) for name in columns):
        columns.add("attrs")
    if asked.scope is not None:
        columns.add("unit")
    return columns | NEEDED_BY.get(metric.score.kind, set()) | ({metric.once_per} if metric.once_per else set())


def take_lists_apart(signals: Any, asked: Asked, reading: Reading) -> Any:
    """A row for each value of the dimensions that are lists: a signal counts in each of its cells."""
    for place, dimension in enumerate(asked.by):
        if is_list(dimension, reading.definitions):
            signals = add_dimension(signals, dimension, named=f"cut_{place}", reading=reading)
    return signals


def period_column(signals: Any, asked: Asked, reading: Reading) -> Any:
    assert asked.every is not None
    return bucket(
        signals,
        asked.every,
        zone=reading.zone,
        first=reading.first_day if asked.since is None else max(reading.first_day, asked.since.date() - ONE_DAY),
        last=min(end for end in (asked.until, reading.as_of) if end is not None).astimezone(UTC).date(),
        engine_name=reading.engine.name,
    )


def _asked_for(signals: Any, asked: Asked, reading: Reading, whole: bool) -> tuple[Any, Any]:
    signals, met = add_conditions(signals, asked.where, reading=reading, named="asked")
    if asked.scope is not None:
        met = met & signals.unit.isin(sorted(asked.scope)).fill_null(False) if asked.scope else ibis.literal(False)
    if whole and asked.since is not None:
        met = met & (signals.happened_at >= instant(asked.since))
    if whole and asked.until is not None:
        met = met & (signals.happened_at < instant(asked.until))
    return signals, met


def reason_left_out(signals: Any, asked: Asked) -> Any:
    """Why a signal does not count, null where it does: a standing mark, the source's exclusion, inferred, no weight."""
    reasons = [signals.mark]
    if not asked.include_excluded:
        reasons.append(signals.excluded)
    if not asked.metric.include_inferred:
        reasons.append(ibis.ifelse(signals.basis == INFERRED, INFERRED, ibis.null("string")))
    if asked.metric.weight_by is not None:
        reasons.append(ibis.ifelse(signals.unweighted, UNWEIGHTED, ibis.null("string")))
    return ibis.coalesce(*reasons)


def counts_over_time(asked: Asked) -> bool:
    """Whether each unit counts once in all, in the period of the signal picked, rather than once a period.

    A case has one last state; a person is asked again each quarter, and stays counted in the quarters before.
    """
    return asked.metric.once_per is not None and asked.metric.once_per != "subject"


def keep_one_each(signals: Any, asked: Asked, reading: Reading) -> Any:
    """One signal for each unit of `once_per` among those that count (`left_out` null); all others stay as they are."""
    link = asked.metric.once_per
    assert link is not None
    if link == "subject":
        signals = with_person(reading.engine, signals, known_at=reading.known_at)
    unit = signals.person if link == "subject" else signals[link]
    counts = signals.left_out.isnull() & unit.notnull()
    group = [unit, counts]
    if asked.every and not counts_over_time(asked):
        group.append(signals.period)
    placed = signals.mutate(counts=counts, place=one_per(signals, group, pick=asked.metric.pick))
    return placed.filter(~placed.counts | (placed.place == 0))
