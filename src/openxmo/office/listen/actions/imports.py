"""What comes in: imports, samples, marks and withdrawals, each with the right it takes and a line in the audit."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door import importing
from openxmo.core.signals.door.batches import purge_raw
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.keeping.compaction import keep_tidy
from openxmo.core.signals.keeping.marks import Mark, lift_marks, mark_signals
from openxmo.core.signals.keeping.withdrawal import withdraw as withdraw_import
from openxmo.core.signals.mapping import SignalMapping, load_mapping
from openxmo.core.signals.mapping.samples import Sample, find_sample
from openxmo.core.signals.store.receipts import Receipt, read_receipts
from openxmo.office.accounts.roles import Right
from openxmo.office.govern import queries
from openxmo.office.govern.queries import access_of, read_office
from openxmo.office.govern.session import Session
from openxmo.office.listen.permissions import check_withdraw


def import_files(
    session: Session,
    files: Sequence[Path],
    *,
    mapping: Path | None = None,
    source: str | None = None,
    check: bool = False,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Store the signals of files under one receipt; with `check`, say what would happen and change nothing."""
    session.require(Right.IMPORT_SIGNALS)
    return take_in(session, files, load_mapping(mapping) if mapping else None, source, check, progress)


def import_sample(
    session: Session, name: str, files: Sequence[Path], *, check: bool = False, progress: Progress = silent
) -> tuple[Sample, dict[str, Any]]:
    """Import a public data set from its files, by the mapping that ships for it."""
    session.require(Right.IMPORT_SIGNALS)
    sample = find_sample(name)
    return sample, take_in(session, files, load_mapping(sample.mapping), None, check, progress)


def take_in(
    session: Session,
    files: Sequence[Path],
    mapping: SignalMapping | None,
    source: str | None,
    check: bool,
    progress: Progress,
) -> dict[str, Any]:
    definitions = session.definitions
    store = importing.check_files if check else importing.import_files
    receipt = store(
        session.lake,
        files,
        source=source,
        mapping=mapping,
        sources=definitions.sources,
        by=session.viewer.name,
        at=session.clock(),
        progress=progress,
    )
    if not check:
        session.record("import", f"receipt:{receipt.receipt}")
        with writing(session.lake, what="tidying after an import", progress=progress):
            keep_tidy(session.lake, at=session.clock(), progress=progress)
    return describe(receipt)


def describe(receipt: Receipt) -> dict[str, Any]:
    """The receipt as the command and the API tell it."""
    return {
        "rows": receipt.rows,
        "received": receipt.received,
        "accepted": receipt.accepted,
        "duplicates": receipt.duplicates,
        "conflicts": receipt.conflicts,
        "rejected": receipt.rejected,
        "rejects": str(receipt.rejects) if receipt.rejects else None,
        "receipt": receipt.receipt,
        "lake_version": receipt.lake_version,
    }


def withdraw(session: Session, receipt: str, *, reason: str) -> dict[str, Any]:
    """Undo an import: its signals no longer count, and may be imported again."""
    session.require(Right.WITHDRAW_IMPORTS)
    if session.as_user is not None and session.viewer.units is not None:
        found = next((one for one in read_receipts(session.lake) if one.receipt == receipt), None)
        access = access_of(session.home, session.as_user, at=session.clock())
        check_withdraw(access, found.by if found else access.name)  # one that is not there is told so below
    done = withdraw_import(session.lake, receipt, reason=reason, by=session.viewer.name, at=session.clock())
    session.record("withdrawal", f"receipt:{receipt}", f"receipt:{done.receipt}")
    return {"withdrawn": done.withdrawn, "receipt": done.receipt, "lake_version": done.lake_version}


def mark(
    session: Session,
    *,
    source: str,
    ids: Sequence[str],
    mark: Mark,
    reason: str,
    confirmed_by: str | None = None,
    lift: bool = False,
) -> dict[str, Any]:
    """Mark signals, or lift such a mark; leaving one out takes a reason and a second person of this office."""
    session.require(Right.EXCLUDE_ANSWERS)
    if not reason.strip():
        raise WrongUsage(_("A mark is set for a reason."), mend=_("Say why; it is kept with the mark."))
    if confirmed_by is not None:
        queries.check_right(queries.access_of(session.home, confirmed_by, at=session.clock()), Right.EXCLUDE_ANSWERS)
    named = [(source, each) for each in ids]
    by, at = session.viewer.name, session.clock()
    if lift:
        count = lift_marks(session.lake, mark=mark, ids=named, by=by, at=at)
    else:
        count = mark_signals(session.lake, mark=mark, ids=named, reason=reason, by=by, confirmed_by=confirmed_by, at=at)
    session.record(f"{'lifted' if lift else 'marked'} {mark}", f"source:{source}")
    return {"signals": count, "mark": mark, "lake_version": session.lake.version}


def work(session: Session, *, progress: Progress = silent) -> dict[str, Any]:
    """Store what waits in the inbox, tidy the lake, delete raw files past their time."""
    session.require(Right.KEEP_SYSTEM)
    office, at = read_office(session.home), session.clock()
    receipts = importing.drain_inbox(
        session.lake, sources=session.definitions.sources, by=session.viewer.name, at=at, progress=progress
    )
    with writing(session.lake, what="xmo worker", progress=progress):
        tidied = keep_tidy(session.lake, at=at, progress=progress)
        purged = purge_raw(session.home, at=at, days=office.settings.retention.raw_days)
    return {
        "batches": len(receipts),
        "signals": sum(receipt.accepted for receipt in receipts),
        "receipts": [describe(receipt) for receipt in receipts],
        "compacted": tidied.partitions if tidied else 0,
        "purged": purged,
        "lake_version": session.lake.version,
    }
