"""How much a sample can show: the smallest change, and the sample a wanted precision needs."""

import math

from openxmo.core.metrics.intervals import critical_z, promoter_variance

CONFIDENCE = 0.95
POWER = 0.80


def detectable_change(error: float, *, confidence: float = CONFIDENCE, power: float = POWER) -> float:
    """The smallest change that two independent groups, each with this standard error, show with `power`.

    In the unit of `error`; two-sided. Use it before a comparison, never to excuse one afterwards.
    """
    reach = critical_z(confidence) + critical_z(2 * power - 1)
    return reach * math.sqrt(2) * error


def answers_for_share(
    margin: float,
    *,
    share: float = 0.5,
    confidence: float = CONFIDENCE,
    population: int | None = None,
    design_effect: float = 1.0,
) -> float:
    """Answers (not rounded) that put a share within ± `margin`, both 0 to 1 (Cochran 1977, chapter 4)."""
    needed = critical_z(confidence) ** 2 * share * (1 - share) / margin**2 * design_effect
    return needed if population is None else needed / (1 + (needed - 1) / population)


def answers_for_nps(margin: float, *, promoters: float, detractors: float, confidence: float = CONFIDENCE) -> float:
    """Answers (not rounded) that put a Net Promoter Score within ± `margin` points; shares are 0 to 1."""
    return critical_z(confidence) ** 2 * promoter_variance(promoters, detractors) / (margin / 100) ** 2


def design_effect(cluster_size: float, likeness: float) -> float:
    """How much clusters of like answers widen the variance: 1 + (m - 1)ρ (Kish 1965)."""
    return 1 + (cluster_size - 1) * likeness
