"""Receipts: what came of each import, in a chain in which no link can be changed unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from openxmo.core.signals.store.lake import Lake, commit_info, newest_version
from openxmo.core.signals.store.tables import RECEIPTS

BEGINNING = bytes(32)  # the `previous` of the first receipt
NO_BATCH = bytes(32)  # the `content` of a receipt that is not of a batch: a withdrawal, an erasure
RETENTION = "retention"  # what a receipt tells that counts signals which were past their time


Hash = bytes  # the name that `Receipt.bytes`, a count, leaves free


@dataclass(frozen=True)
class Receipt:
    """received = accepted + duplicates + conflicts + rejected, in signals; `rows` counts the file's rows.

    `reasons` counts the rejected by code. `previous` and `hash` are the chain. `rejects` and
    `lake_version` are of the moment, not of the chain.
    """

    receipt: str
    number: int
    source: str | None
    heard_at: datetime
    by: str
    what: str = "import"
    rows: int = 0
    received: int = 0
    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    withdrawn: int = 0
    note: str | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    bytes: int = 0
    content: Hash = b""
    previous: Hash = BEGINNING
    hash: Hash = b""
    rejects: Path | None = None
    lake_version: int = 0

    def adds_up(self) -> bool:
        return (
            self.received == self.accepted + self.duplicates + self.conflicts + self.rejected
            and sum(self.reasons.values()) == self.rejected
        )


LINKED = tuple(name for name in RECEIPTS.schema.names if name != "hash")


@dataclass(frozen=True)
class Head:
    """The end of the chain."""

    number: int = 0
    hash: bytes = BEGINNING
    receipt: str = ""


def plain(receipt: Receipt) -> dict[str, Any]:
    """The chained fields as JSON has them."""
    values = {name: getattr(receipt, name) for name in LINKED}
    values |= {name: values[name].hex() for name in ("content", "previous")}
    return values | {"heard_at": receipt.heard_at.astimezone(UTC).isoformat(), "reasons": dict(receipt.reasons)}


def link(receipt: Receipt, head: Head) -> Receipt:
    """The receipt as the next of the chain: numbered, with the hash before and its own."""
    linked = replace(receipt, number=head.number + 1, previous=head.hash)
    return replace(linked, hash=compute_hash(linked))


def compute_hash(receipt: Receipt) -> bytes:
    return hashlib.sha256(json.dumps(plain(receipt), sort_keys=True, separators=(",", ":")).encode()).digest()


def to_json(receipt: Receipt) -> str:
    return json.dumps(plain(receipt) | {"hash": receipt.hash.hex()})


def from_json(text: str) -> Receipt:
    values = json.loads(text)
    values |= {name: bytes.fromhex(values[name]) for name in ("content", "previous", "hash")}
    return Receipt(**values | {"heard_at": datetime.fromisoformat(values["heard_at"])})


def to_table(receipts: Iterable[Receipt]) -> pa.Table:
    rows = [
        {name: getattr(receipt, name) for name in RECEIPTS.schema.names} | {"reasons": list(receipt.reasons.items())}
        for receipt in receipts
    ]
    return pa.Table.from_pylist(rows, schema=RECEIPTS.schema)


def read_receipts(lake: Lake) -> list[Receipt]:
    """All receipts, in the order of the chain."""
    known = {item.name for item in fields(Receipt)}
    rows = [{key: value for key, value in row.items() if key in known} for row in lake.read(RECEIPTS).to_pylist()]
    receipts = [Receipt(**row | {"reasons": dict(row["reasons"] or ())}) for row in rows]
    return sorted(receipts, key=lambda receipt: receipt.number)


def find_receipt(lake: Lake, receipt: str) -> Receipt | None:
    return next((found for found in read_receipts(lake) if found.receipt == receipt), None)


def verify_chain(receipts: Iterable[Receipt]) -> list[str]:
    """What is wrong with the chain, a sentence for each break; nothing if it holds."""
    faults = []
    head = Head()
    for receipt in sorted(receipts, key=lambda one: one.number):
        if receipt.number != head.number + 1:
            faults.append(f"After receipt {head.number} comes {receipt.number}: one is missing or there twice.")
        elif receipt.previous != head.hash:
            faults.append(f"Receipt {receipt.number} does not follow from the one before.")
        if compute_hash(receipt) != receipt.hash:
            faults.append(f"Receipt {receipt.number} ({receipt.receipt}) was changed after it was written.")
        if not receipt.adds_up():
            faults.append(f"Receipt {receipt.number} ({receipt.receipt}) does not add up.")
        head = Head(receipt.number, receipt.hash, receipt.receipt)
    return faults


def add_receipt(lake: Lake, receipt: Receipt) -> None:
    """Puts the receipt into the table and the end of the chain into the commit."""
    head = json.dumps({"number": receipt.number, "hash": receipt.hash.hex(), "receipt": receipt.receipt})
    lake.append(RECEIPTS, to_table([receipt]), metadata={"head": head})


def read_head(lake: Lake) -> Head:
    """The end of the chain: from the newest commit if it says so, else from the table."""
    place = lake.place(RECEIPTS)
    newest = newest_version(place)
    if newest == 0:
        return Head()
    found = commit_info(place, newest).get("head")
    if found is not None:
        head = json.loads(found)
        return Head(head["number"], bytes.fromhex(head["hash"]), head["receipt"])
    receipts = read_receipts(lake)
    return Head(receipts[-1].number, receipts[-1].hash, receipts[-1].receipt) if receipts else Head()
