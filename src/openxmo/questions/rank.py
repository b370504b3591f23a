"""What should be improved next: four rankings of the same items side by side, and where they disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Self

from openxmo.core.decide.appraisal import FRAMEWORKS, Appraisal, Framework, appraise, rescorers, scores
from openxmo.core.decide.items import Item, what_blocks
from openxmo.core.decide.money import DRAWS
from openxmo.core.decide.ranking import EFFORT_UP, Flip, flips, ranks, tau_b
from openxmo.core.decide.spread import Spread, spreads
from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.disclosure import Disclosure


@dataclass(frozen=True)
class Agreement:
    """Kendall's tau-b between two rankings over the n items both can rank."""

    first: Framework
    second: Framework
    tau: float | None
    n: int


@dataclass(frozen=True)
class Ranking:
    """Items in the order of their mean rank; `blocked` says why an item was not ranked.

    `spread` says how far each score may lie off, and in which share of the draws the item comes first.
    """

    appraisals: tuple[Appraisal, ...]
    ranks: Mapping[Framework, Mapping[str, int]]
    agreement: tuple[Agreement, ...]
    flips: Mapping[Framework, tuple[Flip, ...]]
    blocked: Mapping[str, tuple[str, ...]]
    spread: Mapping[Framework, Mapping[str, Spread]]
    discount_rate: float
    seed: int
    effort_up: float
    scope: frozenset[str] = frozenset()  # concerns no unit's answers

    def ranks_of(self, key: str) -> dict[str, int]:
        return {framework: self.ranks[framework][key] for framework in FRAMEWORKS if key in self.ranks[framework]}

    def to_document(self) -> dict[str, Any]:
        return {
            "items": [self.item_document(appraisal) for appraisal in self.appraisals],
            "agreement": [asdict(pair) for pair in self.agreement],
            "disagreement": self.disagreement(),
            "flips": [
                {"by": framework, **asdict(flip), "overtaken_by": list(flip.overtaken_by)}
                for framework, found in self.flips.items()
                for flip in found
            ],
            "blocked": [{"key": key, "reasons": list(reasons)} for key, reasons in self.blocked.items()],
            "discount_rate": self.discount_rate,
            "effort_up": self.effort_up,
            "seed": self.seed,
        }

    def item_document(self, appraisal: Appraisal) -> dict[str, Any]:
        item, found = appraisal.item, self.ranks_of(appraisal.item.key)
        spread = {framework: self.spread[framework].get(item.key) for framework in FRAMEWORKS}
        scored = {
            framework: {"low": held.low, "high": held.high} for framework, held in spread.items() if held is not None
        }
        parts: dict[Framework, dict[str, Any] | None] = {
            "wsjf": None if appraisal.wsjf is None else {"score": appraisal.wsjf, **scored["wsjf"]},
            "rice": None if appraisal.rice is None else {"score": appraisal.rice, **scored["rice"]},
            "kano": None if appraisal.kano is None else asdict(appraisal.kano),
            "money": None if appraisal.money is None else asdict(appraisal.money),
        }
        ranked: dict[str, dict[str, Any] | None] = {
            name: part and {"rank": found.get(name), **part, "leads": held.leads if (held := spread[name]) else None}
            for name, part in parts.items()
        }
        return {"key": item.key, "title": item.title, "facets": dict(item.facets), **ranked}

    def disagreement(self) -> list[dict[str, Any]]:
        """Items by how far their best and worst rank lie apart, the most contested first."""
        rows = []
        for appraisal in self.appraisals:
            found = self.ranks_of(appraisal.item.key)
            if len(found) > 1:
                best, worst = min(found, key=lambda name: found[name]), max(found, key=lambda name: found[name])
                spread = found[worst] - found[best]
                rows.append({"key": appraisal.item.key, "spread": spread, "best_by": best, "worst_by": worst, **found})
        return sorted(rows, key=lambda row: (-row["spread"], row["key"]))

    def to_records(self) -> list[dict[str, Any]]:
        """One flat row per ranked item."""
        return [self.record(appraisal) for appraisal in self.appraisals]

    def record(self, appraisal: Appraisal) -> dict[str, Any]:
        found, money, feelings = self.ranks_of(appraisal.item.key), appraisal.money, appraisal.kano
        return {
            "key": appraisal.item.key,
            "title": appraisal.item.title,
            **{f"{framework}_rank": found.get(framework) for framework in FRAMEWORKS},
            "wsjf": appraisal.wsjf,
            "rice": appraisal.rice,
            "kano": feelings.category if feelings else None,
            "better": feelings.better if feelings else None,
            "worse": feelings.worse if feelings else None,
            "npv": money.npv if money else None,
            "npv_low": money.low if money else None,
            "npv_high": money.high if money else None,
            "p_positive": money.p_positive if money else None,
            "payback": money.payback if money else None,
        }

    def disclosures(self) -> tuple[Disclosure, ...]:
        """Nothing here is counted from people's answers."""
        return ()

    def withhold(self, reasons: Mapping[int, str]) -> Self:  # noqa: ARG002  (no cell could be withheld)
        return self


def rank(
    items: Sequence[Item],
    *,
    discount_rate: float,
    seed: int,
    vocabulary: Mapping[str, tuple[str, ...]] | None = None,
    draws: int = DRAWS,
    effort_up: float = EFFORT_UP,
) -> Ranking:
    """Rank items by WSJF, RICE, Kano and net present value, each over the items that hold its inputs.

    `discount_rate` is per year (0.08 is 8 %). Items without their four facets, or with words that
    the vocabulary lacks, are blocked. `effort_up` is the share by which each item's effort is raised
    to see whether it falls behind others. Raises WrongUsage where an estimate is impossible.
    """
    if not effort_up > 0:
        raise WrongUsage(f"The effort is raised by a share above 0, and it is {effort_up:g}.")
    reasons = {item.key: tuple(what_blocks(item, vocabulary or {})) for item in items}
    appraisals = [appraise(item, rate=discount_rate, seed=seed, draws=draws) for item in items if not reasons[item.key]]
    scored = scores(appraisals)
    found = {framework: ranks(scored[framework]) for framework in FRAMEWORKS}
    return Ranking(
        spread=spreads(appraisals, rate=discount_rate, seed=seed),
        appraisals=tuple(sorted(appraisals, key=lambda appraisal: mean_rank(appraisal.item.key, found))),
        ranks=found,
        agreement=tuple(
            Agreement(first, second, *tau_b(scored[first], scored[second]))
            for first, second in combinations(FRAMEWORKS, 2)
        ),
        flips={
            framework: tuple(flips(scored[framework], rescore, effort_up=effort_up))
            for framework, rescore in rescorers(appraisals, discount_rate).items()
        },
        blocked={key: sentences for key, sentences in reasons.items() if sentences},
        discount_rate=discount_rate,
        seed=seed,
        effort_up=effort_up,
    )


def mean_rank(key: str, found: Mapping[Framework, Mapping[str, int]]) -> tuple[float, str]:
    """Only the order in which rows are shown; no framework has this number. Unranked items come last."""
    held = [by_key[key] for by_key in found.values() if key in by_key]
    return (sum(held) / len(held) if held else float("inf"), key)
