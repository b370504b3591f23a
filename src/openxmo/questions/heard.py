"""What is there to ask about? The values of a dimension, and which signals were heard where it has one of them.

Only signals of customers, partners, systems and processes are looked at, and nothing is counted: that an employee
answered somewhere is not told by a list to choose from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from openxmo.core.metrics.asked import Reading, Where, group_conditions
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.dimensions import add_conditions, add_dimension, check_dimension, underlying
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.periods import check_moments
from openxmo.core.release.rules import AGENT_COLUMNS
from openxmo.core.signals.engines import Engine

MOST = 200  # values to choose from, the most frequent first


@dataclass(frozen=True)
class Heard:
    """The values of `dimension` (none of one that names people), and the signals heard under the conditions asked."""

    dimension: str | None
    values: tuple[str, ...]
    names: tuple[tuple[str, str], ...]  # a signal's name and its kind, the most frequent first
    scope: frozenset[str] | None
    lake_version: int

    def to_document(self) -> dict[str, Any]:
        return {
            "dimension": self.dimension,
            "values": list(self.values),
            "names": [{"name": name, "kind": kind} for name, kind in self.names],
            "lake_version": self.lake_version,
        }

    def to_records(self) -> list[dict[str, Any]]:
        if self.dimension is not None:
            return [{"value": value} for value in self.values]
        return [{"name": name, "kind": kind} for name, kind in self.names]

    def disclosures(self) -> tuple[Disclosure, ...]:
        return ()

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        assert not reasons, "nothing of a protected person is read"
        return self


def heard(
    dimension: str | None = None,
    *,
    engine: Engine,
    definitions: Definitions,
    as_of: datetime,
    where: Where = (),
    name: str | None = None,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> Heard:
    """With a dimension its values (of signals of that `name`, if given), without one the names of what was heard."""
    check_moments(as_of, known_at)
    reading = Reading(engine, definitions, as_of, known_at)
    signals = reading.signals_of_any_name()
    signals = signals.filter(~signals.protected & signals.mark.isnull())
    if name is not None:
        signals = signals.filter(signals.name == name)
    if scope is not None:
        signals = signals.filter(signals.unit.isin(sorted(scope)))
    signals, met = add_conditions(signals, group_conditions(where), reading=reading, named="asked")
    signals = signals.filter(met)
    values: list[str] = []
    names: list[tuple[str, str]] = []
    if dimension is not None:
        check_dimension(dimension, definitions)
        if underlying(dimension, definitions) not in AGENT_COLUMNS:
            values = values_of(signals, dimension, reading)
    else:
        counted = signals.group_by("name", "kind").agg(n=signals.count())
        rows = engine.fetch(counted.order_by(counted.n.desc(), "name", "kind")).to_pylist()
        names = [(row["name"], row["kind"]) for row in rows]
    return Heard(dimension, tuple(values), tuple(names), scope, engine.lake_version)


def values_of(signals: Any, dimension: str, reading: Reading) -> list[str]:
    with_values = add_dimension(signals, dimension, named="told", reading=reading)
    counted = with_values.group_by("told").agg(n=with_values.count())
    listed = counted.filter(counted.told.notnull()).order_by(counted.n.desc(), "told").limit(MOST)
    return [str(value) for value in reading.engine.fetch(listed)["told"].to_pylist()]
