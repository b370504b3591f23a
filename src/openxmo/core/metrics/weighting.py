"""What a signal weighs: its survey weight where asked for, and what the metric weighs by."""

from typing import Any

import ibis

from openxmo.core.metrics.asked import Asked, Reading
from openxmo.core.metrics.dimensions import add_dimension
from openxmo.core.metrics.instants import number

UNWEIGHTED = "unweighted"


def add_weight(signals: Any, asked: Asked, reading: Reading) -> Any:
    """The signals with a `weight_` column, if the question has weights.

    The survey's own weight counts where the question is `weighted` (1 where a signal has none); what
    the metric weighs by, such as an account's revenue, always does, and a signal without it, or
    with a negative one, has no weight (null) and is `unweighted`.
    """
    if not asked.has_weights:
        return signals
    one = number(1)
    weight: Any = signals.weight.fill_null(number(1)).cast("float64") if asked.weighted else one
    if asked.metric.weight_by is not None:
        signals = add_dimension(signals, asked.metric.weight_by, named="weighed_by", reading=reading)
        by = signals.weighed_by.try_cast("float64")
        weight = weight * ibis.ifelse(by >= 0, by, ibis.null("float64"))
        signals = signals.mutate(unweighted=by.isnull() | (by < 0))
    return signals.mutate(weight.name("weight_"))
