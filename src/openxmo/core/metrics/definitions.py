"""What a question needs to know of the office to answer: its zone and its definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from openxmo.core.metrics.metric import Ambition, Dimension, Metric, Xla
from openxmo.core.signals.source import Source


@dataclass(frozen=True)
class Definitions:
    zone: str = "UTC"
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    ambitions: Mapping[str, Ambition] = field(default_factory=dict)
    xlas: Mapping[str, Xla] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)  # "metric:nps" -> version
    breaks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "metric:nps" -> dates its score changed
