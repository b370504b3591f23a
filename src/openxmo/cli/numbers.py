"""Numbers as a person reads them: sensible digits, a true minus, nothing where nothing is known."""

from collections.abc import Mapping


def show_number(value: float | None, *, digits: int | None = None) -> str:
    """Three to four telling digits: 39.8, 4.29, 1,234."""
    if value is None:
        return ""
    if digits is None:
        digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    shown = round(value, digits) + 0.0  # no minus before a zero
    return f"{shown:,.{digits}f}".replace("-", "−")


def show_change(value: float | None, *, digits: int | None = None) -> str:
    """A change carries its sign."""
    if value is None:
        return ""
    shown = show_number(value, digits=digits)
    return f"+{shown}" if value > 0 and shown.strip("0.") else shown


def show_interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    digits = 0 if max(abs(low), abs(high)) >= 1000 else 1 if max(abs(low), abs(high)) >= 10 else 2
    return f"{show_number(low, digits=digits)} to {show_number(high, digits=digits)}"


def show_percent(share: float | None) -> str:
    """A share of 0 to 1 in whole percent."""
    return "" if share is None else f"{show_number(100 * share, digits=0)} %"


def show_p(p: float | None) -> str:
    if p is None:
        return ""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def show_excluded(excluded: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in sorted(excluded.items(), key=lambda pair: -pair[1]))


def counted(number: int, thing: str) -> str:
    """1 row, 2 rows."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
