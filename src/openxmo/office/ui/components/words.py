"""Numbers, moments and spans in words: the same digits and the same signs on every page."""

import math
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language_bidi, gettext, ngettext

from openxmo.office.lib.clock import now

MISSING = "–"
MINUS = "−"
LEFT_TO_RIGHT = "\u200e"  # a mark without width
NARROW = "\u202f"  # a space that does not break
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "ILS": "₪", "KRW": "₩"}
LARGE = Context(prec=400)  # the largest float has 309 digits
MONTH, DAY_LABEL = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}")
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def number(value: Any, digits: int | None = None) -> str:
    """With a true minus, grouped thousands and the digits that mean something; nothing is a dash, never a zero."""
    known = _float(value)
    if known is None:
        return MISSING
    if digits is None:
        digits = 0 if isinstance(value, int) else sensible_digits(known)
    # Halves go up, as people round; and by the digits that are written, not by those of the binary number.
    rounded = Decimal(repr(known)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, LARGE)
    shown = formats.number_format(abs(rounded), digits, use_l10n=True, force_grouping=True)
    return _signed(MINUS, shown) if rounded < 0 else shown


def signed(value: Any, digits: int | None = None) -> str:
    """A change: with a plus where it went up."""
    shown = number(value, digits)
    known = _float(value)
    return _signed("+", shown) if known is not None and known > 0 and shown.strip("0.,") else shown


def _signed(sign: str, shown: str) -> str:
    """Where words run from right to left, the sign would else wander behind its number."""
    return f"{LEFT_TO_RIGHT if get_language_bidi() else ''}{sign}{shown}"


def sensible_digits(value: float) -> int:
    size = abs(value)
    return 0 if size >= 100 else 1 if size >= 1 or size == 0 else 2


def percent(share: Any, digits: int = 0) -> str:
    """A share from 0 to 1."""
    known = _float(share)
    return MISSING if known is None else number(known * 100, digits) + NARROW + "%"


def money(amount: Any, currency: str = "") -> str:
    """Whole units from a hundred on; the symbol where it is known to everybody, else the code."""
    known = _float(amount)
    if known is None:
        return MISSING
    shown = number(abs(known), 0 if abs(known) >= 100 or known == int(known) else 2)
    named = SYMBOLS.get(currency) or (currency + NARROW if currency else "")
    return _signed(MINUS, named + shown) if known < 0 else named + shown


def moment(at: datetime | None) -> str:
    """In the office's zone: `today, 14:05`, `yesterday, 09:30`, `22 Nov 2026, 14:05`."""
    if at is None:
        return MISSING
    local = local_of(at)
    clock = formats.date_format(local, "H:i")
    days = (local_of(now()).date() - local.date()).days
    words = {0: gettext("today, %s"), 1: gettext("yesterday, %s"), -1: gettext("tomorrow, %s")}
    return words[days] % clock if days in words else f"{formats.date_format(local, 'j M Y')}, {clock}"


def day(at: date | None) -> str:
    """A date, or the day of a moment in the office's zone: `22 Nov 2026`."""
    if at is None:
        return MISSING
    return formats.date_format(local_of(at) if isinstance(at, datetime) else at, "j M Y")


def period(label: str | None) -> str:
    """A period of the calendar by its label: `2026-08` is `Aug 2026`; what is no month or day stays as it is."""
    if not label:
        return MISSING
    try:
        if MONTH.fullmatch(label):
            return formats.date_format(date.fromisoformat(f"{label}-01"), "M Y")
        return day(date.fromisoformat(label)) if DAY_LABEL.fullmatch(label) else label
    except ValueError:
        return label


def span(length: timedelta | float | None) -> str:
    """A length of time in its two largest units: `4 h`, `2 d 3 h`, `35 min`, `12 s`."""
    if length is None:
        return MISSING
    seconds = length.total_seconds() if isinstance(length, timedelta) else float(length)
    sign, left = (MINUS if seconds < 0 else ""), abs(round(seconds))
    units = [(DAY, gettext("d")), (HOUR, gettext("h")), (MINUTE, gettext("min")), (1, gettext("s"))]
    first = next((place for place, (size, _) in enumerate(units) if left >= size), len(units) - 1)
    parts: list[str] = []
    for size, name in units[first : first + (2 if first < 2 else 1)]:
        count, left = divmod(left, size)
        parts += [f"{count}{NARROW}{name}"] if count or not parts else []
    return sign + " ".join(parts)


def time_left(due_at: datetime, *, at: datetime) -> str:
    """`3 h left`, `2 h late`, `due now`."""
    seconds = (due_at - at).total_seconds()
    if abs(seconds) < MINUTE:
        return gettext("due now")
    shown = span(_rough(abs(seconds)))
    return gettext("%s left") % shown if seconds > 0 else gettext("%s late") % shown


def _rough(seconds: float) -> float:
    """Without the minutes of days and the seconds of minutes: nobody works by them."""
    step = HOUR if seconds >= 2 * DAY else MINUTE
    return max(seconds // step * step, MINUTE)


def count(n: int, one: str, many: str) -> str:
    return f"{number(n, 0)} {ngettext(one, many, n)}"


def local_of(at: datetime) -> datetime:
    return timezone.localtime(at) if timezone.is_aware(at) else at


def _float(value: Any) -> float | None:
    try:
        known = float(value)
    except (TypeError, ValueError):
        return None
    return known if math.isfinite(known) else None
