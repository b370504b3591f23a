"""Batches: durable, named, kept for a while."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.door.batches import list_inbox, new_receipt_id, purge_raw, put_batch
from openxmo.core.signals.door.importing import drain_inbox
from tests.spec.signals.door import AT, as_lines, make_lake, row, stored


def test_an_acknowledged_batch_says_how_many_bytes_came_and_their_hash(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    data = as_lines([row(1)])
    batch = put_batch(lake.home, [data[:10], data[10:]], source="shop", by="api", at=AT)
    assert (batch.bytes, batch.content) == (len(data), hashlib.sha256(data).hexdigest())
    assert list_inbox(lake.home) == [batch]
    assert (lake.home.inbox / batch.receipt / "signals.ndjson").read_bytes() == data


def test_a_batch_that_breaks_off_is_not_there(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)

    def chunks() -> Iterator[bytes]:
        yield b"{"
        raise ConnectionError

    with pytest.raises(UnreadableInput):
        put_batch(lake.home, chunks(), source=None, by="api", at=AT)
    assert list(lake.home.inbox.iterdir()) == []


def test_what_an_earlier_version_acknowledged_is_stored(tmp_path: Path) -> None:
    """A closed batch told the hash of its bytes; a batch that was open told who sent, and no more."""
    lake = make_lake(tmp_path)
    about: dict[str, Any] = {"receipt": "20260301T120000000000-00000000aa", "by": "key:till", "zone": None}
    about["heard_at"] = AT.isoformat()
    told = {"files": [""], "stored": ["signals.ndjson"], "mapped_rows": None, "source": "till"}
    data = as_lines([row(1, source=None)])
    closed, opened = lake.home.inbox / about["receipt"], lake.home.inbox / f".open-{about['receipt'][:-1]}b"
    for folder in (closed, opened):
        folder.mkdir()
    (closed / "signals.ndjson").write_bytes(data)
    hashed = {"bytes": len(data), "content": hashlib.sha256(data).hexdigest()}
    (closed / "batch.json").write_text(json.dumps(about | told | hashed))
    (opened / "signals.ndjson").write_bytes(as_lines([row(2)]) + b'{"id": "never acknow')
    (opened / "about.json").write_text(json.dumps(about | {"receipt": opened.name[6:], "source": None}))
    receipts = drain_inbox(lake, sources={}, by="worker", at=AT)
    assert [(one.receipt, one.source, one.accepted) for one in receipts] == [
        (closed.name, "till", 1),
        (opened.name[6:], "shop", 1),
    ]


def test_batches_wait_in_the_order_of_their_time() -> None:
    ids = [new_receipt_id(AT + timedelta(microseconds=number)) for number in range(50)]
    assert ids == sorted(ids)
    assert len({new_receipt_id(AT) for _ in range(50)}) == 50


def test_raw_batches_and_rejects_are_kept_for_30_days(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    for days in (0, 1):
        put_batch(lake.home, [as_lines([row(days), b"no row"])], source=None, by="api", at=AT + timedelta(days=days))
    drain_inbox(lake, sources={}, by="worker", at=AT)
    assert purge_raw(lake.home, at=AT + timedelta(days=30)) == 0
    assert purge_raw(lake.home, at=AT + timedelta(days=30, seconds=1)) == 2
    assert len(list(lake.home.raw.iterdir())) == len(list(lake.home.rejects.iterdir())) == 1
    assert purge_raw(lake.home, at=AT + timedelta(days=3), days=1) == 2
    assert len(stored(lake)) == 2
