"""How good is what each source sends? Four shares and their mean, with the rule stated.

completeness  of the columns that a source fills in at least half of its signals of a name, the
              share of cells that are filled: a column that is usually there and sometimes missing
              lowers it, one that is rarely there does not.
validity      of the signals received in its imports, those that were neither rejected nor in conflict.
freshness     1 while it was heard from within its declared hours, then those hours over the hours
              of silence; unknown where it declares none.
links         the share of its signals that share a subject, contact or issue with another signal.
quality       the mean of the shares that are known.

Only signals that stand are looked at. Source: the dimensions completeness, validity, timeliness
and consistency of references of ISO/IEC 25012, as far as rows can tell of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

import ibis

from openxmo.core.signals.contract import COLUMNS
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.engines.standing import STANDING
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.receipts import Receipt

ALWAYS_THERE = frozenset({"id", "source", "happened_at", "kind", "name", "basis"})
OPTIONAL = tuple(column.name for column in COLUMNS if column.name not in ALWAYS_THERE)
LINKS = ("subject", "contact", "issue")
USUAL = 0.5  # of a name's signals, from which on a column counts as expected


@dataclass(frozen=True)
class SourceQuality:
    """All shares from 0 to 1, None where unknown. `signals` counts those that stand."""

    source: str
    signals: int
    last_heard_at: datetime
    completeness: float | None
    validity: float | None
    freshness: float | None
    links: float

    @property
    def quality(self) -> float:
        known = (self.completeness, self.validity, self.freshness, self.links)
        return fmean(share for share in known if share is not None)


def measure_quality(
    engine: Engine, *, receipts: Iterable[Receipt], sources: Mapping[str, Source], at: datetime
) -> tuple[SourceQuality, ...]:
    """The quality of every source heard from, by name. `sources` are the office's declarations."""
    imports = [receipt for receipt in receipts if receipt.what == "import"]
    filled = count_filled(engine)
    linked = count_linked(engine)
    heard = heard_in(engine)
    found = []
    for source, names in filled.items():
        newest = max(line["last_heard_at"] for line in names)
        signals = sum(line["signals"] for line in names)
        found.append(
            SourceQuality(
                source=source,
                signals=signals,
                last_heard_at=newest,
                completeness=completeness(names),
                validity=validity([one for one in imports if one.source == source or one.receipt in heard[source]]),
                freshness=freshness(sources.get(source), newest, at),
                links=linked[source] / signals,
            )
        )
    return tuple(sorted(found, key=lambda one: one.source))


def count_filled(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """By source, a line for each name: its signals and how many of them fill each column."""
    signals = engine.table(STANDING)
    counted = signals.group_by("source", "name").agg(
        signals=signals.count(),
        last_heard_at=signals.heard_at.max(),
        **{column: signals[column].count() for column in OPTIONAL},
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for line in engine.fetch(counted).to_pylist():
        found.setdefault(line["source"], []).append(line)
    return found


def count_linked(engine: Engine) -> dict[str, int]:
    """By source, how many signals share a subject, contact or issue with another."""
    signals = engine.table(STANDING).select("source", *LINKS)
    joined = signals
    for key in LINKS:
        named = signals.filter(signals[key].notnull())
        shared = named.group_by(key).agg(n=ibis._.count()).filter(ibis._.n > 1)
        joined = joined.left_join(shared.select(key, **{f"by_{key}": ibis._.n}), key).drop(f"{key}_right")
    is_linked = ibis.or_(*(joined[f"by_{key}"].notnull() for key in LINKS))
    counted = joined.group_by("source").agg(linked=is_linked.cast("int64").sum())
    return {line["source"]: line["linked"] for line in engine.fetch(counted).to_pylist()}


def heard_in(engine: Engine) -> dict[str, set[str]]:
    """By source, the receipts of the imports that brought its signals."""
    signals = engine.table(STANDING)
    found: dict[str, set[str]] = {}
    for line in engine.fetch(signals.select("source", "receipt").distinct()).to_pylist():
        found.setdefault(line["source"], set()).add(line["receipt"])
    return found


def completeness(names: Iterable[Mapping[str, Any]]) -> float | None:
    expected = filled = 0
    for line in names:
        usual = [line[column] for column in OPTIONAL if line[column] >= USUAL * line["signals"]]
        expected += len(usual) * line["signals"]
        filled += sum(usual)
    return filled / expected if expected else None


def validity(receipts: Iterable[Receipt]) -> float | None:
    taken = received = 0
    for receipt in receipts:
        received += receipt.received
        taken += receipt.accepted + receipt.duplicates
    return taken / received if received else None


def freshness(source: Source | None, newest: datetime, at: datetime) -> float | None:
    if source is None or source.fresh_within_hours is None:
        return None
    hours = (at - newest) / timedelta(hours=1)
    return 1.0 if hours <= source.fresh_within_hours else source.fresh_within_hours / hours
