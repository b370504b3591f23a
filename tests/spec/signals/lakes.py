"""Small lakes for the tests of what reads and keeps them, written by the lake itself."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from openxmo.core.signals.engines import Engine
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import MARKS, SIGNALS, SUPERSEDED

MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


def day(month: int, number: int = 1, hour: int = 0) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=UTC)


def make_lake(folder: Path) -> Lake:
    return Lake.create(Home.at(folder / "home"), at=MADE_AT)


def signal(row: int, happened_at: datetime, **more: Any) -> dict[str, Any]:
    """A row of the signals table: an NPS answer of 9 about nobody, unless `more` says otherwise."""
    made = {
        "id": f"id-{row}",
        "source": "survey",
        "kind": "X",
        "name": "nps",
        "value": 9.0,
        "basis": "asked",
        "happened_at": happened_at,
        "heard_at": day(6),
        "receipt": "R1",
        "content": row.to_bytes(16, "big"),
        "row": row,
        "protected": False,
    }
    made |= more
    return made | {"month": happened_at.strftime("%Y-%m")}


def add(lake: Lake, *rows: Mapping[str, Any]) -> None:
    lake.append(SIGNALS, pa.Table.from_pylist([dict(row) for row in rows], schema=SIGNALS.schema))


def supersede(lake: Lake, row: int, month: str, at: datetime, reason: str = "amended", by: str = "R2") -> None:
    line = {"row": row, "month": month, "reason": reason, "superseded_at": at, "superseded_by": by}
    lake.append(SUPERSEDED, pa.Table.from_pylist([line], schema=SUPERSEDED.schema))


def add_mark(lake: Lake, row: int, month: str, at: datetime, **more: Any) -> None:
    line = {"row": row, "month": month, "mark": "spam", "reason": None, "marked_by": "ann", "marked_at": at} | more
    lake.append(MARKS, pa.Table.from_pylist([line], schema=MARKS.schema))


def rows_read(engine: Engine, **asked: Any) -> list[int]:
    """The row keys that `read_signals` gives, in order."""
    engine.refresh()
    found: list[int] = engine.fetch(read_signals(engine, **asked).select("row")).column("row").to_pylist()
    return sorted(found)


def marks_read(engine: Engine, **asked: Any) -> dict[int, str]:
    """Row key to mark, of the marked."""
    engine.refresh()
    found = engine.fetch(read_signals(engine, **asked).select("row", "mark")).to_pylist()
    return {line["row"]: line["mark"] for line in found if line["mark"] is not None}


def in_batches(rows: Iterable[Mapping[str, Any]], size: int) -> Iterable[list[Mapping[str, Any]]]:
    kept = list(rows)
    return (kept[start : start + size] for start in range(0, len(kept), size))
