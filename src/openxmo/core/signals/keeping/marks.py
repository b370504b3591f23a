"""What is said about a signal after it was heard. The signal itself is never changed.

A mark is a line in a small table; lifting it is another line. Every reading applies the marks
that stand.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import ibis
import pyarrow as pa

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.core.signals.engines.standing import STANDING
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import MARKS

Mark = Literal["spam", "duplicate", "excluded"]
SourceAndId = tuple[str, str]


def mark_signals(
    lake: Lake,
    *,
    mark: Mark,
    rows: Collection[int] = (),
    ids: Collection[SourceAndId] = (),
    reason: str | None = None,
    by: str,
    confirmed_by: str | None = None,
    at: datetime,
) -> int:
    """Marks the signals named by row key or by (source, id); returns how many were not marked so before.

    Excluding a signal takes a reason and a second person (NotAllowed otherwise). A signal that
    does not stand in the lake is WrongUsage, and then nothing is marked.
    """
    check_exclusion(mark, reason=reason, by=by, confirmed_by=confirmed_by)
    with writing(lake, what="marking signals"):
        engine = open_duckdb(lake)
        chosen = find_signals(engine, rows=rows, ids=ids)
        already = {line["row"] for line in marks_that_stand(engine, mark, chosen)}
        lines = [
            {"row": row, "month": month, "mark": mark, "reason": reason, "marked_by": by, "marked_at": at}
            | {"confirmed_by": confirmed_by}
            for row, month in chosen.items()
            if row not in already
        ]
        append_lines(lake, lines)
        return len(lines)


def lift_marks(
    lake: Lake,
    *,
    mark: Mark,
    rows: Collection[int] = (),
    ids: Collection[SourceAndId] = (),
    by: str,
    at: datetime,
) -> int:
    """Lifts this mark from the signals; returns how many marks stood."""
    with writing(lake, what="lifting marks"):
        engine = open_duckdb(lake)
        standing = marks_that_stand(engine, mark, find_signals(engine, rows=rows, ids=ids))
        append_lines(lake, [line | {"lifted_by": by, "lifted_at": at} for line in standing])
        return len(standing)


def check_exclusion(mark: Mark, *, reason: str | None, by: str, confirmed_by: str | None) -> None:
    if mark != "excluded":
        return
    if not (reason and reason.strip()):
        raise WrongUsage("An answer is excluded for a reason.", mend="Say why it should not count.")
    if confirmed_by is None or confirmed_by == by:
        raise NotAllowed(
            "Excluding an answer takes two people.",
            where=f"asked for by {by}",
            mend="Let a second person confirm it.",
        )


def find_signals(engine: Engine, *, rows: Collection[int], ids: Collection[SourceAndId]) -> dict[int, str]:
    """Row key to month of the standing signals that are meant; each of them must be there."""
    standing = engine.table(STANDING)
    found: dict[int, str] = {}
    if rows:
        lines = engine.fetch(standing.filter(standing.row.isin(sorted(rows))).select("row", "month")).to_pylist()
        found |= {line["row"]: line["month"] for line in lines}
        refuse_missing([str(row) for row in rows if row not in found])
    if ids:
        wanted = ibis.memtable(pa.table({"source": [source for source, _ in ids], "id": [key for _, key in ids]}))
        chosen = standing.inner_join(wanted, ["source", "id"]).select("row", "month", "source", "id")
        lines = engine.fetch(chosen).to_pylist()
        found |= {line["row"]: line["month"] for line in lines}
        named = {(line["source"], line["id"]) for line in lines}
        refuse_missing([f"{source}/{key}" for source, key in ids if (source, key) not in named])
    return found


def refuse_missing(missing: list[str]) -> None:
    if missing:
        shown = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        raise WrongUsage(
            f"{len(missing)} of the named signals are not in the lake: {shown}.",
            mend="Name signals that stand, by their source and id.",
        )


def marks_that_stand(engine: Engine, mark: Mark, rows: Collection[int]) -> list[dict[str, object]]:
    """The lines of the marks table that mark one of these rows so and are not lifted."""
    marks = engine.table(MARKS)
    lines = engine.fetch(marks.filter(marks.row.isin(sorted(rows)), marks.mark == mark)).to_pylist() if rows else []
    lifted = {(line["row"], line["marked_at"]) for line in lines if line["lifted_at"] is not None}
    return [line for line in lines if (line["row"], line["marked_at"]) not in lifted]


def append_lines(lake: Lake, lines: list[dict[str, object]]) -> None:
    if lines:
        lake.append(MARKS, pa.Table.from_pylist(lines, schema=MARKS.schema))
