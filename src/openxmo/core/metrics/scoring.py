"""From signals to the cells of an answer, on any engine."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Asked, Reading, Where, make_definite
from openxmo.core.metrics.cells import Cell, Gathered, in_order, make_cell
from openxmo.core.metrics.checks import check_cuts, check_metric, index_groups
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.dimensions import is_list
from openxmo.core.metrics.horizon import kinds_of, learn
from openxmo.core.metrics.indices import tally_indices
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.people import People
from openxmo.core.metrics.periods import Every, Moment, check_moments, open_zone, period_of
from openxmo.core.metrics.quantiles import tally_quantiles
from openxmo.core.metrics.ratios import tally_ratios
from openxmo.core.metrics.repeats import tally_repeats
from openxmo.core.metrics.simple import Found, tally_simple
from openxmo.core.metrics.tally import AnyTally, IndexTally, QuantileTally, RatioTally, Tally
from openxmo.core.signals.engines import Engine

Tallying = Callable[[Asked, Reading], tuple[Found, People]]
KINDS: dict[str, Tallying] = {
    "ratio": tally_ratios,
    "quantile": tally_quantiles,
    "index": tally_indices,
    "repeat_free": tally_repeats,
}


MOST_ATTEMPTS = 3


def score_cells(
    metric: Metric,
    *,
    engine: Engine,
    definitions: Definitions,
    by: Sequence[str] = (),
    where: Where = (),
    since: Moment | None = None,
    until: Moment | None = None,
    every: Every | None = None,
    weighted: bool = False,
    include_excluded: bool = False,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> list[Cell]:
    """The tallies of a metric by cut and period: what every answer about a metric is computed from.

    Args:
        by: columns, `attrs.x` or declared dimensions; a list (objects, theme) counts a signal in each of its cells.
        where: (key, value) pairs; the same key twice means or, different keys mean and. None means missing.
        since, until: days in the office's zone, or instants; `until` is not part of the range.
        every: a cell for each calendar period in the office's zone; without it one for the whole range.
        weighted: signals count by the survey weights of their source.
        include_excluded: also those that their source leaves out of its own reports; marks still apply.
        as_of: the moment judged from: later signals are not seen, and windows still open then are immature.
        known_at: only what had been heard by then, as it was known then.
        scope: the units whose signals may be seen; None means all, with those of no unit.

    Returns the cells by period and cut, missing values last. Without `by` and `every` there is always
    one cell, even of nothing. Raises WrongUsage for unknown names, cuts that the metric is refused
    by, and answers on different scales.
    """
    check_moments(as_of, known_at)
    zone = open_zone(definitions.zone)
    asked = make_definite(
        metric,
        zone=zone,
        by=by,
        where=where,
        since=since,
        until=until,
        every=every,
        weighted=weighted,
        include_excluded=include_excluded,
        scope=scope,
    )
    check_metric(metric, definitions)
    check_cuts(metric, asked.by, asked.where, every, definitions)
    if sum(is_list(name, definitions) for name in asked.by) > 1:
        raise WrongUsage("Only one of the dimensions may be a list.", where=f"by {', '.join(asked.by)}")
    found, people = _tally_one_version(asked, engine, definitions, as_of, known_at)
    if not found and not asked.keys:
        found = {(): (empty_tally(metric), Gathered())}
    buckets = {key[-1] for key in found} if asked.every else set()
    periods = {each: period_of(each, asked.every, zone) for each in buckets} if asked.every else {}
    return in_order(
        make_cell(key, tally, cell, people.get(key), asked, periods[key[-1]] if asked.every else None)
        for key, (tally, cell) in found.items()
    )


def prepare(metrics: Iterable[Metric], engine: Engine) -> None:
    """Asks once what the score of each of these metrics would ask for itself: what is true of all signals of a name."""
    known = list(metrics)
    ratios = [metric for metric in known if metric.score.kind == "ratio"]
    bases = [metric.score.over for metric in ratios if metric.score.over]
    learn(
        engine,
        names=[*(metric.signal for metric in known), *bases],
        valued=[metric.signal for metric in known if metric.score.kind == "mean"],
        linked=[*(metric.signal for metric in ratios), *bases],
    )


def is_heard(metric: Metric, engine: Engine) -> bool:
    """Whether any signal that the metric is about stands in the lake, of whatever time."""
    return any(kinds_of(engine, name) for name in (metric.signal, metric.score.over) if name)


def _tally_one_version(
    asked: Asked, engine: Engine, definitions: Definitions, as_of: datetime, known_at: datetime | None
) -> tuple[Found, People]:
    """The tallies, asked again where another thread moved the shared engine to a newer version meanwhile."""
    tally = KINDS.get(asked.metric.score.kind, tally_simple)
    version = engine.lake_version
    answer = tally(asked, Reading(engine, definitions, as_of, known_at))
    for _ in range(MOST_ATTEMPTS - 1):
        if engine.lake_version == version:
            break
        version = engine.lake_version
        answer = tally(asked, Reading(engine, definitions, as_of, known_at))
    return answer


def empty_tally(metric: Metric) -> AnyTally:
    """The tally of no signals."""
    match metric.score.kind:
        case "ratio":
            return RatioTally()
        case "quantile":
            return QuantileTally(q=metric.score.q or 0.5)
        case "index":
            return IndexTally({}, index_groups(metric.score), Tally())
    return Tally()
