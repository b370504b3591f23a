"""The XLA score: a weighted composite of experience, operational and technical components.

Each component is put on 0 to 100 between the values that its agreement names, turned round where
lower is better, and weighted. This is a house definition: no public authority prescribes one. An
arithmetic mean lets good technical data hide bad experience, so contributions, the weakest
component and what other weights would give stand beside the score.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from openxmo.core.metrics.estimates import Estimate
from openxmo.core.metrics.intervals import square_and_add
from openxmo.core.metrics.metric import Component, Xla

Band = Literal["good", "average", "poor"]
WEIGHT_SWING = 0.2


@dataclass(frozen=True)
class ComponentScore:
    """One component: what was measured, its score from 0 to 100, and what it adds to the whole.

    `weight` is the share it really has (declared weights renormalised over the components heard);
    `swing` is the composite with this weight 20 % less and 20 % more. All None where nothing was heard.
    """

    metric: str
    kind: Literal["X", "O", "T"]
    declared_weight: float
    value: float | None
    score: float | None
    low: float | None
    high: float | None
    weight: float
    contribution: float | None
    swing: tuple[float, float] | None


@dataclass(frozen=True)
class XlaScore:
    """`score` is None, with the `reason`, where too much is missing or no experience was heard.

    `low` and `high` treat the components as independent; where the same people answered several of
    them the true interval is wider.
    """

    key: str
    score: float | None
    low: float | None
    high: float | None
    band: Band | None
    components: tuple[ComponentScore, ...]
    missing: tuple[str, ...]
    missing_weight: float
    weakest: str | None
    reason: Literal["too much missing", "no experience heard"] | None


@dataclass(frozen=True)
class ExperienceGap:
    """Ambition less delivered; `parts` add up to `gap` (a component above the ambition narrows it)."""

    ambition: float
    delivered: float
    gap: float
    parts: tuple[tuple[str, float], ...]


def score_xla(xla: Xla, estimates: Sequence[Estimate | None]) -> XlaScore:
    """The composite of `xla` from the estimates of its components, in their order; None is not heard.

    A missing component renormalises the others' weights and is named, never counted as 0. More than
    `max_missing_weight` missing gives no score, nor does an agreement in which no X was heard:
    operational and technical data are conditions, not experience.
    """
    heard = [given is not None and given.value is not None for given in estimates]
    declared = math.fsum(part.weight for part in xla.components)
    pairs = list(zip(xla.components, heard, strict=True))
    present = math.fsum(part.weight for part, is_heard in pairs if is_heard)
    missing = tuple(part.metric for part, is_heard in pairs if not is_heard)
    missing_weight = math.fsum(part.weight for part, is_heard in pairs if not is_heard) / declared
    reason: Literal["too much missing", "no experience heard"] | None = None
    if not any(part.kind == "X" for part, is_heard in pairs if is_heard):
        reason = "no experience heard"
    elif missing_weight > xla.max_missing_weight + 1e-12:
        reason = "too much missing"
    parts = [_component(part, given, present) for part, given in zip(xla.components, estimates, strict=True)]
    score = None if reason else math.fsum(part.contribution or 0.0 for part in parts)
    low, high = (None, None) if reason else _interval(parts)
    if score is not None:
        parts = [_with_swing(part, score) for part in parts]
    known = [(part.score, part.metric) for part in parts if part.score is not None]
    return XlaScore(
        key=xla.key,
        score=score,
        low=low,
        high=high,
        band=None if score is None else band(xla, score),
        components=tuple(parts),
        missing=missing,
        missing_weight=missing_weight,
        weakest=min(known)[1] if known else None,
        reason=reason,
    )


def band(xla: Xla, score: float) -> Band:
    """good from `xla.good` up, poor below `xla.poor`, else average."""
    return "good" if score >= xla.good else "poor" if score < xla.poor else "average"


def experience_gap(delivered: XlaScore, ambition: float) -> ExperienceGap | None:
    """How far the delivered experience is from the ambition, and how much of it lies in each component."""
    if delivered.score is None:
        return None
    parts = tuple(
        (part.metric, part.weight * (ambition - part.score)) for part in delivered.components if part.score is not None
    )
    return ExperienceGap(ambition, delivered.score, math.fsum(part for _, part in parts), parts)


def on_scale(component: Component, value: float) -> float:
    """A value on the component's 0 to 100, held within it, turned round where lower is better."""
    place = (value - component.low) / (component.high - component.low)
    place = min(1.0, max(0.0, place))
    return 100 * (1 - place if component.better == "lower" else place)


def _component(component: Component, given: Estimate | None, present: float) -> ComponentScore:
    if given is None or given.value is None:
        return ComponentScore(
            component.metric, component.kind, component.weight, None, None, None, None, 0.0, None, None
        )
    score, weight = on_scale(component, given.value), component.weight / present
    ends = (given.low, given.high) if component.better == "higher" else (given.high, given.low)
    low, high = (None if end is None else on_scale(component, end) for end in ends)
    return ComponentScore(
        component.metric, component.kind, component.weight, given.value, score, low, high, weight, weight * score, None
    )


def _interval(parts: Sequence[ComponentScore]) -> tuple[float | None, float | None]:
    known = [part for part in parts if part.score is not None]
    effects = [part.contribution or 0.0 for part in known]
    bounds = [
        (None if part.low is None else part.weight * part.low, None if part.high is None else part.weight * part.high)
        for part in known
    ]
    return square_and_add(effects, bounds, [1.0] * len(known))


def _with_swing(part: ComponentScore, score: float) -> ComponentScore:
    if part.score is None:
        return part
    less, more = (
        (score + change * part.weight * part.score) / (1 + change * part.weight)
        for change in (-WEIGHT_SWING, WEIGHT_SWING)
    )
    return replace(part, swing=(less, more))
