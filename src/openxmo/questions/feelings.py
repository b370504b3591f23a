"""How would people feel with an idea, and without it? Kano's two questions, counted from what was answered.

Only answers of customers and partners are counted: what an employee feels is not told by how one pair more came in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import ibis

from openxmo.core.decide.kano import LABELS, WITH, WITHOUT, Kano, count_pairs, kano
from openxmo.core.metrics.asked import Reading
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.horizon import kinds_of
from openxmo.core.metrics.periods import check_moments
from openxmo.core.signals.engines import Engine

LETTERS = {label: letter for letter, label in LABELS.items()}


@dataclass(frozen=True)
class Feeling:
    """What was answered about one idea: pairs of answers (`LD`: likes it, dislikes its absence) and how many gave each.

    `newest_at` is when the last of them answered.
    """

    item: str
    pairs: Mapping[str, int]
    newest_at: datetime

    @property
    def found(self) -> Kano:
        return kano(count_pairs(self.pairs), where=f"item {self.item}")

    @property
    def n(self) -> int:
        return sum(self.pairs.values())


@dataclass(frozen=True)
class Feelings:
    """Every idea that both questions were answered about, in the order of their keys."""

    rows: tuple[Feeling, ...]
    scope: frozenset[str] | None
    lake_version: int

    def of(self, item: str) -> Feeling | None:
        return next((row for row in self.rows if row.item == item), None)

    def to_document(self) -> dict[str, Any]:
        return {"rows": [dict(told(row)) for row in self.rows], "lake_version": self.lake_version}

    def to_records(self) -> list[dict[str, Any]]:
        """A flat row for each idea, with a column for each category."""
        return [
            {name: value for name, value in told(row) if name not in ("pairs", "counts")} | dict(row.found.counts)
            for row in self.rows
        ]

    def disclosures(self) -> tuple[Disclosure, ...]:
        return ()

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        assert not reasons, "nothing of a protected person is read"
        return self


def told(row: Feeling) -> Iterator[tuple[str, Any]]:
    found = row.found
    yield from (("item", row.item), ("n", row.n), ("category", found.category), ("clear", found.clear))
    yield from (("better", found.better), ("worse", found.worse))
    yield from (("counts", dict(found.counts)), ("pairs", dict(row.pairs)))
    yield "newest_at", row.newest_at.isoformat()


def feelings(
    *,
    engine: Engine,
    definitions: Definitions,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> Feelings:
    """Of each person the newest pair about each idea; a question answered alone, or in other words, does not count."""
    check_moments(as_of, known_at)
    if known_at is None and not (kinds_of(engine, WITH) and kinds_of(engine, WITHOUT)):
        return Feelings((), scope, engine.lake_version)
    counted = count_newest(pairs_of(Reading(engine, definitions, as_of, known_at), scope))
    pairs: dict[str, dict[str, int]] = {}
    newest: dict[str, datetime] = {}
    for row in engine.fetch(counted).to_pylist():
        item = row["item"]
        pairs.setdefault(item, {})[LETTERS[row["first"]] + LETTERS[row["second"]]] = row["n"]
        newest[item] = max(newest.get(item, row["newest"]), row["newest"])
    found = tuple(Feeling(item, dict(sorted(pairs[item].items())), newest[item]) for item in sorted(pairs))
    return Feelings(found, scope, engine.lake_version)


def pairs_of(reading: Reading, scope: frozenset[str] | None) -> Any:
    """A row for each response and idea that both questions were answered about: who, when, and the two answers."""
    signals = reading.signals_of_any_name()
    signals = signals.filter(
        signals.name.isin([WITH, WITHOUT])
        & ~signals.protected
        & signals.mark.isnull()
        & signals.excluded.isnull()
        & signals.label.isin(sorted(LETTERS))
    )
    if scope is not None:
        signals = signals.filter(signals.unit.isin(sorted(scope)))
    paired = signals.group_by("item", "response").agg(
        who=ibis.coalesce(signals.subject.max(), signals.response.max()),
        at=signals.happened_at.max(),
        first=signals.label.max(where=signals.name == WITH),
        second=signals.label.max(where=signals.name == WITHOUT),
    )
    return paired.filter(paired.item.notnull() & paired.first.notnull() & paired.second.notnull())


def count_newest(paired: Any) -> Any:
    """How many gave each pair, each person once for each idea."""
    order = [ibis.desc(paired.at), ibis.desc(paired.response)]
    place = ibis.row_number().over(group_by=[paired.item, paired.who], order_by=order)
    newest = paired.mutate(place=place)
    newest = newest.filter(newest.place == 0)
    return newest.group_by("item", "first", "second").agg(n=newest.count(), newest=newest.at.max())
