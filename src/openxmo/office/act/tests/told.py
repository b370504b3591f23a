"""What the tests of this room let people say: answers that come through the real door, and cases opened by them."""

import json
from datetime import UTC, datetime
from typing import Any

from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.door.importing import drain_inbox
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.act.models import Case
from openxmo.office.act.opening import open_cases

MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)  # a Monday at ten
NORTH = {"unit": "north", "team": "x", "channel": "phone", "reason": "activation", "product": "hub"}


def answer(response: str, *, at: datetime = MONDAY, **columns: Any) -> list[dict[str, Any]]:
    """One customer's answer: `csat`, `words`, `agreed` (yes or no), `subject`; further columns on every row."""
    said: dict[str, Any] = {
        "csat": 1,
        "words": "Nobody called me back.",
        "agreed": "yes",
        "subject": f"customer-{response}",
    }
    said |= columns
    csat, words, agreed = said.pop("csat"), said.pop("words"), said.pop("agreed")
    common = NORTH | {"source": "surveys", "happened_at": at.isoformat(), "response": response, "kind": "X"}
    said = {"subject_kind": "customer"} | said
    common |= {name: value for name, value in said.items() if value is not None}
    rows = []
    if csat is not None:
        rows.append(common | {"id": f"{response}:csat", "name": "csat", "value": csat, "scale": "1..5"})
    if words:
        rows.append(common | {"id": f"{response}:comment", "name": "comment", "text": words, "language": "en"})
    if agreed:
        consent = {"id": f"{response}:consent", "name": "consent", "kind": "O", "item": "may-contact", "label": agreed}
        rows.append(common | consent)
    return rows


def hear(home: Home, *rows: dict[str, Any], at: datetime = MONDAY) -> None:
    """Put rows into the inbox and store what waits there, as the worker does."""
    put_batch(home, [json.dumps(row).encode() + b"\n" for row in rows], source=None, by="test", at=at)
    receipts = drain_inbox(Lake.open(home), sources={}, by="test", at=at)
    assert sum(receipt.rejected for receipt in receipts) == 0


def open_case(home: Home, response: str = "r1", *, at: datetime = MONDAY, **columns: Any) -> Case:
    """A case that a bad answer opened at that moment."""
    hear(home, *answer(response, at=at, **columns), at=at)
    (case,) = open_cases(home, at=at)
    return case
