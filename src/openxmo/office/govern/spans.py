"""Lengths of time as people write them: `4 business hours`, `2 business days`, `1 hour`, `30 days`."""

import re
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta

SPAN_PATTERN = r"^\d+(\.\d+)? (business )?(hour|day)s?$"
Span = Annotated[str, Meta(pattern=SPAN_PATTERN)]


class Length(NamedTuple):
    """`business` lengths count only the open hours or open days of a calendar."""

    amount: float
    unit: Literal["hour", "day"]
    business: bool


def read_span(words: Span) -> Length:
    """The parts of a span; `ValueError` where it is none."""
    if not re.fullmatch(SPAN_PATTERN, words):
        raise ValueError(f"`{words}` is no length of time")
    amount, *rest = words.split()
    return Length(float(amount), "hour" if rest[-1].startswith("hour") else "day", rest[0] == "business")
