"""The signals that stand: superseded ones left out, marks beside.

The engines offer this as a view named `standing`, defined anew for each version of the lake:
where nothing is superseded or marked it is the signals as they lie, and where something is,
only the months concerned pay for the join.
"""

from dataclasses import dataclass

import ibis
import pyarrow as pa

from openxmo.core.signals.engines.names import table_named
from openxmo.core.signals.store.tables import MARKS, SIGNALS, SUPERSEDED, Table

STANDS_AGAIN = "stands again"

STANDING = Table(
    name="standing",
    schema=SIGNALS.schema.append(pa.field("mark", pa.string())),
    partition_by=("month",),
    stats_on=(),
)


@dataclass(frozen=True)
class Concerned:
    """The months that have superseded rows, those that have standing marks, and whether any row was restored."""

    superseded: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    restored: bool = False


def restored_rows(superseded: ibis.Table) -> ibis.Table:
    """The lines that say that a row stands again, because the version that replaced it was withdrawn."""
    return superseded.filter(superseded.reason == STANDS_AGAIN)


def superseded_rows(superseded: ibis.Table, *, restored: bool = True) -> ibis.Table:
    """One line a row that does not stand. Each line of the table is +1, each `stands again` is -1.

    Without restored rows there is nothing to sum up, and a reader need not.
    """
    if not restored:
        return superseded
    step = ibis.ifelse(superseded.reason == STANDS_AGAIN, -1, 1).cast("int64")
    summed = superseded.group_by("row").agg(depth=step.sum())
    return summed.filter(summed.depth > 0)


def standing_marks(marks: ibis.Table) -> ibis.Table:
    """One line a marked row. A mark is lifted by a second line with the same row, mark and time of marking."""
    each = marks.group_by("row", "month", "mark", "marked_at").agg(
        reason=marks.reason.max(), lifted_at=marks.lifted_at.max()
    )
    left = each.filter(each.lifted_at.isnull())
    # By `row` alone: only so does an engine know that the join adds no rows, and drop it where `mark` is not asked for.
    return left.group_by("row").agg(month=left.month.max(), standing_mark=left.reason.fill_null(left.mark).min())


def leave_out(signals: ibis.Table, superseded: ibis.Table) -> ibis.Table:
    """By `not in`: as an anti join DuckDB may take the signals for the smaller side and hold them all."""
    return signals.filter(signals.row.notin(superseded.row))


def join_marks(signals: ibis.Table, marks: ibis.Table | None) -> ibis.Table:
    columns = list(SIGNALS.schema.names)
    if marks is None:
        return signals.select(*columns, mark=ibis.null("string"))
    joined = signals.left_join(marks.select("row", "standing_mark"), "row")
    return joined.select(*(signals[name] for name in columns), mark=joined.standing_mark)


def standing_signals(months: frozenset[str], concerned: Concerned) -> ibis.Table:
    """The rows of `standing` for a lake that has these months, as an expression over the lake's tables."""
    signals = table_named(SIGNALS)
    gone = superseded_rows(table_named(SUPERSEDED), restored=concerned.restored)
    marks = standing_marks(table_named(MARKS))
    parts = []
    for is_superseded in (False, True):
        for is_marked in (False, True):
            of = {m for m in months if (m in concerned.superseded, m in concerned.marked) == (is_superseded, is_marked)}
            if not of:
                continue
            part = signals if of == months else signals.filter(signals.month.isin(sorted(of)))
            part = leave_out(part, gone) if is_superseded else part
            parts.append(join_marks(part, marks if is_marked else None))
    if not parts:
        return join_marks(signals, None)
    return ibis.union(*parts) if len(parts) > 1 else parts[0]
