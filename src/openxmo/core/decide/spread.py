"""How sure a ranking is: each score's range, and how often an item comes first, if estimates are what they are.

Every quantity is drawn from the triangle of its range, Kano's answers are drawn again from those counted,
and each draw is ranked. An item draws from the seed and its own key, so its neighbours do not move it.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openxmo.core.decide.appraisal import FRAMEWORKS, Appraisal, Framework
from openxmo.core.decide.items import Amount, Item, to_range
from openxmo.core.decide.kano import CATEGORIES, Kano
from openxmo.core.decide.money import Floats, simulate
from openxmo.core.decide.quantities import check_estimate, take_apart

LEAD_DRAWS = 2_000
LOW, HIGH = 0.05, 0.95
Columns = tuple[Amount, ...]


@dataclass(frozen=True)
class Spread:
    """`low` and `high` bound nine tenths of the draws; `leads` is the share of draws in which the item comes first."""

    low: float
    high: float
    leads: float


def spreads(
    appraisals: Sequence[Appraisal], *, rate: float, seed: int, draws: int = LEAD_DRAWS
) -> dict[Framework, dict[str, Spread]]:
    """Per framework and item. Where several come first in one draw, each leads in it."""
    for appraisal in appraisals:
        check_ranges(appraisal.item)
    found: dict[Framework, dict[str, Spread]] = {}
    for framework in FRAMEWORKS:
        drawn = {
            appraisal.item.key: scores
            for appraisal in appraisals
            if (scores := draw(appraisal, framework, rate=rate, seed=seed, draws=draws)) is not None
        }
        found[framework] = summarise(drawn)
    return found


def worth_together(
    appraisals: Sequence[Appraisal], *, rate: float, seed: int, draws: int = LEAD_DRAWS
) -> tuple[float, float] | None:
    """The range of several items' net present values added, each drawn on its own; None where none has amounts."""
    held = [found for one in appraisals if (found := draw(one, "money", rate=rate, seed=seed, draws=draws)) is not None]
    if not held:
        return None
    low, high = np.quantile(np.sum(held, axis=0), [LOW, HIGH])
    return float(low), float(high)


def check_ranges(item: Item) -> None:
    """WrongUsage where a corner of a range is no possible value: an effort of 0 cannot be divided by."""
    for key, amount in take_apart(item).items():
        if not key.startswith("money.") and amount.low < amount.high:
            check_estimate(key, amount.low, amount.likely, amount.high)


def summarise(drawn: Mapping[str, Floats]) -> dict[str, Spread]:
    if not drawn:
        return {}
    table = np.vstack(list(drawn.values()))
    leads = np.mean(table >= table.max(axis=0), axis=1)
    bounds = np.quantile(table, [LOW, HIGH], axis=1)
    return {
        key: Spread(float(low), float(high), float(share))
        for key, low, high, share in zip(drawn, bounds[0], bounds[1], leads, strict=True)
    }


def draw(appraisal: Appraisal, framework: Framework, *, rate: float, seed: int, draws: int) -> Floats | None:
    """Possible scores of an item, None where the framework cannot place it."""
    item = appraisal.item
    generator = np.random.default_rng([seed, zlib.crc32(item.key.encode()), FRAMEWORKS.index(framework)])
    if framework == "wsjf" and item.wsjf:
        value, time, risk, size = (
            drawn(amount, generator, draws)
            for amount in (item.wsjf.value, item.wsjf.time, item.wsjf.risk, item.wsjf.size)
        )
        return (value + time + risk) / size
    if framework == "rice" and item.rice:
        reach, impact, confidence, effort = (
            drawn(amount, generator, draws)
            for amount in (item.rice.reach, item.rice.impact, item.rice.confidence, item.rice.effort)
        )
        return reach * impact * confidence / effort
    if framework == "money" and item.money:
        return simulate(item.money.case(), rate, generator, draws)
    if framework == "kano" and appraisal.kano:
        return draw_feelings(appraisal.kano, generator, draws)
    return None


def drawn(amount: Amount, generator: np.random.Generator, draws: int) -> Floats:
    return to_range(amount).at(generator.random(draws))


def draw_feelings(found: Kano, generator: np.random.Generator, draws: int) -> Floats:
    """Kano's priority as in `appraisal.kano_priority`, of answers drawn again from those counted."""
    weights = 10.0 * (len(CATEGORIES) - np.arange(len(CATEGORIES)))
    if not found.n:  # the category was given without counts: nothing says how sure it is
        return np.full(draws, weights[CATEGORIES.index(found.category)])
    shares = np.array([found.counts[category] for category in CATEGORIES]) / found.n
    counts = generator.multinomial(found.n, shares, size=draws)
    must, one, attractive, indifferent = (counts[:, CATEGORIES.index(letter)] for letter in ("M", "O", "A", "I"))
    base = np.maximum(must + one + attractive + indifferent, 1)
    changed: Floats = weights[np.argmax(counts, axis=1)] + (attractive + 2 * one + must) / base
    return changed
