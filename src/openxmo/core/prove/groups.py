"""Scored cells of a metric sorted into the groups of a proof: treated or not, before the change or after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.cells import Cell
from openxmo.core.metrics.moments import moments
from openxmo.core.metrics.periods import Period
from openxmo.core.metrics.tally import AnyTally, RatioTally, Tally
from openxmo.core.prove.did import Measured


@dataclass(frozen=True)
class Placed:
    """A cell that takes part: its unit, its period, and the group both put it in."""

    cell: Cell
    period: Period
    unit: tuple[str | None, ...]
    treated: bool
    after: bool

    @property
    def value(self) -> float:
        return moments(self.cell.tally).value or 0.0

    @property
    def weight(self) -> float:
        tally = self.cell.tally
        if isinstance(tally, Tally):
            return tally.w
        return tally.x if isinstance(tally, RatioTally) else float(tally.n)


def place_cells(
    cells: Iterable[Cell], *, by: str, treated: frozenset[str], comparison: frozenset[str] | None, change: datetime
) -> tuple[list[Placed], list[Period]]:
    """The cells that take part, and the periods left out because the change falls inside them.

    `comparison` None means every other value; a cell with no value of `by` takes no part.
    """
    placed, inside = [], set()
    for cell in cells:
        value, period = cell.by.get(by), cell.period
        if (
            value is None
            or period is None
            or (value not in treated and comparison is not None and value not in comparison)
        ):
            continue
        if period.start < change < period.end:
            inside.add(period)
        elif moments(cell.tally).value is not None:
            unit = tuple(cell.by[key] for key in sorted(cell.by))
            placed.append(Placed(cell, period, unit, value in treated, period.start >= change))
    return placed, sorted(inside)


@dataclass(frozen=True)
class Group:
    """One of the four groups: its answers added up, whom they come from, and when."""

    treated: bool
    after: bool
    tally: AnyTally
    people: frozenset[int] | None
    months: Mapping[str, frozenset[int]]
    start: datetime
    end: datetime

    @property
    def mean(self) -> float | None:
        return moments(self.tally).value

    def measured(self) -> Measured | None:
        found = moments(self.tally)
        if found.value is None or found.error is None:
            return None
        return Measured(found.value, found.error, found.freedom, found.n)


def gather(placed: list[Placed], *, treated: bool, after: bool) -> Group:
    """Add up one group. Raises WrongUsage where nobody is in it."""
    members = [each for each in placed if each.treated == treated and each.after == after]
    if not members:
        side, when = ("treated" if treated else "comparison"), ("after" if after else "before")
        raise WrongUsage(
            f"The {side} group has nothing measured {when} the change.",
            mend="An effect needs whole periods on both sides of the change; check the values, the dates and --every.",
        )
    months: dict[str, frozenset[int]] = {}
    for each in members:
        for month, people in (each.cell.months or {}).items():
            months[month] = months.get(month, frozenset()) | people
    guarded = [each.cell.people for each in members if each.cell.people is not None]
    tallies: list[Any] = [each.cell.tally for each in members]
    return Group(
        treated=treated,
        after=after,
        tally=reduce(add, tallies),
        people=frozenset().union(*guarded) if guarded else None,
        months=months,
        start=min(each.period.start for each in members),
        end=max(each.period.end for each in members),
    )


@dataclass(frozen=True)
class Panel:
    """Placed cells as columns: one row per unit and period."""

    outcome: NDArray[np.float64]
    unit: NDArray[np.int64]
    period: NDArray[np.int64]
    treated: NDArray[np.bool_]
    after: NDArray[np.bool_]
    weights: NDArray[np.float64]

    def units(self, *, treated: bool) -> int:
        return len(np.unique(self.unit[self.treated == treated]))


def to_panel(placed: list[Placed]) -> Panel:
    units = {unit: place for place, unit in enumerate(dict.fromkeys(each.unit for each in placed))}
    periods = {period: place for place, period in enumerate(sorted({each.period for each in placed}))}
    return Panel(
        outcome=np.array([each.value for each in placed]),
        unit=np.array([units[each.unit] for each in placed], dtype=np.int64),
        period=np.array([periods[each.period] for each in placed], dtype=np.int64),
        treated=np.array([each.treated for each in placed], dtype=np.bool_),
        after=np.array([each.after for each in placed], dtype=np.bool_),
        weights=np.array([each.weight for each in placed]),
    )
