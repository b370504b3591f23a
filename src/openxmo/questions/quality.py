"""What came in from whom, how fresh is it, and how good?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.keeping.quality import SourceQuality, measure_quality
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import read_receipts


@dataclass(frozen=True)
class Sources:
    """Every source heard from with its counts and its quality, by name: counts of rows, of nobody's answers."""

    rows: tuple[SourceQuality, ...]
    labels: Mapping[str, str]
    imports: Mapping[str, int]
    lake_version: int
    scope: frozenset[str] | None = frozenset()

    def to_document(self) -> dict[str, Any]:
        return {"rows": self.to_records(), "imports": dict(self.imports), "lake_version": self.lake_version}

    def to_records(self) -> list[dict[str, Any]]:
        return [
            {
                "source": row.source,
                "label": self.labels.get(row.source, ""),
                "signals": row.signals,
                "completeness": row.completeness,
                "validity": row.validity,
                "freshness": row.freshness,
                "links": row.links,
                "quality": row.quality,
                "last_heard_at": row.last_heard_at.isoformat(),
            }
            for row in self.rows
        ]

    def disclosures(self) -> tuple[Disclosure, ...]:
        return ()

    def withhold(self, reasons: Mapping[int, str]) -> Self:  # noqa: ARG002  (no cell could be withheld)
        return self


COUNTS = ("rows", "received", "accepted", "duplicates", "conflicts", "rejected", "withdrawn")


def sources(lake: Lake, engine: Engine, *, declared: Mapping[str, Source], at: datetime) -> Sources:
    """The quality of each source, and what all imports together counted (in signals, but for `rows`)."""
    receipts = read_receipts(lake)
    return Sources(
        rows=measure_quality(engine, receipts=receipts, sources=declared, at=at),
        labels={key: source.label for key, source in declared.items()},
        imports={name: sum(getattr(receipt, name) for receipt in receipts) for name in COUNTS},
        lake_version=engine.lake_version,
    )
