"""What is true of a whole version of the lake, asked once for each: it spares every question columns to read.

A question judged from now, over a lake that holds nothing later, need not look at the time of each
signal, a column as wide as all others together. And where all answers of a name have one scale, and
none is excluded, those columns need not be read to know it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from openxmo.core.signals.engines import Engine
from openxmo.core.signals.engines.standing import STANDING

T = TypeVar("T")
STANDING_COLUMNS = ("mark", "scale", "protected", "excluded", "basis")


@dataclass(frozen=True)
class Horizon:
    """The first day of the first month, and the newest moment; None over an empty lake."""

    first_day: date
    newest: datetime


_KNOWN: "WeakKeyDictionary[Engine, tuple[int, dict[str, Any]]]" = WeakKeyDictionary()


def _once(engine: Engine, what: str, ask: Callable[[], T]) -> T:
    """The answer to `ask` for the version that the engine reads."""
    version, known = _KNOWN.get(engine, (None, {}))
    if version != engine.lake_version:
        known = {}
        _KNOWN[engine] = (engine.lake_version, known)
    if what not in known:
        known[what] = ask()
    answer: T = known[what]
    return answer


def horizon_of(engine: Engine) -> Horizon | None:
    """From when to when the lake holds signals."""
    return _once(engine, "horizon", lambda: _ask_horizon(engine))


def _ask_horizon(engine: Engine) -> Horizon | None:
    signals = engine.table(STANDING)
    months = engine.fetch(signals.agg(first=signals.month.min(), last=signals.month.max())).to_pylist()[0]
    if months["last"] is None:
        return None
    newest = signals.filter(signals.month == months["last"])
    moment: datetime = engine.fetch(newest.agg(newest=newest.happened_at.max()))["newest"][0].as_py()
    return Horizon(date.fromisoformat(f"{months['first']}-01"), moment)


def constants_of(engine: Engine, name: str) -> Mapping[str, Any]:
    """The columns of standing that hold one and the same value (or nothing) in all signals of that name."""
    kinds = kinds_of(engine, name)
    values = {column: {kind[column] for kind in kinds} for column in STANDING_COLUMNS}
    return {column: next(iter(found)) for column, found in values.items() if len(found) == 1}


def holds_protected(engine: Engine, name: str) -> bool:
    """Whether any signal of that name is an employee's, or of somebody unknown and so protected like one."""
    return any(kind["protected"] for kind in kinds_of(engine, name))


def kinds_of(engine: Engine, name: str) -> Sequence[Mapping[str, Any]]:
    """The combinations of the columns of standing that occur in signals of that name."""
    return _once(engine, f"kinds {name}", lambda: _ask_kinds(engine, name))


def first_value_of(engine: Engine, name: str) -> float | None:
    """The value of the first signal of that name that was ever heard with one."""
    return _once(engine, f"first {name}", lambda: _ask_first_value(engine, name))


def _ask_kinds(engine: Engine, name: str) -> Sequence[Mapping[str, Any]]:
    signals = engine.table(STANDING)
    found: list[Mapping[str, Any]] = engine.fetch(
        signals.filter(signals.name == name).select(*STANDING_COLUMNS).distinct()
    ).to_pylist()
    return found


def _ask_first_value(engine: Engine, name: str) -> float | None:
    signals = engine.table(STANDING)
    valued = signals.filter((signals.name == name) & signals.value.notnull())
    found: list[float] = engine.fetch(valued.order_by("row").limit(1).select("value"))["value"].to_pylist()
    return found[0] if found else None
