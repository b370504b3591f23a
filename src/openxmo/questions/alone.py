"""What tells of one person alone, signal by signal: an employee's is nobody's to read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from openxmo.core.metrics.disclosure import Disclosure


@dataclass(frozen=True, kw_only=True)
class Alone:
    """`people` is not None where any of the signals is protected, and then nothing is shown."""

    people: frozenset[int] | None
    scope: frozenset[str] | None
    lake_version: int
    suppressed: str | None = None

    def disclosed(self, metric: str, *, n: int, siblings: str, **more: Any) -> tuple[Disclosure, ...]:
        """That so many signals are told of, one by one."""
        told = Disclosure(
            metric=metric, by={}, start=None, end=None, n=n, people=self.people, siblings=siblings, **more
        )
        return (told,)

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        """Only that it happened is left."""
        return replace(self, suppressed=reasons[0]) if reasons else self
