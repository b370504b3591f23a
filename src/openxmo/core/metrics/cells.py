"""The cells of an answer, gathered from the rows that the engine gives back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Asked
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.periods import Period
from openxmo.core.metrics.tally import AnyTally

T = TypeVar("T")
Key = tuple[Any, ...]  # the values of `Asked.keys` in a row
# Cells that are told apart by one of these may have different scales: they are different questions.
APART = frozenset({"scale", "instrument", "item", "name", "source"})


@dataclass(frozen=True)
class Cell:
    """One cell of an answer: its cut, its period (None without periods), its tally, and what was left out and why.

    `people` are the keyed hashes of the protected people whose signals count in the cell, None where
    none do; `months` says who of them in which month of the office's zone, and to which item.
    """

    by: Mapping[str, str | None]
    period: Period | None
    tally: AnyTally
    excluded: Mapping[str, int]
    people: frozenset[int] | None
    months: Mapping[str, frozenset[int]] | None = None


@dataclass
class Gathered(Generic[T]):
    """What is known of one cell while rows are read."""

    counted: list[T] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)
    protected: bool = False


def key_of(row: Mapping[str, Any], asked: Asked) -> Key:
    return tuple(row[name] for name in asked.keys)


def gather(
    rows: Iterable[Mapping[str, Any]], asked: Asked, *, by_item: bool = False
) -> dict[Key, Gathered[Mapping[str, Any]]]:
    """Rows by cell: those that count, and the numbers of those that do not by reason; refuses to pool scales.

    With `by_item` each item has one scale, and different items may have different ones.
    """
    cells: dict[Key, Gathered[Mapping[str, Any]]] = {}
    scales: dict[tuple[str | None, Key], set[str]] = {}
    for row in rows:
        cell = cells.setdefault(key_of(row, asked), Gathered())
        if row["left_out"] is not None:
            cell.excluded[row["left_out"]] += row["n"]
            continue
        cell.counted.append(row)
        cell.protected = cell.protected or bool(row["protected"])
        if row["scale"] is not None:
            apart = tuple(row[f"cut_{i}"] for i, name in enumerate(asked.by) if name in APART)
            scales.setdefault((row["item"] if by_item else None, apart), set()).add(row["scale"])
    for (item, _), found in scales.items():
        check_one_scale(asked.metric, found, where=f"item {item}" if item else "")
    return cells


def check_one_scale(metric: Metric, scales: Iterable[str], *, where: str = "") -> None:
    """Raise where answers on different scales would be pooled, or where NPS is asked of another scale than its own."""
    found = sorted(set(scales))
    if len(found) > 1:
        directions = {is_reversed(scale) for scale in found}
        turned = " On some of them lower is better, on others higher." if len(directions) > 1 else ""
        raise WrongUsage(
            f"{metric.label or metric.key} cannot pool answers on different scales: {', '.join(found)}.{turned}",
            where=where,
            mend="Choose one with --where scale=… or instrument=…, or see each by itself with --by scale.",
        )
    if metric.score.kind == "nps" and found and found != ["0..10"]:
        raise WrongUsage(
            f"Net Promoter is asked from 0 to 10, but {metric.signal} was answered on {found[0]}.",
            where=where,
            mend="Score it as top_box or mean.",
        )


def is_reversed(scale: str) -> bool:
    """Whether lower is better: `5..1`."""
    low, high = ends_of(scale)
    return low > high


def ends_of(scale: str) -> tuple[float, float]:
    low, high = scale.split("..")
    return float(low), float(high)


def label_of(value: Any) -> str | None:
    """The value of a cut in words: 4.0 is written 4."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def make_cell(
    key: Key,
    tally: AnyTally,
    cell: Gathered[T],
    months: Mapping[str, frozenset[int]] | None,
    asked: Asked,
    period: Period | None,
) -> Cell:
    return Cell(
        by={name: label_of(value) for name, value in zip(asked.by, key, strict=False)},
        period=period,
        tally=tally,
        excluded=dict(sorted(cell.excluded.items())),
        people=None if months is None else frozenset().union(*months.values()),
        months=months,
    )


def in_order(cells: Iterable[Cell]) -> list[Cell]:
    """By period, then by the values of the cut; a missing value comes last."""
    return sorted(
        cells,
        key=lambda cell: (
            cell.period.start.timestamp() if cell.period else 0.0,
            [(value is None, value or "") for value in cell.by.values()],
        ),
    )
