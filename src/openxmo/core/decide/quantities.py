"""The quantities that the rankings ask for: what each is, in which unit, and what an estimate of it may be."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, median_low
from typing import Literal

from openxmo.core.decide.items import Amount, Benefits, Item, KanoInput, MoneyInput, RiceInput, WsjfInput, to_range
from openxmo.core.decide.money import VOICES, Range
from openxmo.core.decide.rice import CONFIDENCES, IMPACTS
from openxmo.core.decide.wsjf import SMALLEST
from openxmo.core.errors import WrongUsage

Asker = Literal["wsjf", "rice", "money"]
MONEY = "money"  # the unit that stands for the office's currency
MOST_YEARS = 10
YEARLY = re.compile(r"^(money\.(?:running|customer|business|employee))\.([1-9]|10)$")


@dataclass(frozen=True)
class Quantity:
    """`lowest` is the least an estimate may be, `above` demands more than it; `steps`, if any, are all it may be."""

    key: str
    asker: Asker
    unit: str
    lowest: float | None = None
    above: bool = False
    steps: tuple[float, ...] = ()
    yearly: bool = False


QUANTITIES: dict[str, Quantity] = {
    quantity.key: quantity
    for quantity in (
        *(Quantity(f"wsjf.{name}", "wsjf", "points", lowest=SMALLEST) for name in ("value", "time", "risk", "size")),
        Quantity("rice.reach", "rice", "people", lowest=0),
        Quantity("rice.impact", "rice", "step", steps=tuple(sorted(IMPACTS))),
        Quantity("rice.confidence", "rice", "step", steps=tuple(sorted(CONFIDENCES))),
        Quantity("rice.effort", "rice", "person-months", lowest=0, above=True),
        Quantity("money.cost", "money", MONEY, lowest=0),
        Quantity("money.running", "money", MONEY, yearly=True),
        *(Quantity(f"money.{voice}", "money", MONEY, yearly=True) for voice in VOICES),
    )
}
NEEDED: dict[Asker, tuple[str, ...]] = {
    "wsjf": ("wsjf.value", "wsjf.time", "wsjf.risk", "wsjf.size"),
    "rice": ("rice.reach", "rice.impact", "rice.confidence", "rice.effort"),
    "money": ("money.cost",),
}


def find_quantity(key: str) -> Quantity:
    """The quantity of this key; that of one year ends in the year: `money.customer.2`."""
    found = YEARLY.match(key)
    stem = found.group(1) if found else key
    quantity = QUANTITIES.get(stem)
    if quantity is None or quantity.yearly != bool(found):
        raise WrongUsage(
            f"No ranking asks for {key}.",
            mend=f"They ask for {', '.join(QUANTITIES)}; yearly ones end in the year, 1 to {MOST_YEARS}.",
        )
    return quantity


def check_estimate(key: str, low: float, likely: float, high: float) -> Range:
    """The range, or WrongUsage where it is out of order or not what the quantity may be."""
    quantity, estimate = find_quantity(key), Range(low, likely, high)
    for number in (low, likely, high):
        check_number(quantity, number)
    return estimate


def check_number(quantity: Quantity, number: float) -> None:
    if quantity.steps and number not in quantity.steps:
        steps = ", ".join(f"{step:g}" for step in quantity.steps)
        raise WrongUsage(f"{quantity.key} has no step {number:g}.", mend=f"Choose one of {steps}.")
    if quantity.lowest is None:
        return
    if number < quantity.lowest or (quantity.above and number == quantity.lowest):
        bound = f"above {quantity.lowest:g}" if quantity.above else f"at least {quantity.lowest:g}"
        raise WrongUsage(f"{quantity.key} is {bound} ({quantity.unit}), and {number:g} is not.")


def pool(key: str, estimates: Sequence[Range]) -> Range:
    """Several people's estimates as one range: from the lowest low to the highest high, likely in the middle.

    People who disagree know less than each of them says, so the range never narrows. Where only
    steps are allowed and the middle falls between two, the lower one is taken.
    """
    likely = [estimate.likely for estimate in estimates]
    middle = median_low(likely) if find_quantity(key).steps else median(likely)
    return Range(min(one.low for one in estimates), middle, max(one.high for one in estimates))


def missing(asker: Asker, given: Iterable[str]) -> tuple[str, ...]:
    """The quantities without which this ranking cannot place an item."""
    held = set(given)
    return tuple(key for key in NEEDED[asker] if key not in held)


def assemble(
    key: str,
    *,
    title: str,
    facets: Mapping[str, str],
    ranges: Mapping[str, Range],
    kano: KanoInput | None = None,
) -> Item:
    """An item as the rankings take it, with each framework's part only where all that it needs is there."""
    amounts = {name: amount_of(found) for name, found in ranges.items()}
    return Item(
        key=key,
        title=title,
        facets=dict(facets),
        wsjf=WsjfInput(**part_of("wsjf", amounts)) if not missing("wsjf", amounts) else None,
        rice=RiceInput(**part_of("rice", amounts)) if not missing("rice", amounts) else None,
        kano=kano,
        money=money_of(amounts) if not missing("money", amounts) else None,
    )


def take_apart(item: Item) -> dict[str, Range]:
    """The ranges of an item by quantity: what `assemble` puts together."""
    found: dict[str, Amount] = {}
    if item.wsjf:
        found |= {f"wsjf.{name}": getattr(item.wsjf, name) for name in ("value", "time", "risk", "size")}
    if item.rice:
        found |= {f"rice.{name}": getattr(item.rice, name) for name in ("reach", "impact", "confidence", "effort")}
    if item.money:
        found["money.cost"] = item.money.cost
        yearly = {"running": item.money.running} | {voice: getattr(item.money.benefits, voice) for voice in VOICES}
        for name, amounts in yearly.items():
            found |= {f"money.{name}.{year}": amount for year, amount in enumerate(amounts, start=1)}
    return {key: to_range(amount) for key, amount in found.items()}


def amount_of(estimate: Range) -> Amount:
    if estimate.low == estimate.high:
        return estimate.likely
    return (estimate.low, estimate.likely, estimate.high)


def part_of(asker: Asker, amounts: Mapping[str, Amount]) -> dict[str, Amount]:
    return {key.partition(".")[2]: amounts[key] for key in NEEDED[asker]}


def money_of(amounts: Mapping[str, Amount]) -> MoneyInput:
    voices = {voice: years_of(f"money.{voice}", amounts) for voice in VOICES}
    return MoneyInput(
        cost=amounts["money.cost"], running=years_of("money.running", amounts), benefits=Benefits(**voices)
    )


def years_of(stem: str, amounts: Mapping[str, Amount]) -> tuple[Amount, ...]:
    """The amounts of years 1, 2, ...; a year that nobody estimated before one that somebody did is 0."""
    given = {int(found.group(2)): amounts[key] for key in amounts if (found := YEARLY.match(key)) and found[1] == stem}
    return tuple(given.get(year, 0.0) for year in range(1, max(given, default=0) + 1))
