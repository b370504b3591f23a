"""The way of one batch from the inbox into the lake. The caller holds the lock, over a lake that is whole."""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from deltalake.transaction import AddAction

from openxmo.core.privacy.redaction import RULES_VERSION
from openxmo.core.progress import Progress
from openxmo.core.signals.door.batches import ORIGINS_FILE, UNMAPPED_FILE, Batch, content_of, move_to_raw
from openxmo.core.signals.door.catching_up import NUMBER_BITS, PURPOSE, describe_new, load_fingerprints
from openxmo.core.signals.door.erased_rows import ERASED, Span, rewrite_without, sift
from openxmo.core.signals.door.judging import Judge
from openxmo.core.signals.door.recovery import commit_metadata, finish_import
from openxmo.core.signals.door.rejects import Rejects
from openxmo.core.signals.door.rowfiles import Judged, judge_file
from openxmo.core.signals.door.staging import Staging
from openxmo.core.signals.door.storing import Stored, name_month, store_rows
from openxmo.core.signals.door.verdicts import CONFLICT, DUPLICATE, NEW, Replaced, Verdicts, judge_repeats
from openxmo.core.signals.mapping.rows import RowError
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.durable import cannot_write, move
from openxmo.core.signals.store.lake import Lake, newest_version
from openxmo.core.signals.store.parquet import take_back
from openxmo.core.signals.store.receipts import Head, Receipt, add_receipt, link, read_head, read_receipts
from openxmo.core.signals.store.tables import SIGNALS, SUPERSEDED
from openxmo.core.signals.store.tombstones import Tombstones
from openxmo.core.signals.store.tombstones import load as load_tombstones

CONFLICTING = RowError(
    "id",
    "conflict",
    "This source sent another row with this id before; declare that it `amends` to let the newer stand.",
)


Origins = npt.NDArray[np.int32]


@dataclass
class Reading:
    """What reading a batch found: rows of its files, and the lines of erased people by file."""

    rows: int = 0
    erased: dict[Path, list[Span]] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """A batch judged and not yet stored."""

    reading: Reading
    verdicts: Verdicts
    receipt: Receipt  # with its counts, not yet linked


