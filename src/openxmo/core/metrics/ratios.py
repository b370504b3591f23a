"""Ratios of two signals' values, tallied per linking unit: what one matter cost over what it took.

A numerator and a denominator of the same issue move together, so the interval needs their cross
sums per issue (else contact, else subject); sums over everything would not do.
"""

from typing import Any

import ibis

from openxmo.core.metrics.asked import Asked, Conditions, Reading, conditions_of
from openxmo.core.metrics.cells import gather
from openxmo.core.metrics.instants import number
from openxmo.core.metrics.people import People, protected_people
from openxmo.core.metrics.scores import MISSING
from openxmo.core.metrics.selection import reason_left_out, select_signals, take_lists_apart
from openxmo.core.metrics.simple import Found
from openxmo.core.metrics.tally import RatioTally

LINKS = ("issue", "contact", "subject")
# Conditions on what a signal says choose the numerator only; all others choose both sides.
OF_NUMERATOR = frozenset({"item", "label", "value", "value_unit", "scale", "instrument"})


def tally_ratios(asked: Asked, reading: Reading) -> tuple[Found, People]:
    """The cross sums of each cell: numerator and denominator each count in their own cell and period."""
    metric = asked.metric
    over = metric.score.over or ""
    own = conditions_of(metric.where)
    link = common_link(reading, metric.signal, over)
    top = _side(asked, reading, metric.signal, own, link, is_top=True)
    base = _side(asked, reading, over, _of_both(own), link, is_top=False)
    both = ibis.union(top, base)
    sums = _sum_units(both, asked)
    cells = gather(reading.engine.fetch(sums).to_pylist(), asked)
    found: Found = {key: (sum(map(_tally, cell.counted), RatioTally()), cell) for key, cell in cells.items()}
    if any(cell.protected for cell in cells.values()):
        return found, protected_people(both, asked, reading)
    return found, {}


def _of_both(where: Conditions) -> Conditions:
    return {key: values for key, values in where.items() if key not in OF_NUMERATOR and not key.startswith("attrs.")}


def common_link(reading: Reading, *names: str) -> str | None:
    """The first of issue, contact and subject that signals of all these names carry; None where there is none."""
    carried = [reading.carried(name) for name in names]
    return next((link for link in LINKS if all(link in links for links in carried)), None)


def _side(asked: Asked, reading: Reading, name: str, where: Conditions, link: str | None, *, is_top: bool) -> Any:
    """One side's signals: `y` and `x`, one of them null. Signals of a name that never has a value count 1 each."""
    chosen = asked if is_top else _for_base(asked)
    signals = take_lists_apart(select_signals(chosen, reading, name=name, where=where), asked, reading)
    value: Any = signals.value if "value" in reading.carried(name) else number(1)
    if asked.has_weights:
        value = value * signals.weight_
    missing = ibis.ifelse(value.isnull(), MISSING, ibis.null("string"))
    nothing = ibis.null("float64")
    alone = ibis.literal("row:") + signals.row.cast("string")
    return signals.select(
        *asked.keys,
        "subject",
        "response",
        "row",
        "item",
        "happened_at",
        "month",
        protected=signals.protected,
        scale=ibis.ifelse(ibis.literal(is_top), signals.scale, ibis.null("string")),
        left_out=ibis.coalesce(reason_left_out(signals, asked), missing),
        unit_=alone if link is None else ibis.coalesce(signals[link], alone),
        y=value if is_top else nothing,
        x=nothing if is_top else value,
    )


def _for_base(asked: Asked) -> Asked:
    from dataclasses import replace

    return replace(asked, where=_of_both(asked.where))


def _sum_units(both: Any, asked: Asked) -> Any:
    """Sums per unit, then cross sums per cell; what does not count is only counted."""
    counts = both.left_out.isnull()
    rows = both.mutate(
        unit_=counts.ifelse(both.unit_, ibis.null("string")),
        scale=counts.ifelse(both.scale, ibis.null("string")),
    )
    units = rows.group_by(*asked.keys, "left_out", "unit_").agg(
        n=rows.count(),
        y=rows.y.sum().fill_null(number(0)),
        x=rows.x.sum().fill_null(number(0)),
        scale=rows.scale.max(),
        other_scale=rows.scale.min(),
        protected=rows.protected.max(),
    )
    # A unit answered on two scales shows both, so that pooling them is refused.
    scale = ibis.ifelse(units.scale == units.other_scale, units.scale, units.other_scale + " and " + units.scale)
    units = units.mutate(scale=scale, n=ibis.ifelse(units.left_out.isnull(), 1, units.n))
    return units.group_by(*asked.keys, "left_out", "scale", "protected").agg(
        n=units.n.sum(),
        y=units.y.sum(),
        x=units.x.sum(),
        yy=(units.y * units.y).sum(),
        xx=(units.x * units.x).sum(),
        xy=(units.x * units.y).sum(),
    )


def _tally(row: Any) -> RatioTally:
    return RatioTally(**{name: row[name] for name in ("n", "y", "x", "yy", "xx", "xy")})
