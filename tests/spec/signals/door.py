"""Small hands for the tests of the door: a lake, a row, a file, an import."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openxmo.core.signals.door.importing import import_files
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, read_receipts, verify_chain
from openxmo.core.signals.store.tables import SIGNALS, SUPERSEDED

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_lake(folder: Path) -> Lake:
    return Lake.create(Home.at(folder / "home"), at=AT)


def row(id_: object, **fields: Any) -> dict[str, Any]:
    """A good answer, with what the test wants otherwise; None leaves a field out."""
    base = {
        "id": str(id_),
        "source": "shop",
        "happened_at": "2026-01-31T09:00:00Z",
        "kind": "X",
        "name": "nps",
        "value": 9,
        "scale": "0..10",
        "subject": f"c{id_}",
        "subject_kind": "customer",
    }
    return {key: value for key, value in (base | fields).items() if value is not None}


def as_lines(rows: list[Any]) -> bytes:
    return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in rows)


def write(path: Path, rows: list[Any]) -> Path:
    data = as_lines(rows)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def take(lake: Lake, *files: Path, sources: dict[str, Source] | None = None, **options: Any) -> Receipt:
    """Imports the files and checks what must hold after every import."""
    options = {"source": None, "mapping": None, "by": "tester", "at": AT} | options
    receipt = import_files(lake, files, sources=sources or {}, **options)
    assert receipt.adds_up()
    assert verify_chain(read_receipts(lake)) == []
    assert list(lake.home.inbox.iterdir()) == []
    assert list(lake.home.staging.iterdir()) == []
    return receipt


def counts(receipt: Receipt) -> tuple[int, int, int, int, int]:
    """received, accepted, duplicates, conflicts, rejected."""
    return receipt.received, receipt.accepted, receipt.duplicates, receipt.conflicts, receipt.rejected


def stored(lake: Lake) -> list[dict[str, Any]]:
    """All signals in the lake in the order in which they were heard, superseded ones included."""
    return sorted(lake.read(SIGNALS).to_pylist(), key=lambda signal: signal["row"])


def standing(lake: Lake) -> dict[str, float]:
    """The value of each id that stands."""
    gone = set(lake.read(SUPERSEDED)["row"].to_pylist())
    found = [signal for signal in stored(lake) if signal["row"] not in gone]
    assert len({(signal["source"], signal["id"]) for signal in found}) == len(found), "a signal stands twice"
    return {signal["id"]: signal["value"] for signal in found}


def rejects(receipt: Receipt) -> list[dict[str, Any]]:
    assert receipt.rejects is not None
    return [json.loads(line) for line in receipt.rejects.read_bytes().splitlines()]
