"""What people estimate of an item, what Kano's questions found, and what it turned out to be."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.decide.appraisal import kano_of
from openxmo.core.decide.items import KanoInput
from openxmo.core.decide.quantities import MONEY, check_estimate, check_number, find_quantity
from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.decide import policies
from openxmo.office.decide.models import Actual, DiscountRate, Estimate, Feelings, Item

Numbers = tuple[float, float, float]


def unit_of(quantity: str, currency: str) -> str:
    """The unit in which a quantity is told: the office's currency for money."""
    unit = find_quantity(quantity).unit
    return currency if unit == MONEY else unit


def check_unit(quantity: str, unit: str, currency: str) -> None:
    expected = unit_of(quantity, currency)
    if unit != expected:
        raise WrongUsage(
            _("%(quantity)s is told in %(expected)s, and not in %(unit)s.")
            % {"quantity": quantity, "expected": expected, "unit": unit or _("nothing")},
            mend=_("Convert it first."),
        )


@transaction.atomic
def record_estimates(
    *,
    item: Item,
    estimates: Mapping[str, Numbers],
    units: Mapping[str, str],
    currency: str,
    by: str,
    at: datetime,
    note: str = "",
) -> list[Estimate]:
    """What one person thinks, as low, likely and high of each quantity. Others' estimates stay beside it."""
    policies.check_changeable(item)
    for quantity, numbers in estimates.items():
        check_estimate(quantity, *numbers)
        check_unit(quantity, units.get(quantity, ""), currency)
    rows = [
        Estimate(
            item=item,
            quantity=quantity,
            low=low,
            likely=likely,
            high=high,
            unit=units[quantity],
            note=note.strip(),
            made_at=at,
            made_by=by,
        )
        for quantity, (low, likely, high) in estimates.items()
    ]
    made = Estimate.objects.bulk_create(rows)
    if made:
        audit.record("item estimated", by=by, at=at, on=[item.name])
    return made


@transaction.atomic
def record_feelings(*, item: Item, given: KanoInput, by: str, at: datetime, note: str = "") -> Feelings:
    """What Kano's paired questions found: counts of pairs, counts of categories, or the category alone."""
    policies.check_changeable(item)
    if sum((bool(given.pairs), bool(given.counts), given.category is not None)) != 1:
        raise WrongUsage(_("Kano takes one of pairs, counts and category."), where=item.name)
    kano_of(given, item.key)
    row = Feelings.objects.create(
        item=item, given=msgspec.to_builtins(given), note=note.strip(), made_at=at, made_by=by
    )
    audit.record("item's feelings counted", by=by, at=at, on=[item.name])
    return row


@transaction.atomic
def record_actual(
    *, item: Item, quantity: str, value: float, unit: str, currency: str, by: str, at: datetime, note: str = ""
) -> Actual:
    """What a quantity turned out to be; whoever estimated it is then compared with it."""
    found = find_quantity(quantity)
    if found.unit == "points":
        raise WrongUsage(
            _("Relative points have no actual: nothing outside the backlog measures them."), where=quantity
        )
    check_number(found, value)
    check_unit(quantity, unit, currency)
    row = Actual.objects.create(
        item=item, quantity=quantity, value=value, unit=unit, note=note.strip(), measured_at=at, measured_by=by
    )
    audit.record("actual recorded", by=by, at=at, on=[item.name])
    return row


@transaction.atomic
def set_rate(*, rate: float, why: str, by: str, at: datetime) -> DiscountRate:
    """What a year's wait costs, as a share, for the money of all items."""
    if not -1 < rate < 1:
        raise WrongUsage(
            _("A discount rate is a share under 1 (0.08 is 8 %% a year), and it is %(rate)s.") % {"rate": f"{rate:g}"}
        )
    row = DiscountRate.objects.create(rate=rate, why=why.strip(), set_at=at, set_by=by)
    audit.record("discount rate set", by=by, at=at, on=[f"discount-rate:{row.pk}"])
    return row
