"""What showing one cell would disclose; the exit door decides by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Disclosure:
    """One cell of a result, in the order of its rows.

    `people` are keyed hashes of the protected respondents in the cell, None where nobody in it is
    protected. Cells with the same `siblings` are parts of one total.
    """

    metric: str
    by: Mapping[str, str | None]
    start: datetime | None
    end: datetime | None
    n: int
    people: frozenset[int] | None
    siblings: str
