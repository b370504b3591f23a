"""What is true of a whole version of the lake, asked once for each: it spares every question columns to read.

A question judged from now, over a lake that holds nothing later, need not look at the time of each
signal, a column as wide as all others together. And where all answers of a name have one scale, and
none is excluded, those columns need not be read to know it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from openxmo.core.metrics.instants import micros, moment_of
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.engines.standing import STANDING

T = TypeVar("T")
STANDING_COLUMNS = ("mark", "scale", "protected", "excluded", "basis")
KIND_COLUMNS = (*STANDING_COLUMNS, "instrument")
CARRIED = ("issue", "contact", "subject", "value")  # columns that signals of a name have, or never have


@dataclass(frozen=True)
class Horizon:
    """The first day of the first month, and the newest moment; None over an empty lake."""

    first_day: date
    newest: datetime


_KNOWN: "WeakKeyDictionary[Engine, tuple[int, dict[str, Any]]]" = WeakKeyDictionary()


def _known(engine: Engine) -> dict[str, Any]:
    """What is known of the version that the engine reads."""
    version, known = _KNOWN.get(engine, (None, {}))
    if version != engine.lake_version:
        known = {}
        _KNOWN[engine] = (engine.lake_version, known)
    return known


def once(engine: Engine, what: str, ask: Callable[[], T]) -> T:
    """The answer to `ask` for the version that the engine reads."""
    known = _known(engine)
    if what not in known:
        known[what] = ask()
    answer: T = known[what]
    return answer


def _of_name(
    engine: Engine, what: str, name: str, ask: Callable[[Engine, Collection[str]], Mapping[str, T]], nothing: T
) -> T:
    return once(engine, f"{what} {name}", lambda: ask(engine, [name]).get(name, nothing))


def _of_names(
    engine: Engine,
    what: str,
    names: Iterable[str],
    ask: Callable[[Engine, Collection[str]], Mapping[str, Any]],
    nothing: Any,
) -> None:
    known = _known(engine)
    unknown = [name for name in dict.fromkeys(names) if f"{what} {name}" not in known]
    if len(unknown) > 1:
        found = ask(engine, unknown)
        known |= {f"{what} {name}": found.get(name, nothing) for name in unknown}


def learn(engine: Engine, *, names: Iterable[str], valued: Iterable[str] = (), linked: Iterable[str] = ()) -> None:
    """Asks once for many names what each question would ask for its own; `linked` are the names that ratios join."""
    _of_names(engine, "kinds", names, _ask_kinds, ())
    _of_names(engine, "first", valued, _ask_first_values, None)
    _of_names(engine, "carried", linked, _ask_carried, frozenset())


def horizon_of(engine: Engine) -> Horizon | None:
    """From when to when the lake holds signals."""
    return once(engine, "horizon", lambda: _ask_horizon(engine))


def _ask_horizon(engine: Engine) -> Horizon | None:
    signals = engine.table(STANDING)
    months = engine.fetch(signals.agg(first=signals.month.min(), last=signals.month.max())).to_pylist()[0]
    if months["last"] is None:
        return None
    last = signals.filter(signals.month == months["last"])
    newest = micros(last.happened_at.max(), engine_name=engine.name)  # pyarrow would load pandas to make a moment
    return Horizon(
        date.fromisoformat(f"{months['first']}-01"),
        moment_of(engine.fetch(last.agg(newest=newest))["newest"][0].as_py()),
    )


def constants_of(engine: Engine, name: str) -> Mapping[str, Any]:
    """The columns of standing that hold one and the same value (or nothing) in all signals of that name."""
    kinds = kinds_of(engine, name)
    values = {column: {kind[column] for kind in kinds} for column in STANDING_COLUMNS}
    return {column: next(iter(found)) for column, found in values.items() if len(found) == 1}


def holds_protected(engine: Engine, name: str) -> bool:
    """Whether any signal of that name is an employee's, or of somebody unknown and so protected like one."""
    return any(kind["protected"] for kind in kinds_of(engine, name))


def kinds_of(engine: Engine, name: str) -> Sequence[Mapping[str, Any]]:
    """The combinations of the columns of standing, and of the instrument, that occur in signals of that name."""
    return _of_name(engine, "kinds", name, _ask_kinds, ())


def first_value_of(engine: Engine, name: str) -> float | None:
    """The value of the first signal of that name that was ever heard with one."""
    return _of_name(engine, "first", name, _ask_first_values, None)


def carried_by(engine: Engine, name: str) -> frozenset[str]:
    """Which of `CARRIED` any signal of that name has."""
    return _of_name(engine, "carried", name, _ask_carried, frozenset())


def _ask_kinds(engine: Engine, names: Collection[str]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    signals = _named(engine, names)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in engine.fetch(signals.select("name", *KIND_COLUMNS).distinct()).to_pylist():
        found.setdefault(row.pop("name"), []).append(row)
    return found


def _ask_first_values(engine: Engine, names: Collection[str]) -> Mapping[str, float | None]:
    signals = _named(engine, names)
    valued = signals.filter(signals.value.notnull())
    first = valued.group_by("name").agg(value=valued.value.argmin(valued.row))
    return {row["name"]: row["value"] for row in engine.fetch(first).to_pylist()}


def _ask_carried(engine: Engine, names: Collection[str]) -> Mapping[str, frozenset[str]]:
    return carried_in(engine, _named(engine, names))


def carried_in(engine: Engine, signals: Any) -> Mapping[str, frozenset[str]]:
    """Which of `CARRIED` occur in these signals, by name."""
    counts = signals.group_by("name").agg(**{column: signals[column].count() for column in CARRIED})
    rows = engine.fetch(counts).to_pylist()
    return {row["name"]: frozenset(column for column in CARRIED if row[column]) for row in rows}


def _named(engine: Engine, names: Collection[str]) -> Any:
    signals = engine.table(STANDING)
    return signals.filter(signals.name.isin(sorted(names)))
