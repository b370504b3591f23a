"""The door: files and waiting batches into the lake, each with a receipt."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NotRequired, TypedDict, Unpack

from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door.batches import Batch, drop, list_inbox, move_to_raw, put_batch, put_files
from openxmo.core.signals.door.judging import Judge
from openxmo.core.signals.door.lines import BrokenFile
from openxmo.core.signals.door.lock import PATIENCE, no_writer, writing
from openxmo.core.signals.door.mapped_batches import put_mapped
from openxmo.core.signals.door.open_batches import close_orphans
from openxmo.core.signals.door.recovery import last_import
from openxmo.core.signals.door.rejects import Rejects
from openxmo.core.signals.door.scratch import scratch_home
from openxmo.core.signals.door.writer import BatchWriter
from openxmo.core.signals.mapping import SignalMapping
from openxmo.core.signals.mapping.rows import RowError
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, add_receipt, link, read_head

__all__ = ["check_files", "drain_inbox", "import_files", "put_batch"]


class Taking(TypedDict):
    """How files become a batch."""

    source: str | None  # of rows that name none
    mapping: SignalMapping | None  # reads files that are not in the contract's names
    zone: NotRequired[str | None]  # of times that carry none, where their source declares none
    by: str
    at: datetime
    progress: NotRequired[Progress]


class Sending(Taking):
    """How files are imported."""

    sources: Mapping[str, Source]  # the office's declarations
    timeout: NotRequired[float]  # seconds to wait for another writer


def import_files(lake: Lake, files: Sequence[Path], **how: Unpack[Sending]) -> Receipt:
    """Stores the signals of all `files` under one receipt and returns it once they are durably in the lake.

    A file that cannot be read raises UnreadableInput and changes nothing; a bad row is rejected and
    stops nothing.
    """
    refuse_unknown_zone(how)
    with writing(lake, what="xmo import", **patience(how)):
        batch = take_files(lake, files, how)
        with taken_back_on_failure(lake, batch):
            return store_batch(lake, batch, sources=how["sources"], progress=how.get("progress", silent))


def check_files(lake: Lake, files: Sequence[Path], **how: Unpack[Sending]) -> Receipt:
    """What `import_files` would say: the counts are true, the receipt's number is not given.

    Nothing under the home is written, so it may be one that can only be read. What a killed writer
    left unfinished is not finished either.
    """
    refuse_unknown_zone(how)
    with no_writer(lake, **patience(how)), scratch_home(lake.home) as home:
        beside = replace(lake, home=home)
        batch = take_files(beside, files, how)
        progress = how.get("progress", silent)
        with BatchWriter(beside, batch, sources=how["sources"], progress=progress) as writer:
            return replace(writer.judge().receipt, number=0, lake_version=lake.version)


def refuse_unknown_zone(how: Sending) -> None:
    """Before anything is copied, or waited for."""
    Judge(how["sources"], how["source"], how.get("zone"))


class Patience(TypedDict):
    timeout: float
    progress: Progress


def patience(how: Sending) -> Patience:
    return {"timeout": how.get("timeout", PATIENCE), "progress": how.get("progress", silent)}


def drain_inbox(
    lake: Lake,
    *,
    sources: Mapping[str, Source],
    by: str,
    at: datetime,
    timeout: float = PATIENCE,
    goes_on: Callable[[], bool] = lambda: True,
    progress: Progress = silent,
) -> list[Receipt]:
    """Stores every batch that waits, the oldest first, as long as it `goes_on`, and returns their receipts.

    A batch that cannot be read is not lost: it gets a receipt with one rejected row, reason
    `unreadable`, and its bytes are kept as raw batches are.
    """
    with writing(lake, what=f"xmo worker for {by}", timeout=timeout, progress=progress):
        receipts = []
        close_orphans(lake.home)
        waiting = list_inbox(lake.home)
        for done, batch in enumerate(waiting):
            if not goes_on():
                break
            progress("batches", done, len(waiting))
            try:
                receipts.append(store_batch(lake, batch, sources=sources, progress=progress))
            except BrokenFile as error:
                receipts.append(receipt_for_unreadable(lake, batch, error, at=at))
    return receipts


def take_files(lake: Lake, files: Sequence[Path], how: Taking) -> Batch:
    source, zone, by, at = how["source"], how.get("zone"), how["by"], how["at"]
    mapping = how["mapping"]
    if mapping is None:
        return put_files(lake.home, files, source=source, zone=zone, by=by, at=at)
    progress = how.get("progress", silent)
    return put_mapped(lake.home, files, mapping, source=source, zone=zone, by=by, at=at, progress=progress)


def store_batch(lake: Lake, batch: Batch, *, sources: Mapping[str, Source], progress: Progress) -> Receipt:
    with BatchWriter(lake, batch, sources=sources, progress=progress) as writer:
        return writer.store(writer.judge())


@contextmanager
def taken_back_on_failure(lake: Lake, batch: Batch) -> Iterator[None]:
    """Takes the batch out of the inbox if it fails before its commit: nobody was told that it was taken."""
    try:
        yield
    except BaseException:
        found = last_import(lake)
        committed = found is not None and f'"{batch.receipt}"' in found["receipt"]
        if not committed and read_head(lake).receipt != batch.receipt:
            drop(lake.home, batch)
        raise


def receipt_for_unreadable(lake: Lake, batch: Batch, error: BrokenFile, *, at: datetime) -> Receipt:
    path = lake.home.rejects / f"{batch.receipt}.ndjson"
    with Rejects(path) as rejects:
        rejects.add(file=batch.stored[0], line=0, error=RowError(None, "unreadable", str(error)), row=None)
    receipt = Receipt(
        receipt=batch.receipt,
        number=0,
        source=batch.source,
        heard_at=at,
        by=batch.by,
        rows=1,
        received=1,
        rejected=1,
        reasons={"unreadable": 1},
        bytes=batch.bytes,
        content=bytes(32),
    )
    receipt = link(receipt, read_head(lake))
    add_receipt(lake, receipt)
    move_to_raw(lake.home, batch.receipt)
    return replace(receipt, rejects=path, lake_version=lake.version)
