"""A small result for the tests of the exit door: cells with a value each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self

from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.release import Rules

AT = datetime(2026, 11, 1, tzinfo=UTC)
DECLARED = Rules(employee_cuts=frozenset({"team", "site", "tenure"}))


def month(number: int) -> datetime:
    """The start of a month counted from January 2026, 0 first."""
    return datetime(2026 + number // 12, number % 12 + 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cells:
    """Cells in their order; `withheld` holds the reason per place."""

    cells: tuple[Disclosure, ...]
    scope: frozenset[str] | None = None
    withheld: Mapping[int, str] = field(default_factory=dict)
    column: str = "value"

    def to_records(self) -> list[dict[str, Any]]:
        return [
            {**cell.by, "n": None, self.column: None, "suppressed": self.withheld[place]}
            if place in self.withheld
            else {**cell.by, "n": cell.n, self.column: 1.0, "suppressed": None}
            for place, cell in enumerate(self.cells)
        ]

    def to_document(self) -> dict[str, Any]:
        return {"rows": self.to_records()}

    def disclosures(self) -> tuple[Disclosure, ...]:
        return self.cells

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        return replace(self, withheld={**self.withheld, **reasons})


def cell(
    people: Iterable[int] | None,
    *,
    first: int = 0,
    last: int = 1,
    metric: str = "enps",
    n: int | None = None,
    siblings: str = "all",
    uniform: bool = False,
    months: Mapping[str, frozenset[int]] | None = None,
    **by: str | None,
) -> Disclosure:
    """A cell over the months from `first` until before `last`."""
    members = None if people is None else frozenset(people)
    return Disclosure(
        metric=metric,
        by=by,
        start=month(first),
        end=month(last),
        n=len(members or ()) if n is None else n,
        people=members,
        siblings=siblings,
        uniform=uniform,
        months=months,
    )


def shown(result: Cells) -> list[str]:
    """The cuts of the cells that are shown, as text."""
    return ["/".join(str(value) for value in cell.by.values()) or "all" for cell in visible(result)]


def visible(result: Cells) -> Sequence[Disclosure]:
    return [cell for place, cell in enumerate(result.cells) if place not in result.withheld]
