"""One item seen through the four frameworks, each where its inputs are given."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from openxmo.core.decide.items import Amount, Item, KanoInput, to_range
from openxmo.core.decide.kano import CATEGORIES, Kano, count_pairs, kano
from openxmo.core.decide.money import DRAWS, Case, Worth, npv, worth
from openxmo.core.decide.money import flows_of as flows
from openxmo.core.decide.rice import rice
from openxmo.core.decide.wsjf import wsjf

Framework = Literal["wsjf", "rice", "kano", "money"]
FRAMEWORKS: tuple[Framework, ...] = ("wsjf", "rice", "kano", "money")


@dataclass(frozen=True)
class Appraisal:
    """What each framework says of an item; None where the item holds nothing for it."""

    item: Item
    wsjf: float | None
    rice: float | None
    kano: Kano | None
    money: Worth | None


def appraise(item: Item, *, rate: float, seed: int, draws: int = DRAWS) -> Appraisal:
    """Score one item. Its draws depend on the seed and its key only, so neighbours do not move them."""
    generator = np.random.default_rng([seed, zlib.crc32(item.key.encode())])
    return Appraisal(
        item=item,
        wsjf=wsjf_of(item, 1.0),
        rice=rice_of(item, 1.0),
        kano=kano_of(item.kano, item.key) if item.kano else None,
        money=worth(item.money.case(), rate=rate, generator=generator, draws=draws) if item.money else None,
    )


def wsjf_of(item: Item, effort: float) -> float | None:
    given = item.wsjf
    if given is None:
        return None
    return wsjf(
        value=likely(given.value),
        time=likely(given.time),
        risk=likely(given.risk),
        size=likely(given.size) * effort,
        where=f"item {item.key}",
    )


def rice_of(item: Item, effort: float) -> float | None:
    given = item.rice
    if given is None:
        return None
    return rice(
        reach=likely(given.reach),
        impact=likely(given.impact),
        confidence=likely(given.confidence),
        effort=likely(given.effort) * effort,
        where=f"item {item.key}",
    )


def likely(amount: Amount) -> float:
    return to_range(amount).likely


def kano_of(given: KanoInput, key: str) -> Kano:
    if given.category is not None:
        return Kano(counts={}, category=given.category, clear=False, better=None, worse=None)
    return kano(count_pairs(given.pairs) if given.pairs else given.counts, where=f"item {key}")


def npv_of(item: Item, rate: float, effort: float) -> float | None:
    """The net present value of the likely amounts, with all costs multiplied by `effort`."""
    if item.money is None:
        return None
    case = item.money.case()
    dearer: Case = replace(case, cost=case.cost * effort, running=tuple(amount * effort for amount in case.running))
    return npv(flows(dearer, "likely", "likely"), rate)


def kano_priority(found: Kano) -> float:
    """Must-be before one-dimensional before attractive before indifferent; within one, by what having it changes."""
    weight = len(CATEGORIES) - CATEGORIES.index(found.category)
    return 10.0 * weight + ((found.better or 0.0) - (found.worse or 0.0))


def scores(appraisals: Sequence[Appraisal]) -> dict[Framework, dict[str, float]]:
    """Per framework the score of each item it can rank; the higher, the sooner."""
    found: dict[Framework, dict[str, float]] = {framework: {} for framework in FRAMEWORKS}
    for appraisal in appraisals:
        by_framework: Mapping[Framework, float | None] = {
            "wsjf": appraisal.wsjf,
            "rice": appraisal.rice,
            "kano": kano_priority(appraisal.kano) if appraisal.kano else None,
            "money": appraisal.money.npv if appraisal.money else None,
        }
        for framework, score in by_framework.items():
            if score is not None:
                found[framework][appraisal.item.key] = score
    return found


def rescorers(appraisals: Sequence[Appraisal], rate: float) -> dict[Framework, Callable[[str, float], float]]:
    """How each framework that knows an effort scores an item again if its effort is multiplied. Kano knows none."""
    items = {appraisal.item.key: appraisal.item for appraisal in appraisals}
    return {
        "wsjf": lambda key, effort: wsjf_of(items[key], effort) or 0.0,
        "rice": lambda key, effort: rice_of(items[key], effort) or 0.0,
        "money": lambda key, effort: npv_of(items[key], rate, effort) or 0.0,
    }
