"""Whose protected signals count in a cell, as keyed hashes: the exit door counts people, not signals."""

from collections.abc import Mapping
from datetime import UTC
from hashlib import blake2b
from typing import Any

import ibis

from openxmo.core.metrics.asked import Asked, Reading, Where, conditions_of, group_conditions
from openxmo.core.metrics.cells import Key, key_of
from openxmo.core.metrics.disclosure import of_item
from openxmo.core.metrics.horizon import holds_protected
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.periods import bucket, period_of
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.reading import with_person

HASH_BYTES = 8
# By cell, then by month of the office's zone and, where there is one, the item answered (see `of_item`).
People = dict[Key, Mapping[str, frozenset[int]]]


def protected_people(counted: Any, asked: Asked, reading: Reading) -> People:
    """The protected people of each cell by month and item, from the signals that count (`left_out` null).

    A protected answer of nobody known is a person of its own: one for each survey response, else
    one for each signal.
    """
    signals = counted.filter(counted.left_out.isnull() & counted.protected)
    if "person" not in signals.columns:
        signals = with_person(reading.engine, signals, known_at=reading.known_at)
    nobody = signals.person.isnull()
    found = signals.select(
        *asked.keys,
        month_=month_column(signals, reading),
        item_=signals.item,
        person=signals.person,
        response_of=nobody.ifelse(signals.response, ibis.null("string")),
        row_of=(nobody & signals.response.isnull()).ifelse(signals.row, ibis.null("int64")),
    ).distinct()
    people: dict[Key, dict[str, set[int]]] = {}
    secret = reading.engine.people_key
    labels: dict[Any, str] = {}
    for row in reading.engine.fetch(found).to_pylist():
        who = (("person", row["person"]), ("response", row["response_of"]), ("row", row["row_of"]))
        number = row["month_"]
        month = of_item(labels.setdefault(number, period_of(number, "month", reading.zone).label), row["item_"])
        people.setdefault(key_of(row, asked), {}).setdefault(month, set()).add(person_hash(who, secret))
    return {
        key: {month: frozenset(hashes) for month, hashes in sorted(months.items())} for key, months in people.items()
    }


def is_guarded(metric: Metric, where: Where, engine: Engine) -> bool:
    """Whether the metric asks of protected people too, before `where` chooses among them.

    An empty answer must be refused as a full one is: else a refusal tells that somebody meets the conditions.
    """
    chosen = {**conditions_of(metric.where), **group_conditions(where)}
    kinds = chosen.get("subject_kind", ())
    if kinds and all(kind in ("customer", "partner") for kind in kinds):
        return False
    names = [metric.signal, *([metric.score.over] if metric.score.over else [])]
    return any(holds_protected(engine, name) for name in names)


def month_column(signals: Any, reading: Reading) -> Any:
    """The month of the office's zone that a signal falls in."""
    last = reading.as_of.astimezone(UTC).date()
    return bucket(
        signals, "month", zone=reading.zone, first=reading.first_day, last=last, engine_name=reading.engine.name
    )


def person_hash(who: tuple[tuple[str, Any], ...], secret: bytes) -> int:
    """A keyed 63-bit hash of the first of these names that is known."""
    kind, name = next((kind, name) for kind, name in who if name is not None)
    digest = blake2b(f"{kind}:{name}".encode(), digest_size=HASH_BYTES, key=secret).digest()
    return int.from_bytes(digest, "big") >> 1
