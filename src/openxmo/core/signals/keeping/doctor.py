"""Is anything lost or broken? Each check says what it found in a sentence, and how to mend it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ibis
import pyarrow.parquet as pq

from openxmo.core.errors import UserError
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door.batches import list_inbox
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.keeping.compaction import list_files
from openxmo.core.signals.keeping.erasure import ERASURE
from openxmo.core.signals.store.fingerprints import Fingerprints
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import RETENTION, Receipt, read_head, read_receipts, verify_chain
from openxmo.core.signals.store.tables import ENRICHMENTS, MARKS, SIGNALS, SUPERSEDED, TABLES

RESTORE = "Restore a backup (`xmo restore`) and import again what came since."
FREE_BYTES = 1 << 30
FREE_SHARE = 0.05
WAITING = timedelta(days=1)
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    found: str
    mend: str = ""


@dataclass(frozen=True)
class Examination:
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    def to_document(self) -> dict[str, Any]:
        return {"ok": self.ok, "checks": [vars(check) for check in self.checks]}


@dataclass(frozen=True)
class Patient:
    lake: Lake
    receipts: list[Receipt]
    at: datetime


def examine(home: Home, *, at: datetime, progress: Progress = silent) -> Examination:
    """Looks at everything under the home and changes nothing. What rests on a broken part is not looked at."""
    checks = []
    for number, check in enumerate(look(home, at)):
        progress("examining", number, len(CHECKS) + 1)
        checks.append(check)
    return Examination(tuple(checks))


def look(home: Home, at: datetime) -> Iterator[Check]:
    try:
        lake = Lake.open(home)
        opened = {table.name: len(list_files(lake, table)) for table in TABLES}
        receipts = read_receipts(lake)
    except UserError as error:
        yield Check("lake", False, error.what, error.mend)
        return
    where = "" if lake.address is None else f", at {lake.address}"
    yield Check("lake", True, f"All {len(opened)} tables open, with {sum(opened.values()):,} files{where}.")
    patient = Patient(lake, receipts, at)
    whole = True
    for name, check in CHECKS.items():
        if not whole and name in READING:
            continue
        try:
            found = check(patient)
        except UserError as error:
            found = Check(name, False, error.what, error.mend)
        whole = whole and (found.ok or name != "files")
        yield found


def check_files(patient: Patient) -> Check:
    """Every file is there, as long as the log says, and holds as many rows."""
    faults = []
    for table in TABLES:
        for file in list_files(patient.lake, table):
            place = patient.lake.place(table)
            try:
                whole = place.size(file.path) == file.size
                whole = whole and pq.read_metadata(place.open(file.path)).num_rows == file.rows
            except (OSError, ValueError):
                whole = False
            if not whole:
                faults.append(f"{table.name}/{file.path}")
    if faults:
        return Check(
            "files", False, f"{len(faults)} files of the lake are missing or cut, {faults[0]} for one.", RESTORE
        )
    return Check("files", True, "Every file of the lake is there and whole.")


def check_chain(patient: Patient) -> Check:
    faults = verify_chain(patient.receipts)
    if faults:
        return Check("receipts", False, f"{len(faults)} faults in the receipts. {faults[0]}", RESTORE)
    return Check("receipts", True, f"The chain of {len(patient.receipts):,} receipts holds.")


def check_counts(patient: Patient) -> Check:
    """As many signals as were accepted, but for the erased and those past their time, and none there twice."""
    engine = open_duckdb(patient.lake)
    signals = engine.table(SIGNALS)
    held = engine.fetch(signals.group_by("receipt").agg(n=ibis._.count(), keys=ibis._.row.nunique())).to_pylist()
    accepted = {receipt.receipt: receipt.accepted for receipt in patient.receipts}
    erased = sum(receipt.rows for receipt in patient.receipts if receipt.what in (ERASURE, RETENTION))
    unknown = [line["receipt"] for line in held if line["receipt"] not in accepted]
    doubled = sum(line["n"] - line["keys"] for line in held)
    surplus = sum(max(0, line["n"] - accepted.get(line["receipt"], 0)) for line in held)
    missing = sum(accepted.values()) - erased - sum(line["n"] for line in held)
    if unknown or doubled or surplus or missing:
        found = (
            f"{abs(missing):,} signals {'too few' if missing >= 0 else 'too many'}, {doubled:,} there twice, "
            f"{len(unknown):,} receipts unknown."
        )
        return Check("counts", False, found, RESTORE)
    return Check("counts", True, f"The receipts account for each of {sum(line['n'] for line in held):,} signals.")


def check_references(patient: Patient) -> Check:
    """What is said about a signal is said about one that is there."""
    engine = open_duckdb(patient.lake)
    signals = engine.table(SIGNALS)
    lost = {
        table.name: engine.fetch(engine.table(table).anti_join(signals, "row").select("row").distinct()).num_rows
        for table in (SUPERSEDED, MARKS, ENRICHMENTS)
    }
    found = ", ".join(f"{count:,} in {name}" for name, count in lost.items() if count)
    if found:
        return Check("references", False, f"Lines refer to signals that are not there: {found}.", RESTORE)
    return Check("references", True, "Every mark, version and enrichment belongs to a signal.")


def check_inbox(patient: Patient) -> Check:
    waiting = list_inbox(patient.lake.home)
    oldest = min((batch.heard_at for batch in waiting), default=patient.at)
    if patient.at - oldest > WAITING:
        found = f"{len(waiting):,} batches wait in the inbox, the oldest since {oldest:%Y-%m-%d %H:%M}."
        return Check("inbox", False, found, "Start `xmo worker`, or run `xmo worker --drain`.")
    return Check("inbox", True, f"{len(waiting):,} batches wait." if waiting else "Nothing waits.")


def check_fingerprints(patient: Patient) -> Check:
    """The index of what the lake holds has as many entries as there are signals that may not come again."""
    home = patient.lake.home
    index = Fingerprints.load(home.fingerprints)
    behind = read_head(patient.lake).number - index.through
    if behind > 0 and any(receipt.number > index.through and receipt.accepted for receipt in patient.receipts):
        return Check("fingerprints", True, f"{behind:,} receipts behind; the next import catches up.")
    engine = open_duckdb(patient.lake)
    signals, superseded = engine.table(SIGNALS), engine.table(SUPERSEDED)
    withdrawn = superseded.filter(superseded.reason == "withdrawn")
    held = engine.fetch(signals.filter(signals.row.notin(withdrawn.row)).agg(n=ibis._.count()))["n"][0].as_py()
    entries = sum(segment.rows for segment in index.segments)
    if entries < held:
        mend = f"Delete the content of {home.fingerprints}; the next import makes it anew."
        return Check("fingerprints", False, f"{held - entries:,} signals are not in the index of what was heard.", mend)
    return Check("fingerprints", True, "The index of what was heard is in step.")


def check_rejects(patient: Patient) -> Check:
    files = sum(1 for path in patient.lake.home.rejects.iterdir() if path.suffix == ".ndjson")
    if files:
        found = f"{files:,} imports had rows that were not taken; they lie in {patient.lake.home.rejects} for a month."
        return Check("rejects", True, found)
    return Check("rejects", True, "No rejected rows are kept.")


def check_disk(patient: Patient) -> Check:
    usage = shutil.disk_usage(patient.lake.home.path)
    found = f"{usage.free / 1e9:,.1f} GB of {usage.total / 1e9:,.1f} GB are free."
    if usage.free < FREE_BYTES or usage.free < FREE_SHARE * usage.total:
        return Check("disk", False, found, "Make room: an import that finds none stores nothing.")
    return Check("disk", True, found)


def check_clock(patient: Patient) -> Check:
    newest = max((receipt.heard_at for receipt in patient.receipts), default=patient.at)
    if newest - patient.at > CLOCK_SLACK:
        found = f"The newest receipt is of {newest:%Y-%m-%d %H:%M} UTC, which is still to come."
        return Check("clock", False, found, "Set this computer's clock right.")
    return Check("clock", True, "The clock goes forward.")


CHECKS: dict[str, Callable[[Patient], Check]] = {
    "files": check_files,
    "receipts": check_chain,
    "counts": check_counts,
    "references": check_references,
    "inbox": check_inbox,
    "fingerprints": check_fingerprints,
    "rejects": check_rejects,
    "disk": check_disk,
    "clock": check_clock,
}
READING = frozenset({"counts", "references", "fingerprints"})  # of no use while files are broken