class BatchWriter:
    """Judges and stores one batch. Use as a context: what it staged is gone afterwards."""

    def __init__(self, lake: Lake, batch: Batch, *, sources: Mapping[str, Source], progress: Progress) -> None:
        self.lake = lake
        self.batch = batch
        self.sources = sources
        self.progress = progress
        self.folder = batch.folder(lake.home)
        self.work = lake.home.staging / batch.receipt
        self.head: Head = read_head(lake)
        self.base = (self.head.number + 1) << NUMBER_BITS
        self.staging = Staging(self.work, lake.key(PURPOSE))
        self.rejects = Rejects(self.work / "rejects")
        self.tombstones: Tombstones = load_tombstones(lake)

    def __enter__(self) -> "BatchWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.staging.close()
        self.rejects.close()
        shutil.rmtree(self.work, ignore_errors=True)

    def judge(self) -> Judgement:
        """Reads every row and decides what becomes of it; changes nothing but the staging folder."""
        reading = self._read()
        self.staging.close()
        self.fingerprints = load_fingerprints(self.lake, number=self.head.number, progress=self.progress)
        verdicts = judge_repeats(self.staging, self.fingerprints, base=self.base, amends=self._amends)
        rejected = self.rejects.count
        reasons = dict(self.rejects.reasons)
        self._reject_conflicts(verdicts)
        self.rejects.close()
        receipt = Receipt(
            receipt=self.batch.receipt,
            number=self.head.number + 1,
            source=self.batch.source or (next(iter(self.staging.sources)) if len(self.staging.sources) == 1 else None),
            heard_at=self.batch.heard_at,
            by=self.batch.by,
            rows=self.batch.mapped_rows if self.batch.mapped_rows is not None else reading.rows,
            received=self.staging.rows + rejected,
            accepted=verdicts.count(NEW),
            duplicates=verdicts.count(DUPLICATE),
            conflicts=verdicts.count(CONFLICT),
            rejected=rejected,
            reasons=reasons,
            bytes=self.batch.bytes,
            content=hashlib.blake2b(
                bytes.fromhex(content_of(self.lake.home, self.batch)), key=self.lake.key("batches"), digest_size=32
            ).digest(),
        )
        return Judgement(reading, verdicts, receipt)

    def _amends(self, source: str) -> bool:
        declared = self.sources.get(source)
        return declared is not None and declared.amends

    def _read(self) -> Reading:
        reading = Reading()
        judge = Judge(self.sources, self.batch.source, self.batch.zone)
        origins = self._origins()
        for number, name in enumerate(self.batch.stored):
            path = self.folder / name
            shown = Path(self.batch.files[number]) if self.batch.files[number] else path
            for judged in judge_file(path, judge, shown=shown):
                if self.tombstones:
                    judged, erased = sift(judged, self.tombstones)
                    reading.erased.setdefault(path, []).extend(erased)
                self._take(judged, number, origins)
                reading.rows += len(judged.drafts) + len(judged.faults)
                self.progress("reading", reading.rows, None)
                del judged  # so that the next rows are made where these lie, in the processor's nearer cache
        reading.erased[self.folder / UNMAPPED_FILE] = self._take_unmapped()
        return reading

    def _take(self, judged: Judged, file: int, origins: Origins | None) -> None:
        """Stages the good rows and rejects the others, with the line they came from."""
        self.staging.add(judged.drafts, file, judged.firsts())
        for fault in judged.faults:
            of, line = (file, fault.first) if origins is None else origins[fault.first - 1].tolist()
            self.rejects.add(file=self._name(of), line=line, error=fault.error, row=fault.row)

    def _name(self, file: int) -> str:
        return self.batch.files[file]

    def _origins(self) -> Origins | None:
        """Of a mapped batch: the file and line that each of its lines came from."""
        path = self.folder / ORIGINS_FILE
        return np.fromfile(path, np.int32).reshape(-1, 2) if path.exists() else None

    def _take_unmapped(self) -> list[Span]:
        """Rejects the rows that the mapping made nothing of; returns the lines of those about erased people."""
        path = self.folder / UNMAPPED_FILE
        erased: list[Span] = []
        if not path.exists():
            return erased
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                entry = msgspec.json.decode(line)
                error, row = RowError(entry["field"], entry["reason"], entry["sentence"]), entry["row"]
                if self.tombstones and self.tombstones.match_row(row):
                    erased.append((number, number))
                    error, row = ERASED, None
                self.rejects.add(file=entry["file"], line=entry["line"], error=error, row=row)
        return erased

    def _reject_conflicts(self, verdicts: Verdicts) -> None:
        places = np.flatnonzero(verdicts.of == CONFLICT)
        if not places.size:
            return
        origins = self._origins()
        for place, row in zip(places.tolist(), self.staging.lines_at(places), strict=True):
            file, line = self.staging.origins()[place].tolist()
            if origins is not None:
                file, line = origins[line - 1].tolist()
            self.rejects.add(file=self._name(file), line=line, error=CONFLICTING, row=msgspec.json.decode(row))

    def store(self, judgement: Judgement) -> Receipt:
        """Commits the new signals and the receipt together; from then on the rest is only a matter of time."""
        stored = store_rows(
            self.lake,
            self.staging,
            judgement.verdicts,
            receipt=self.batch.receipt,
            base=self.base,
            heard_at=self.batch.heard_at,
            progress=self.progress,
        )
        receipt = link(judgement.receipt, self.head)
        try:
            superseded = self._write_superseded(judgement.verdicts, stored)
            rejects = self._keep_rejects()
            for path, spans in judgement.reading.erased.items():
                if spans:
                    rewrite_without(path, spans)
        except BaseException:
            take_back(self.lake.place(SIGNALS), stored.files)
            raise
        if stored.files:
            metadata = commit_metadata(receipt, superseded, redaction=RULES_VERSION)
            self.lake.commit(SIGNALS, stored.files, metadata=metadata)
            finish_import(self.lake, receipt, [vars(action) for action in superseded])
        else:
            add_receipt(self.lake, receipt)
            move_to_raw(self.lake.home, receipt.receipt)
        self._remember(judgement.verdicts, stored, receipt)
        return replace(receipt, rejects=rejects, lake_version=self.lake.version)

    def _write_superseded(self, verdicts: Verdicts, stored: Stored) -> list[AddAction]:
        if not verdicts.replaced:
            return []
        receipts = self._receipts_of(verdicts.replaced)
        rows = [
            {
                "row": one.row,
                "month": name_month(one.month if one.month >= 0 else int(stored.months[one.row - self.base])),
                "reason": "amended",
                "superseded_at": self.batch.heard_at,
                "superseded_by": receipts[one.by_row >> NUMBER_BITS],
            }
            for one in verdicts.replaced
        ]
        return self.lake.write(SUPERSEDED, [pa.Table.from_pylist(rows, schema=SUPERSEDED.schema)])

    def _receipts_of(self, replaced: list[Replaced]) -> dict[int, str]:
        """The receipts that brought the newer versions: nearly always only this one."""
        own = {self.head.number + 1: self.batch.receipt}
        if all(one.by_row >> NUMBER_BITS in own for one in replaced):
            return own
        return {receipt.number: receipt.receipt for receipt in read_receipts(self.lake)} | own

    def _keep_rejects(self) -> Path | None:
        if not self.rejects.path.exists():
            return None
        kept = self.lake.home.rejects / f"{self.batch.receipt}.ndjson"
        try:
            move(self.rejects.path, kept)
        except OSError as error:
            raise cannot_write(kept, error) from error
        return kept

    def _remember(self, verdicts: Verdicts, stored: Stored, receipt: Receipt) -> None:
        self.fingerprints.withdrawals = newest_version(self.lake.place(SUPERSEDED))
        self.fingerprints.add(
            describe_new(self.staging, verdicts, stored, base=self.base),
            verdicts.count(NEW),
            through=receipt.number,
        )
