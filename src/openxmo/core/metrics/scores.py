"""How one signal is scored: a number for what it holds, or the reason why it has none.

`outcome` is read off a signal, `scored` makes it a score. They are apart because an outcome has few
different values (an answer from 0 to 10), so signals can be counted by outcome before anything is
computed; that is the quick way through fifty million rows.
"""

from typing import Any

import ibis

from openxmo.core.metrics.instants import number
from openxmo.core.metrics.metric import Score

# Kinds whose outcomes are few; a mean may have as many outcomes as signals.
OF_FEW_OUTCOMES = frozenset({"nps", "top_box", "bottom_box", "share"})
SIMPLE_KINDS = OF_FEW_OUTCOMES | {"mean"}
NPS_SCALE = "0..10"
MISSING = "missing"
OFF_SCALE = "off_scale"


def outcome(signals: Any, score: Score) -> Any:
    """What a signal holds for this score, null where it holds nothing."""
    match score.kind:
        case "top_box":
            return signals.value.notnull().ifelse(hit(signals.value >= number(score.top or 0)), ibis.null("float64"))
        case "bottom_box":
            return signals.value.notnull().ifelse(hit(signals.value <= number(score.bottom or 0)), ibis.null("float64"))
        case "share":
            return _share(signals, score.of)
    return signals.value


def hit(condition: Any) -> Any:
    return condition.ifelse(number(100), number(0))


def _share(signals: Any, of: tuple[str, ...]) -> Any:
    """By label; a signal without one is judged by its value, if `of` holds numbers."""
    numbers = [float(label) for label in of if _is_number(label)]
    by_value = hit(signals.value.isin(numbers)) if numbers else number(0)
    return ibis.cases(
        (signals.label.notnull(), hit(signals.label.isin(of))),
        (signals.value.notnull(), by_value),
        else_=ibis.null("float64"),
    )


def _is_number(label: str) -> bool:
    try:
        float(label)
    except ValueError:
        return False
    return True


def scored(outcomes: Any, score: Score) -> Any:
    """The score of an outcome; of all kinds but NPS the outcome itself."""
    if score.kind == "nps":
        return ibis.cases((outcomes >= 9, number(100)), (outcomes >= 7, number(0)), else_=number(-100))
    return outcomes


def problem(outcomes: Any, score: Score) -> Any:
    """Why an outcome cannot be scored, null where it can: `missing`, never a zero; `off_scale` for NPS."""
    unfit = [(outcomes.isnull(), MISSING)]
    if score.kind == "nps":
        unfit.append((~outcomes.between(0, 10) | (outcomes != outcomes.floor()), OFF_SCALE))
    return ibis.cases(*unfit, else_=ibis.null("string"))
