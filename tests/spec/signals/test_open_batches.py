"""Small posts that share a batch: durable one by one, stored together, and safe from whoever dies."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.door import open_batches
from openxmo.core.signals.door.batches import list_inbox
from openxmo.core.signals.door.importing import drain_inbox
from openxmo.core.signals.door.lines import BOM
from openxmo.core.signals.door.open_batches import OPEN, Posts, close_orphans, wait_until_closed
from openxmo.core.signals.keeping.backup import backup, restore
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from tests.spec.signals.door import AT, as_lines, make_lake, row, stored

KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from openxmo.core.signals.door.open_batches import Posts
from openxmo.core.signals.store.home import Home
posts = Posts(Home.at(Path(sys.argv[1])))
for body in sys.stdin.buffer.read().splitlines():
    print(posts.take(body, source="shop", by="api", at=datetime(2026, 3, 1, tzinfo=UTC)).receipt, flush=True)
os.write(next(iter(posts.batches.values())).handle, b'{"id": "never acknow')
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_posts_of_many_threads_share_batches_and_each_knows_its_own_bytes(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    posts = Posts(lake.home)
    bodies = {number: as_lines([row(number)]) for number in range(60)}
    taken = {}

    def send(number: int) -> None:
        taken[number] = posts.take(bodies[number], source=None, by="api", at=AT)

    threads = [threading.Thread(target=send, args=(number,)) for number in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    posts.close()
    assert {number: one.content for number, one in taken.items()} == {
        number: hashlib.sha256(body).hexdigest() for number, body in bodies.items()
    }
    assert {one.receipt for one in taken.values()} == {batch.receipt for batch in list_inbox(lake.home)}
    assert len(list_inbox(lake.home)) < 10
    receipts = drain_inbox(lake, sources={}, by="worker", at=AT)
    assert sum(receipt.accepted for receipt in receipts) == 60
    assert len({signal["id"] for signal in stored(lake)}) == 60


def test_bodies_of_many_rows_come_out_of_a_shared_batch_as_they_went_in(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    posts = Posts(lake.home)
    bodies = [as_lines([row(f"{number}-{place}") for place in range(300)]) for number in range(4)]
    bodies = [BOM + bodies[0], BOM + bodies[1], bodies[2].rstrip(b"\n"), bodies[3]]
    with posts.lock:  # so that all of them wait, and are written by one of them
        threads = [
            threading.Thread(target=posts.take, args=(body,), kwargs={"source": None, "by": "api", "at": AT})
            for body in bodies
        ]
        for thread in threads:
            thread.start()
        while len(posts.waiting) < len(bodies):
            time.sleep(0.01)
    for thread in threads:
        thread.join()
    posts.close()
    (batch,) = list_inbox(lake.home)
    raw = (batch.folder(lake.home) / "signals.ndjson").read_bytes()
    assert (batch.bytes, len(raw.splitlines())) == (len(raw), 1200)
    (receipt,) = drain_inbox(lake, sources={}, by="worker", at=AT)
    assert (receipt.accepted, receipt.rejected) == (1200, 0)
    content = hashlib.blake2b(hashlib.sha256(raw).digest(), key=lake.key("batches"), digest_size=32).digest()
    assert receipt.content == content


def test_a_disk_that_takes_a_part_at_a_time_gets_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_batches, "MOST_PIECES", 2)
    monkeypatch.setattr(os, "writev", lambda handle, pieces: os.write(handle, pieces[0][:7]))
    handle = os.open(tmp_path / "file", os.O_WRONLY | os.O_CREAT)
    pieces = [b"the first\n", b"the second", b"\n", b"the third\n"]
    open_batches.write_all(handle, pieces)
    os.close(handle)
    assert (tmp_path / "file").read_bytes() == b"".join(pieces)


def test_posts_of_other_senders_never_share_a_batch(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    posts = Posts(lake.home)
    asked = [("a", "shop"), ("b", "shop"), ("a", "desk")]
    receipts = {posts.take(as_lines([row(1)]), source=source, by=by, at=AT).receipt for by, source in asked}
    posts.close()
    assert len(receipts) == 3
    assert sorted((batch.by, batch.source) for batch in list_inbox(lake.home)) == sorted(asked)


def test_what_a_killed_process_had_acknowledged_is_stored_and_nothing_else(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(lake.home.path)],
        input=as_lines([row(number) for number in range(5)]),
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9
    assert len(set(done.stdout.split())) == 1
    assert list_inbox(lake.home) == []
    receipts = drain_inbox(lake, sources={}, by="worker", at=AT)
    assert [(receipt.received, receipt.accepted, receipt.rejected) for receipt in receipts] == [(5, 5, 0)]
    assert list(lake.home.inbox.iterdir()) == []


def test_a_batch_that_is_appended_to_is_left_alone(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    posts = Posts(lake.home)
    posts.take(as_lines([row(1)]), source=None, by="api", at=AT)
    assert close_orphans(lake.home) == 0
    assert drain_inbox(lake, sources={}, by="worker", at=AT) == []
    posts.take(as_lines([row(2)]), source=None, by="api", at=AT)
    wait_until_closed(lake.home)  # it closes by itself
    assert [receipt.accepted for receipt in drain_inbox(lake, sources={}, by="worker", at=AT)] == [2]


def test_a_full_disk_takes_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = make_lake(tmp_path)
    posts = Posts(lake.home)
    posts.take(as_lines([row(1)]), source=None, by="api", at=AT)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", full)
        with pytest.raises(UnreadableInput, match="no space left"):
            posts.take(as_lines([row(2)]), source=None, by="api", at=AT)
        with pytest.raises(UnreadableInput, match="no space left"):
            posts.take(as_lines([row(2)]), source="another batch", by="api", at=AT)
    posts.take(as_lines([row(3)]), source=None, by="api", at=AT)
    posts.close()
    assert len(drain_inbox(lake, sources={}, by="worker", at=AT)) == 1
    assert list(lake.home.inbox.iterdir()) == []
    assert sorted(signal["id"] for signal in stored(lake)) == sorted([row(1)["id"], row(3)["id"]])


def test_a_backup_holds_what_an_open_batch_had_acknowledged(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    posts = Posts(lake.home)
    posts.take(as_lines([row(1)]), source=None, by="api", at=AT)
    backup(lake, tmp_path / "office.tar", at=AT)
    again = restore(tmp_path / "office.tar", Home.at(tmp_path / "again"), by="operator", at=AT)
    assert [path.name.startswith(OPEN) for path in again.home.inbox.iterdir()] == [True]
    receipts = drain_inbox(Lake.open(again.home), sources={}, by="worker", at=AT + timedelta(days=1))
    assert [receipt.accepted for receipt in receipts] == [1]
    posts.close()
    assert os.listdir(lake.home.inbox) == [batch.receipt for batch in list_inbox(lake.home)]
