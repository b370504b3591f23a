"""Whether a metric can be measured at all, and whether it may be asked the way it is."""

from collections.abc import Iterable, Sequence

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Conditions, conditions_of
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.dimensions import CHOICES, check_dimension, nearest, underlying
from openxmo.core.metrics.linking import ATTRIBUTE
from openxmo.core.metrics.metric import Metric, Score

NEEDS = {
    "top_box": ("top", 'the lowest value that counts, as in { kind = "top_box", top = 4 }'),
    "bottom_box": ("bottom", 'the highest value that counts, as in { kind = "bottom_box", bottom = 2 }'),
    "share": ("of", 'the labels that count, as in { kind = "share", of = ["yes"] }'),
    "ratio": ("over", 'the signal to divide by, as in { kind = "ratio", over = "contact" }'),
    "repeat_free": ("days", 'the window in days, as in { kind = "repeat_free", days = 7 }'),
    "quantile": ("q", 'which quantile, as in { kind = "quantile", q = 0.5 }'),
    "index": ("items", 'the items, as in { kind = "index", items = ["q1", "q2"] }'),
}
FIELDS = {"repeat_free": {"days", "key", "fails_if"}} | {
    kind: {field} for kind, (field, _) in NEEDS.items() if kind != "repeat_free"
}
ALL_FIELDS = ("top", "bottom", "of", "over", "days", "key", "fails_if", "q", "items")
# A relationship measure says nothing about one agent, contact or day, whatever its definition allows.
NPS_REFUSED = ("agent", "contact", "day")
COUNT_UNITS = frozenset({"ratio", "repeat_free", "index"})
STITCH_BY = ("subject", "reason")


def check_metric(metric: Metric, definitions: Definitions) -> None:
    """Raise WrongUsage, naming the metric and what would mend it, unless the metric can be measured."""
    try:
        if not metric.signal.strip():
            raise WrongUsage("It names no signal.", mend='Name what is scored, as in signal = "nps".')
        check_score(metric.score)
        _check_names(metric, definitions)
    except WrongUsage as error:
        where = ", ".join(part for part in (f"metric {metric.key}", error.where) if part)
        raise WrongUsage(error.what, where=where, mend=error.mend) from None


def check_score(score: Score) -> None:
    """Raise unless the score has the fields that its kind needs, and no others."""
    needed, example = NEEDS.get(score.kind, (None, ""))
    if needed is not None and getattr(score, needed) in (None, (), {}):
        raise WrongUsage(f"A {score.kind} score needs `{needed}`.", mend=f"It is {example}.")
    allowed = FIELDS.get(score.kind, set())
    for name in ALL_FIELDS:
        if name not in allowed and getattr(score, name) not in (None, (), {}):
            raise WrongUsage(f"A {score.kind} score has no `{name}`.", mend="Leave it out.")
    if score.q is not None and not 0 < score.q < 1:
        raise WrongUsage(f"q lies between 0 and 1, not at {score.q:g}.", mend="The median is q = 0.5.")
    if score.days is not None and not 0 < score.days <= 3660:
        raise WrongUsage(f"A window of {score.days:g} days cannot be.", mend="Name more than 0 days, such as 7.")
    if isinstance(score.items, dict) and not all(score.items.values()):
        raise WrongUsage("A sub-index without items cannot be averaged.", mend="Name its items or leave it out.")


def _check_names(metric: Metric, definitions: Definitions) -> None:
    if metric.once_per is not None and metric.score.kind in COUNT_UNITS:
        raise WrongUsage(f"A {metric.score.kind} score already counts units, not signals.", mend="Leave out once_per.")
    for name in metric.where:
        check_dimension(name, definitions, use="chosen by")
    for name in metric.score.fails_if:
        check_dimension(name, definitions, use="chosen by")
    for name in metric.score.key:
        if name not in CHOICES and not name.startswith(ATTRIBUTE):
            raise WrongUsage(f"Contacts cannot be told apart by {name!r}.", mend=nearest(name, CHOICES))
    if metric.weight_by is not None and metric.weight_by != "value":
        check_dimension(metric.weight_by, definitions)
    if metric.counter_metric and definitions.metrics and metric.counter_metric not in definitions.metrics:
        raise WrongUsage(
            f"There is no metric {metric.counter_metric!r} to counter it.",
            mend=nearest(metric.counter_metric, definitions.metrics),
        )


def check_cuts(
    metric: Metric, by: Iterable[str], where: Conditions, every: str | None, definitions: Definitions
) -> None:
    """Raise unless every cut is known and none is one that this metric is refused by."""
    cuts = list(by)
    for name in cuts:
        check_dimension(name, definitions)
    for name in where:
        check_dimension(name, definitions, use="chosen by")
    refused = set(metric.refused_by) | (set(NPS_REFUSED) if metric.score.kind == "nps" else set())
    names = [*cuts, *(name for name in where if not name.startswith("exists:")), *([every] if every else [])]
    for name in names:
        meant = name if name == every else underlying(name, definitions)
        if name in refused or meant in refused or (meant == "about" and "agent" in refused):
            raise WrongUsage(
                f"{metric.label or metric.key} is not shown by {name}: a handful of answers says nothing about one.",
                mend="Ask by team, channel or reason, per month or quarter; for one contact use CSAT or effort.",
            )


def find_metric(key: str, definitions: Definitions) -> Metric:
    """The metric of that key; WrongUsage with the nearest known ones."""
    if key in definitions.metrics:
        return definitions.metrics[key]
    raise WrongUsage(
        f"There is no metric {key!r}.",
        mend=nearest(key, definitions.metrics, otherwise="`xmo export` shows the office's metrics."),
    )


def stitch_key(score: Score) -> tuple[str, ...]:
    """What makes two contacts one issue where the source names none."""
    return score.key or STITCH_BY


def index_groups(score: Score) -> dict[str, tuple[str, ...]]:
    """The sub-indices and their items; a plain list is one sub-index."""
    items: dict[str, tuple[str, ...]] | Sequence[str] = score.items
    return dict(items) if isinstance(items, dict) else {"": tuple(items)}


def own_conditions(metric: Metric) -> Conditions:
    return conditions_of(metric.where)
