"""`{% load home %}`: a row of months as a small line, and addresses of a page's parts."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext

from openxmo.office.ui.components.words import number

register = template.Library()
WIDTH, HEIGHT, EDGE = 120.0, 28.0, 3.0


@register.simple_tag(takes_context=True)
def keep_url(context: template.Context, route: str, *args: Any) -> str:
    """The address of a part of this page, asked for the same unit and period."""
    asked = context.get("asked")
    there = reverse(route, args=args)
    return asked.carry(there) if asked else there


@register.filter
def item(listed: Sequence[Any], place: int) -> Any:
    """`{{ metrics|item:forloop.counter0 }}`: what stands at the same place of another list."""
    return listed[place]


@register.inclusion_tag("home/spark.html")
def spark(values: Sequence[float | None], ambition: float | None = None, unit: str = "") -> dict[str, Any]:
    """Values in their order as a line without axes, with the ambition as a broken one; said in words as well."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return {"lines": []}
    ends = [*known, *([ambition] if ambition is not None else [])]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0

    def place(value: float) -> float:
        return round(EDGE + (high - value) / span * (HEIGHT - 2 * EDGE), 1)

    step = WIDTH / max(1, len(values) - 1)
    lines: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            lines.append([])
        else:
            lines[-1].append(f"{index * step:.1f},{place(value)}")
    words = gettext("from %(first)s to %(last)s %(unit)s") % {
        "first": number(known[0], 1),
        "last": number(known[-1], 1),
        "unit": unit,
    }
    return {
        "lines": [" ".join(line) for line in lines if len(line) > 1],
        "ambition": None if ambition is None else place(ambition),
        "words": words.strip(),
    }
