"""Made-up rows, read off the contract and its reserved shapes: for trying things out without anybody's data."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from openxmo.core.signals.contract import COLUMNS
from openxmo.core.signals.shapes import SHAPES, Shape

SUBJECTS = 500
DIMENSION_VALUES = 4
SHARE_OF_DIMENSIONS = 0.3
# `unit` decides who may see a row and `language` how its words are read, so neither is made up.
WHERE = tuple(column.name for column in COLUMNS if column.group == "where" and column.name not in ("unit", "language"))


def make_up(
    n: int, *, seed: int, start: datetime, days: float = 90, shapes: Sequence[Shape] = SHAPES
) -> Iterator[dict[str, Any]]:
    """`n` valid rows as JSON holds them, at moments from `start` (which has a zone) to before `days` later.

    The same seed gives the same rows; the first k of them are the same for any n ≥ k.
    """
    rng = np.random.default_rng(seed)
    for number in range(n):
        shape = shapes[int(rng.integers(len(shapes)))]
        moment = start + timedelta(seconds=int(rng.integers(round(days * 86_400))))
        yield make_up_one(shape, number=number, moment=moment, rng=rng)


def make_up_one(shape: Shape, *, number: int, moment: datetime, rng: np.random.Generator) -> dict[str, Any]:
    """One row of this shape: its example with another id, moment, person, answer and places."""
    row = dict(shape.example)
    lasted = timedelta(seconds=int(rng.integers(30, 1800)))
    row |= {"id": f"{shape.name}-{number}", "happened_at": moment.isoformat()}
    if "ended_at" in row:
        row["ended_at"] = (moment + lasted).isoformat()
    if "value" in row:
        row["value"] = _value(row, rng)
    if shape.labels:
        row["label"] = str(rng.choice(shape.labels))
    if shape.items:
        row["item"] = str(rng.choice(shape.items))
    for column in ("subject", "response", "contact", "issue"):
        if column in row:
            row[column] = f"{str(row[column]).split('-')[0]}-{int(rng.integers(SUBJECTS))}"
    return row | _places(row, rng)


def _value(row: dict[str, Any], rng: np.random.Generator) -> float:
    """A whole step of the scale; without one, something of the example's size."""
    if "scale" in row:
        low, high = sorted(float(end) for end in row["scale"].split(".."))
        return float(rng.integers(round(low), round(high) + 1))
    return round(float(row["value"] * rng.lognormal(0, 0.5)), 2)


def _places(row: dict[str, Any], rng: np.random.Generator) -> dict[str, str]:
    chosen = [name for name in WHERE if name not in row and rng.random() < SHARE_OF_DIMENSIONS]
    return {name: f"{name}-{int(rng.integers(DIMENSION_VALUES))}" for name in chosen}
