"""What came in, and did we lose any? Receipts that add up, and the rows that were not taken."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from openxmo.core.privacy.redaction import redact
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, read_receipts
from openxmo.office.accounts.access import Access
from openxmo.office.listen.visibility import sees_row
from openxmo.office.listen.words import rejected_in_words

IMPORT, WITHDRAWAL = "import", "withdrawal"
SHOWN_REJECTS = 50
SHOWN_LETTERS = 400


@dataclass(frozen=True)
class ImportRow:
    """One import; `withdrawn_by` is the receipt that undid it."""

    receipt: Receipt
    withdrawn_by: Receipt | None

    @property
    def adds_up(self) -> bool:
        return self.receipt.adds_up()

    @property
    def is_answers(self) -> bool:
        """A single answer of a survey: many of them stand together in one line."""
        return self.receipt.by == "respondent"


@dataclass(frozen=True)
class Reconciliation:
    """All imports together: received = accepted + duplicates + conflicts + rejected."""

    received: int
    accepted: int
    duplicates: int
    conflicts: int
    rejected: int
    wrong: tuple[str, ...]

    @property
    def lost(self) -> int:
        return self.received - self.accepted - self.duplicates - self.conflicts - self.rejected


def import_rows(home: Home) -> list[ImportRow]:
    """All imports, the newest first."""
    receipts = read_receipts(Lake.open(home))
    undone = {(one.note or "").partition(":")[0]: one for one in receipts if one.what == WITHDRAWAL}
    rows = [ImportRow(one, undone.get(one.receipt)) for one in receipts if one.what == IMPORT]
    return rows[::-1]


def reconcile(rows: list[ImportRow]) -> Reconciliation:
    names = ("received", "accepted", "duplicates", "conflicts", "rejected")
    sums = {name: sum(getattr(row.receipt, name) for row in rows) for name in names}
    return Reconciliation(**sums, wrong=tuple(row.receipt.receipt for row in rows if not row.adds_up))


def find_import(home: Home, key: str) -> ImportRow | None:
    return next((row for row in import_rows(home) if row.receipt.receipt == key), None)


@dataclass(frozen=True)
class Reject:
    """A row that was not taken: where it stood, why, and what it held, without what identifies people."""

    file: str
    line: int
    why: str
    sentence: str
    row: str


def find_rejects(home: Home, receipt: Receipt, access: Access, *, most: int = SHOWN_REJECTS) -> list[Reject]:
    """The first rejects in sight; nothing where their file is deleted, which happens after thirty days."""
    return list(islice(read_rejects(home, receipt, access), most))


def read_rejects(home: Home, receipt: Receipt, access: Access) -> Iterator[Reject]:
    """The rows that this person may see: all, or those of their units and what they sent themselves."""
    path = home.rejects / f"{receipt.receipt}.ndjson"
    if not path.is_file():
        return
    with path.open("rb") as file:
        for line in file:
            entry = json.loads(line)
            if not sees_row(access, entry.get("row"), sent_by=receipt.by):
                continue
            yield Reject(
                file=str(entry.get("file", "")).rpartition("/")[2],
                line=entry.get("line", 0),
                why=rejected_in_words(entry.get("reason", "")),
                sentence=redact(entry.get("sentence") or ""),
                row=shown(entry.get("row")),
            )


def shown(row: Any) -> str:
    if row is None:
        return ""
    text = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)
    return redact(text)[:SHOWN_LETTERS]
