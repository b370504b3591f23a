"""From when to when the lake holds signals, asked once for each version of the lake.

A question judged from now, over a lake that holds nothing later, need not look at the time of each
signal: that spares it a column as wide as all others together.
"""

from dataclasses import dataclass
from datetime import date, datetime
from weakref import WeakKeyDictionary

from openxmo.core.signals.engines import Engine
from openxmo.core.signals.standing import STANDING


@dataclass(frozen=True)
class Horizon:
    """The first day of the first month, and the newest moment; None over an empty lake."""

    first_day: date
    newest: datetime


_KNOWN: "WeakKeyDictionary[Engine, tuple[int, Horizon | None]]" = WeakKeyDictionary()


def horizon_of(engine: Engine) -> Horizon | None:
    """The horizon of the version that the engine reads."""
    known = _KNOWN.get(engine)
    if known is None or known[0] != engine.lake_version:
        known = (engine.lake_version, _ask(engine))
        _KNOWN[engine] = known
    return known[1]


def _ask(engine: Engine) -> Horizon | None:
    signals = engine.table(STANDING)
    months = engine.fetch(signals.agg(first=signals.month.min(), last=signals.month.max())).to_pylist()[0]
    if months["last"] is None:
        return None
    newest = signals.filter(signals.month == months["last"])
    moment: datetime = engine.fetch(newest.agg(newest=newest.happened_at.max()))["newest"][0].as_py()
    return Horizon(date.fromisoformat(f"{months['first']}-01"), moment)
