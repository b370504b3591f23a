"""Undoing a wrong import: its signals are superseded as withdrawn, and what they had replaced stands again.

The withdrawal is one commit on the superseded table, with its receipt in it. The signals stay
where they are, so that `known_at` still tells what the office believed before.
"""

from dataclasses import replace
from datetime import datetime

import ibis
import numpy as np
import pyarrow as pa

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.core.signals.engines.standing import STANDS_AGAIN, superseded_rows
from openxmo.core.signals.keeping.recording import draw_up
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, add_receipt, find_receipt, to_json
from openxmo.core.signals.store.tables import SIGNALS, SUPERSEDED, TIMESTAMP

WITHDRAWN = "withdrawn"
WITHDRAWAL = "withdrawal"


def withdraw(lake: Lake, receipt: str, *, reason: str, by: str, at: datetime) -> Receipt:
    """Withdraws all signals of an import and returns the receipt of the withdrawal.

    They may be imported again. Where one of them had replaced an older version, the newest
    version that is not withdrawn stands again.
    """
    if not reason.strip():
        raise WrongUsage("An import is withdrawn for a reason.", mend="Say what was wrong with it.")
    with writing(lake, what="withdrawing an import"):
        engine = open_duckdb(lake)
        target = check_withdrawable(lake, engine, receipt)
        gone = engine.fetch(rows_of(engine, receipt))
        linked = draw_up(
            lake,
            what=WITHDRAWAL,
            source=target.source,
            withdrawn=gone.num_rows,
            note=f"{receipt}: {reason}",
            by=by,
            at=at,
        )
        again = engine.fetch(rows_that_stand_again(engine, receipt))
        again = again.take(pa.array(np.repeat(np.arange(again.num_rows), again["depth"].to_numpy())))
        lines = pa.concat_tables([describe(gone, WITHDRAWN, linked), describe(again, STANDS_AGAIN, linked)])
        lake.append(SUPERSEDED, lines, metadata={"receipt": to_json(linked)})
        add_receipt(lake, linked)
        return replace(linked, lake_version=lake.version)


def check_withdrawable(lake: Lake, engine: Engine, receipt: str) -> Receipt:
    target = find_receipt(lake, receipt)
    if target is None:
        raise WrongUsage(f"There is no receipt {receipt!r}.", mend="`xmo import` prints the receipt of each import.")
    if target.what != "import":
        raise WrongUsage(
            f"Receipt {receipt!r} is of {target.what}, not of an import.", mend="Name an import's receipt."
        )
    signals, superseded = engine.table(SIGNALS), engine.table(SUPERSEDED)
    before = superseded.filter(superseded.reason == WITHDRAWN).semi_join(
        signals.filter(signals.receipt == receipt), "row"
    )
    if engine.fetch(before.select("row").limit(1)).num_rows:
        raise WrongUsage(f"Receipt {receipt!r} was withdrawn before.", mend="Import its file again if that was wrong.")
    return target


def rows_of(engine: Engine, receipt: str) -> ibis.Table:
    signals = engine.table(SIGNALS)
    return signals.filter(signals.receipt == receipt).select("row", "month")


def rows_that_stand_again(engine: Engine, receipt: str) -> ibis.Table:
    """The rows that are superseded now and will be the newest version once the import is withdrawn.

    `depth` says how many lines hold each of them down.
    """
    signals, superseded = engine.table(SIGNALS), engine.table(SUPERSEDED)
    involved = signals.filter(signals.receipt == receipt).select("source", "id").distinct()
    columns = ("row", "month", "source", "id", "revision", "receipt")
    versions = signals.select(*columns).semi_join(involved, ["source", "id"])
    withdrawn = superseded.filter(superseded.reason == WITHDRAWN)
    left = versions.filter(versions.receipt != receipt, versions.row.notin(withdrawn.row))
    together = ibis.window(group_by=["source", "id"])
    ordered = left.mutate(order=ibis.ifelse(left.revision.isnull().any().over(together), 0.0, left.revision))
    newest_first = ibis.window(group_by=["source", "id"], order_by=[ordered.order.desc(), ordered.row.desc()])
    newest = ordered.mutate(place=ibis.row_number().over(newest_first)).filter(ibis._.place == 0)
    return newest.inner_join(superseded_rows(superseded), "row").select("row", "month", "depth")


def describe(rows: pa.Table, reason: str, receipt: Receipt) -> pa.Table:
    """Lines of the superseded table for these rows (`row`, `month`)."""
    count = rows.num_rows
    return pa.table(
        {
            "row": rows["row"],
            "month": rows["month"],
            "reason": pa.repeat(pa.scalar(reason), count),
            "superseded_at": pa.repeat(pa.scalar(receipt.heard_at, TIMESTAMP), count),
            "superseded_by": pa.repeat(pa.scalar(receipt.receipt), count),
        },
        schema=SUPERSEDED.schema,
    )
