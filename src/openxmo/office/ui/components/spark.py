"""A row of values as a small line without axes: where each point lies, and the line in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from openxmo.office.ui.components.words import number

WIDTH, HEIGHT, EDGE = 120.0, 28.0, 3.0


def build(values: Sequence[float | None], ambition: float | None = None, unit: str = "") -> dict[str, Any]:
    """What the template draws; no line where fewer than two values are known."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return {"lines": []}
    ends = [*known, *([ambition] if ambition is not None else [])]
    low, high = min(ends), max(ends)
    words = gettext("from %(first)s to %(last)s %(unit)s") % {
        "first": number(known[0], 1),
        "last": number(known[-1], 1),
        "unit": unit,
    }
    return {
        "lines": lay_lines(values, low, high),
        "ambition": None if ambition is None else height_of(ambition, low, high),
        "words": words.strip(),
    }


def lay_lines(values: Sequence[float | None], low: float, high: float) -> list[str]:
    """The points of each stretch that has no hole."""
    step = WIDTH / max(1, len(values) - 1)
    lines: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            lines.append([])
        else:
            lines[-1].append(f"{index * step:.1f},{height_of(value, low, high)}")
    return [" ".join(line) for line in lines if len(line) > 1]


def height_of(value: float, low: float, high: float) -> float:
    """From the upper edge down; in the middle where all are the same."""
    share = (high - value) / (high - low) if high > low else 0.5
    return round(EDGE + share * (HEIGHT - 2 * EDGE), 1)
