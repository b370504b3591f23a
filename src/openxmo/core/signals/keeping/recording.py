"""The receipt of what was done to the lake other than an import: a withdrawal, an erasure, what is past its time."""

from datetime import datetime

from openxmo.core.signals.door.batches import new_receipt_id
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import NO_BATCH, Receipt, link, read_head


def draw_up(
    lake: Lake,
    *,
    what: str,
    source: str | None = None,
    rows: int = 0,
    withdrawn: int = 0,
    note: str | None = None,
    by: str,
    at: datetime,
) -> Receipt:
    """The next of the chain, not yet put into the table; of no batch."""
    drafted = Receipt(
        receipt=new_receipt_id(at),
        number=0,
        source=source,
        heard_at=at,
        by=by,
        what=what,
        rows=rows,
        withdrawn=withdrawn,
        note=note,
        content=NO_BATCH,
    )
    return link(drafted, read_head(lake))
