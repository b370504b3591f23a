"""What the tests of this room let be heard: answers of customers and employees, through the real door."""

import json
from datetime import UTC, datetime
from html import unescape
from re import DOTALL, search, sub
from typing import Any

from openxmo.core.metrics.metric import Dimension, Metric, Score
from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.door.importing import drain_inbox
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.govern.actions import put

HEARD_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
OCTOBER = "period=2026-10"
MOOD = Metric(
    key="mood",
    label="mood at work",
    signal="mood",
    score=Score(kind="mean"),
    unit="of 5",
    experience="employee",
    min_n=5,
)
STAFF_SITE = Dimension(key="staff_site", label="Site of the staff", column="site", employees=True)


def row(number: int, month: str = "2026-10", **columns: Any) -> dict[str, Any]:
    """One customer's satisfaction of 4; any column may be another."""
    return {
        "id": f"{month}-{number}",
        "source": "web",
        "happened_at": f"{month}-{1 + number % 28:02d}T10:00:00Z",
        "kind": "X",
        "name": "csat",
        "value": 4,
        "scale": "1..5",
        "unit": "north",
        "channel": "chat" if number % 2 else "phone",
        "response": f"r-{month}-{number}",
        "subject": f"customer-{number}",
        "subject_kind": "customer",
        **columns,
    }


def mood(number: int, month: str = "2026-10", **columns: Any) -> dict[str, Any]:
    """One employee's mood."""
    said: dict[str, Any] = {
        "name": "mood",
        "value": 2 + number % 3,
        "subject": f"emp-{number}",
        "subject_kind": "employee",
    }
    return row(
        number,
        month,
        **{"channel": None, "id": f"mood-{month}-{number}", "response": f"m-{month}-{number}"} | said | columns,
    )


def hear(home: Home, *rows: dict[str, Any]) -> None:
    """Store these rows as an import does."""
    lines = [json.dumps({name: value for name, value in each.items() if value is not None}) for each in rows]
    put_batch(home, [line.encode() + b"\n" for line in lines], source=None, by="test", at=HEARD_AT)
    receipts = drain_inbox(Lake.open(home), sources={}, by="test", at=HEARD_AT)
    assert sum(receipt.rejected for receipt in receipts) == 0


def ask_employees(home: Home) -> None:
    """The office measures mood, and may cut it by site."""
    put(home, MOOD, STAFF_SITE, by="operator", at=HEARD_AT)


def words_of(response: Any) -> str:
    """What a person reads on the page itself, without its frame, forms and drawings."""
    whole = response.content.decode()
    main = search(r"<main.*?</main>", whole, DOTALL)
    text = sub(r"<(script|form|svg|noscript).*?</\1>", " ", main[0] if main else whole, flags=DOTALL)
    return sub(r"\s+", " ", unescape(sub(r"<[^>]+>", " ", text)))


def answer_of(response: Any) -> str:
    """The sentence under the page's question."""
    found = search(r'<p class="answer"[^>]*>(.*?)</p>', response.content.decode(), DOTALL)
    assert found is not None
    return sub(r"\s+", " ", unescape(sub(r"<[^>]+>", " ", found[1]))).strip()
