"""Names and conditions as people write them in Python."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Where as Conditions
from openxmo.core.metrics.metric import Metric

Names = str | Sequence[str]
Where = Mapping[str, Any] | Iterable[tuple[str, Any]]


def read_names(names: Names) -> tuple[str, ...]:
    """One name, or several."""
    found = (names,) if isinstance(names, str) else tuple(names)
    for name in found:
        if not isinstance(name, str):
            raise WrongUsage(f"{name!r} is no name.", mend='Name one as "channel", several as ["channel", "team"].')
    return found


def read_conditions(where: Where) -> Conditions:
    """Keys and values, of a mapping or of pairs; a list of values means or.

    Raises WrongUsage where a value is neither text, a number, true or false, None, nor a list of these.
    """
    pairs = where.items() if isinstance(where, Mapping) else where
    return tuple(pair for each in pairs for pair in read_condition(each))


def read_condition(pair: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[0], str):
        raise WrongUsage(f"{pair!r} is no condition.", mend='Write them as where={"channel": "chat"}.')
    key, value = pair
    values = value if isinstance(value, list | tuple | set | frozenset) else [value]
    if not values:
        raise WrongUsage(f"No value of {key} is chosen.", mend="Name at least one, or leave the condition out.")
    for each in values:
        if not (each is None or isinstance(each, str | bool | int | float)):
            raise WrongUsage(
                f"{key} cannot be chosen by a {type(each).__name__}.",
                mend="Choose by text, a number, true or false, None for missing, or a list of these.",
            )
        yield key, each


def check_metric(metric: object) -> None:
    """Raise unless it is a metric itself: a lake without an office knows none by its key."""
    if not isinstance(metric, Metric):
        raise WrongUsage(
            f"{metric!r} is no metric, and a lake knows none by its key.",
            mend="Bring one: openxmo.Metric(key=..., signal=..., score=openxmo.Score(kind=...)). "
            "An office knows them by key: openxmo.open(home).score(key).",
        )
