"""What the templates of this room use beside those of all rooms."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from openxmo.core.decide.money import Range
from openxmo.office.prove.states import TONES, State
from openxmo.office.prove.wording import GRADES, change, span_of
from openxmo.office.ui.components.words import money, number

register = template.Library()


@register.filter
def place(hundredths: float) -> str:
    """A place on the time line, as a drawing writes it in every language."""
    return f"{hundredths:.2f}"


@register.filter
def state_tone(state: str) -> str:
    return TONES[State(state)]


@register.filter
def of_money(amount: Range, currency: str) -> str:
    """A likely amount with its range."""
    if amount.low == amount.high:
        return money(amount.likely, currency)
    return _("%(likely)s (%(low)s to %(high)s)") % {
        "likely": money(amount.likely, currency),
        "low": money(amount.low, currency),
        "high": money(amount.high, currency),
    }


@register.filter
def of_effect(amount: Range, unit: str) -> str:
    """A likely effect with its interval."""
    return f"{change(amount.likely, unit)} ({span_of(amount.low, amount.high)})"


@register.filter
def range_of(claim: Any, name: str) -> Range:
    """One of a claim's ranges: effect, volume, value, cost, gain, net."""
    found: Range = claim.range_of(name)
    return found


@register.filter
def of_range(amount: Range, digits: str = "") -> str:
    likely = number(amount.likely, int(digits) if digits else None)
    return likely if amount.low == amount.high else f"{likely} ({span_of(amount.low, amount.high)})"


@register.filter
def grade_words(grade: str) -> str:
    return str(GRADES[grade])
