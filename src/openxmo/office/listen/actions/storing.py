"""An import carried out by the worker: told how far it is, stopped on wish, gone on with after a kill."""

import time
from datetime import datetime, timedelta

from django.utils import timezone

from openxmo.core.errors import UserError
from openxmo.core.signals.door.batches import Batch, read_batch
from openxmo.core.signals.door.importing import store_batch, take_files, taken_back_on_failure
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.keeping.compaction import keep_tidy
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, find_receipt
from openxmo.office.accounts import audit
from openxmo.office.govern.lakes import open_lake
from openxmo.office.govern.queries import definitions
from openxmo.office.listen.actions.imports import describe
from openxmo.office.listen.actions.uploads import describe_file, drop_upload, mapping_of
from openxmo.office.listen.models import FileImport
from openxmo.office.listen.states import ImportState

TOLD_EVERY = 0.5  # seconds
SILENT = timedelta(minutes=2)  # of a running import, after which its worker counts as dead


class Stopped(Exception):
    """Somebody asked this import to stop."""


class Telling:
    """Writes how far an import is into its row, not too often, and ends it where somebody wants that."""

    def __init__(self, key: int) -> None:
        self.key = key
        self.told_at = 0.0

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if time.monotonic() - self.told_at < TOLD_EVERY:
            return
        self.told_at = time.monotonic()
        rows = FileImport.objects.filter(pk=self.key)
        rows.update(step=step[:60], done=done, total=total, touched_at=timezone.now())
        if rows.filter(stop=True).exists():
            raise Stopped


def carry_out(home: Home, key: int, *, at: datetime) -> FileImport | None:
    """Store the file of this import; None where another worker has it, or it is no longer wanted.

    An import whose worker was killed is gone on with: a batch that was put into the inbox before is
    stored (or was stored, then its receipt tells), so nothing counts twice.
    """
    record = claim(key, at=at)
    if record is None:
        return None
    telling = Telling(key)
    try:
        receipt = store(home, record, telling, at=at)
    except Stopped:
        return finish(record, ImportState.STOPPED, at=at)
    except UserError as error:
        return finish(record, ImportState.FAILED, at=at, fault=str(error))
    except Exception:
        finish(record, ImportState.FAILED, at=at, fault="An unexpected fault; the server's log says which.")
        raise
    audit.record("import", by=record.made_by, at=at, on=[f"receipt:{receipt.receipt}", f"import:{record.pk}"])
    record.result = {name: value for name, value in describe(receipt).items() if name != "rejects"}
    drop_upload(home, record)
    return finish(record, ImportState.DONE, at=at)


def claim(key: int, *, at: datetime) -> FileImport | None:
    """Take the import over, where it waits or its worker fell silent."""
    waiting = FileImport.objects.filter(pk=key, state=ImportState.WAITING)
    left = FileImport.objects.filter(pk=key, state=ImportState.RUNNING, touched_at__lt=at - SILENT)
    for rows in (waiting, left):
        if rows.update(state=ImportState.RUNNING, started_at=at, touched_at=at):
            return FileImport.objects.get(pk=key)
    return None


def store(home: Home, record: FileImport, telling: Telling, *, at: datetime) -> Receipt:
    lake = open_lake(home)
    sources = definitions(home).sources
    with writing(lake, what="an import from the browser", progress=telling):
        record.refresh_from_db(fields=["batch"])  # another worker may have stored it while this one waited
        done = find_receipt(lake, record.batch) if record.batch else None
        if done is None:
            batch = waiting_batch(home, record.batch) or put(lake, record, telling, at=at)
            with taken_back_on_failure(lake, batch):
                done = store_batch(lake, batch, sources=sources, progress=telling)
        keep_tidy(lake, at=at, progress=lambda *_: None)
    return done


def waiting_batch(home: Home, receipt: str) -> Batch | None:
    folder = home.inbox / receipt
    return read_batch(folder) if receipt and folder.exists() else None


def put(lake: Lake, record: FileImport, telling: Telling, *, at: datetime) -> Batch:
    described = describe_file(lake.home, record)
    batch = take_files(
        lake,
        [described.path],
        {
            "source": record.source,
            "mapping": mapping_of(lake.home, described),
            "zone": described.plan.zone,
            "by": record.made_by,
            "at": at,
            "progress": telling,
        },
    )
    FileImport.objects.filter(pk=record.pk).update(batch=batch.receipt)
    record.batch = batch.receipt
    return batch


def finish(record: FileImport, state: ImportState, *, at: datetime, fault: str = "") -> FileImport:
    record.state, record.fault, record.finished_at, record.stop = state, fault, at, False
    if state is not ImportState.DONE:
        record.batch = ""
    record.save(update_fields=["state", "fault", "finished_at", "stop", "batch", "result"])
    return record


def left_over(*, at: datetime) -> list[int]:
    """Imports of which no worker has told for two minutes: to be handed to one again."""
    return list(
        FileImport.objects.filter(state=ImportState.RUNNING, touched_at__lt=at - SILENT).values_list("pk", flat=True)
    )
