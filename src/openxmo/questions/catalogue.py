"""What do we measure, and what is each number worth?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.metric import Metric


@dataclass(frozen=True)
class Entry:
    """One metric as it is defined today, with the dates at which its score changed (breaks in its series)."""

    metric: Metric
    version: int | None
    breaks: tuple[str, ...]
    strived_for: tuple[str, ...]  # the keys of the ambitions that are about it

    def to_document(self) -> dict[str, Any]:
        metric = self.metric
        return {
            "key": metric.key,
            "label": metric.label or metric.key,
            "version": self.version,
            "signal": metric.signal,
            "score": metric.score.kind,
            "unit": metric.unit,
            "better": metric.better,
            "experience": metric.experience,
            "voice": metric.voice or "",
            "family": metric.family or "",
            "owner": metric.owner,
            "weakness": metric.weakness,
            "counter_metric": metric.counter_metric,
            "min_n": metric.min_n,
            "judged_per": metric.judged_per,
            "refused_by": list(metric.refused_by),
            "breaks": list(self.breaks),
            "ambitions": list(self.strived_for),
        }


@dataclass(frozen=True)
class Catalogue:
    """All metrics of the office, by key. Holds definitions only, no signal of anybody."""

    scope: ClassVar[frozenset[str]] = frozenset()  # no unit's signals were read, so whoever reads scores may see it
    rows: tuple[Entry, ...]

    def to_document(self) -> dict[str, Any]:
        return {"rows": [row.to_document() for row in self.rows]}

    def to_records(self) -> list[dict[str, Any]]:
        """A flat row for each metric; lists are joined by commas."""
        return [
            {name: ", ".join(value) if isinstance(value, list) else value for name, value in row.to_document().items()}
            for row in self.rows
        ]

    def disclosures(self) -> tuple[Disclosure, ...]:
        return ()

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        assert not reasons, "definitions tell nothing about anybody"
        return self


def catalogue(*, definitions: Definitions) -> Catalogue:
    """What the office measures: every definition with its weakness, its counter-metric and its breaks."""
    return Catalogue(
        tuple(
            Entry(
                metric=metric,
                version=definitions.versions.get(f"metric:{key}"),
                breaks=tuple(definitions.breaks.get(f"metric:{key}", ())),
                strived_for=tuple(sorted(a.key for a in definitions.ambitions.values() if a.metric == key)),
            )
            for key, metric in sorted(definitions.metrics.items())
        )
    )
