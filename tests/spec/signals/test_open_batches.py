"""Small posts that share a batch: durable one by one, stored together, and safe from whoever dies."""

import hashlib
import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.door.batches import list_inbox
from openxmo.core.signals.door.importing import drain_inbox
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
    posts.take(as_lines([row(3)]), source=None, by="api", at=AT)
    posts.close()
    drain_inbox(lake, sources={}, by="worker", at=AT)
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
