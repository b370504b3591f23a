"""A metric's definition in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from openxmo.core.metrics.metric import Metric

KINDS = {"X": gettext_lazy("experience"), "O": gettext_lazy("operations"), "T": gettext_lazy("technology"),
         "B": gettext_lazy("business")}  # fmt: skip


def formula(metric: Metric) -> str:
    """How one signal is scored, and which signals count."""
    said = [_scored(metric)]
    if metric.where:
        said.append(gettext("Only where %s.") % _conditions(metric))
    if metric.once_per:
        which = gettext("first") if metric.pick == "first" else gettext("last")
        said.append(
            gettext("Each %(unit)s counts once, by its %(which)s signal.") % {"unit": metric.once_per, "which": which}
        )
    if metric.weight_by:
        said.append(gettext("Weighted by %s.") % metric.weight_by)
    return " ".join(said)


def _scored(metric: Metric) -> str:
    score = metric.score
    words: dict[str, Any] = {"signal": metric.signal.replace("_", " ")}
    match score.kind:
        case "nps":
            return gettext("Share of 9 and 10 less share of 0 to 6, of answers to %(signal)s, in points.") % words
        case "top_box":
            return gettext("Share of %(signal)s of %(top)s or more, in %%.") % {**words, "top": f"{score.top:g}"}
        case "bottom_box":
            return gettext("Share of %(signal)s of %(bottom)s or less, in %%.") % {
                **words,
                "bottom": f"{score.bottom:g}",
            }
        case "share":
            return gettext("Share of %(signal)s that are %(of)s, in %%.") % {**words, "of": _or(score.of)}
        case "ratio":
            return gettext("Sum of %(signal)s over sum of %(over)s.") % {**words, "over": score.over}
        case "repeat_free":
            return gettext(
                "Share of issues in %(signal)s that are not heard of again within %(days)s days, in %%. "
                "An issue counts once that time has passed."
            ) % {**words, "days": f"{score.days:g}"}
        case "quantile":
            return gettext("The value of %(signal)s that %(share)s %% stay below.") % {
                **words,
                "share": f"{100 * (score.q or 0):g}",
            }
        case "index":
            return gettext("Mean over the items of %(signal)s of the share of favourable answers, in %%.") % words
    return gettext("Mean of %(signal)s.") % words


def _conditions(metric: Metric) -> str:
    parts = []
    for name, value in metric.where.items():
        if name.startswith("exists:"):
            there = gettext("there is a %s") if value else gettext("there is no %s")
            parts.append(there % name.removeprefix("exists:").replace("_", " "))
        else:
            values = value if isinstance(value, tuple) else (value,)
            parts.append(gettext("%(name)s is %(value)s") % {"name": name, "value": _or(str(each) for each in values)})
    return gettext(" and ").join(parts)


def _or(values: Iterable[str]) -> str:
    return gettext(" or ").join(values)


def cadence(metric: Metric) -> str:
    if metric.judged_per:
        return gettext("judged per %s") % metric.judged_per
    return gettext("judged per month")
