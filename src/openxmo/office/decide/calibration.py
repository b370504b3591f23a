"""How good our estimates are: what people thought before, against what it turned out to be."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from openxmo.core.metrics.intervals import wilson
from openxmo.office.decide.models import Actual, Estimate, Item

ENOUGH = 10  # comparisons, before a share says something about an author
Z = 1.959964


@dataclass(frozen=True)
class Comparison:
    """One estimate and its actual. `off` is the actual as a share of the likely value, None where that is 0."""

    item: Item
    estimate: Estimate
    actual: Actual

    @property
    def inside(self) -> bool:
        return self.estimate.low <= self.actual.value <= self.estimate.high

    @property
    def off(self) -> float | None:
        return self.actual.value / self.estimate.likely if self.estimate.likely else None


@dataclass(frozen=True)
class Estimator:
    """One author's share of actuals inside the range, with its interval; `off` is the middle one of the comparisons."""

    author: str
    n: int
    inside: int
    low: float
    high: float
    off: float | None

    @property
    def share(self) -> float:
        return self.inside / self.n

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH


def compare(items: Iterable[Item]) -> list[Comparison]:
    """Every author's last estimate before the actual was known, beside the newest actual of its quantity."""
    held = {item.pk: item for item in items}
    actuals: dict[tuple[int, str], Actual] = {}
    first_known: dict[tuple[int, str], Actual] = {}
    for actual in Actual.objects.filter(item_id__in=held).order_by("measured_at", "id"):
        place = (actual.item_id, actual.quantity)
        first_known.setdefault(place, actual)
        actuals[place] = actual
    last: dict[tuple[int, str, str], Estimate] = {}
    for row in Estimate.objects.filter(item_id__in={pk for pk, _ in actuals}).order_by("made_at", "id"):
        known = first_known.get((row.item_id, row.quantity))
        if known is not None and row.made_at < known.measured_at:  # a later one would be no estimate
            last[row.item_id, row.quantity, row.made_by] = row
    return [Comparison(held[pk], row, actuals[pk, quantity]) for (pk, quantity, _), row in last.items()]


def judge(comparisons: Iterable[Comparison]) -> list[Estimator]:
    """Per author, by name: this is for learning, and ranks nobody."""
    by_author: dict[str, list[Comparison]] = defaultdict(list)
    for comparison in comparisons:
        by_author[comparison.estimate.made_by].append(comparison)
    return [_estimator(author, found) for author, found in sorted(by_author.items())]


def _estimator(author: str, found: list[Comparison]) -> Estimator:
    inside = sum(comparison.inside for comparison in found)
    low, high = wilson(inside / len(found), len(found), Z)
    offs = [comparison.off for comparison in found if comparison.off is not None]
    return Estimator(author, len(found), inside, low, high, median(offs) if offs else None)
