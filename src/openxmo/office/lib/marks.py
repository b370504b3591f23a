"""What happened to a metric, as marks on its charts: later rooms know it, and earlier ones draw.

A room registers how it is found when Django starts (`AppConfig.ready`), as it does for the kinds in `things.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Mark:
    """From that day on the metric may read differently, for the reason in `label`; `address` tells more of it."""

    day: date
    label: str
    address: str


Find = Callable[[str, Any], Iterable[Mark]]
SOURCES: list[Find] = []


def register(find: Find) -> None:
    """`find(metric, access)` gives the marks of a metric, as far as this person may see what stands behind them."""
    if find not in SOURCES:
        SOURCES.append(find)


def find_marks(metric: str, access: Any) -> list[Mark]:
    """In the order of their days."""
    found = [mark for find in SOURCES for mark in find(metric, access)]
    return sorted(found, key=lambda mark: (mark.day, mark.label))
