"""Answers to several versions of one question, pooled: allowed where the scale is the same, and never in silence."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openxmo.core.metrics.horizon import kinds_of
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.scores import SIMPLE_KINDS
from openxmo.core.signals.engines import Engine

INSTRUMENT = "instrument"


def versions_heard(engine: Engine, metric: Metric) -> tuple[str, ...]:
    """The instruments of which more than one version was ever heard under the metric's signal: `csat@1`, `csat@2`."""
    heard = {kind[INSTRUMENT] for kind in kinds_of(engine, metric.signal) if kind[INSTRUMENT]}
    return several(heard)


def several(instruments: Iterable[str]) -> tuple[str, ...]:
    """Those of these of which there is another version among them."""
    found = sorted(set(instruments))
    keys = [name.partition("@")[0] for name in found]
    return tuple(name for name, key in zip(found, keys, strict=True) if keys.count(key) > 1)


def find_mixed(
    metric: Metric,
    engine: Engine,
    *,
    cut_by: Sequence[str],
    guarded: bool,
    count: Callable[[], Iterable[tuple[Any, int]]],
) -> tuple[str, ...]:
    """The versions that an answer pools; none where it is cut or narrowed by the instrument.

    `count` says how many signals count of each instrument, and is asked only where versions could mix at all. Of
    protected people's answers nobody is told which versions a narrower question holds: all that were heard are named.
    """
    heard = versions_heard(engine, metric)
    told_apart = INSTRUMENT in (*cut_by, *metric.where, *metric.refused_by)
    if not heard or told_apart or metric.score.kind not in SIMPLE_KINDS:
        return ()
    return heard if guarded else several(name for name, n in count() if name and n)


def note_of(mixed: Sequence[str]) -> str:
    """What is told beside such a number."""
    return (
        f"Answers to several wordings are pooled: {', '.join(mixed)}. A new wording can move a score by itself: "
        "see each by --by instrument."
    )
