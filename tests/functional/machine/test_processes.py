"""Web and worker as real processes: killed, doubled, all at once; nothing acknowledged is lost or there twice."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import read_receipts, verify_chain
from tests.functional.homes import answers, make_office, xmo
from tests.functional.machine.serving import Served, command, serving
from tests.spec.signals.door import as_lines, stored

ROUNDS = int(os.environ.get("OPENXMO_ROUNDS", "3"))
SENDERS = 4


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return make_office(tmp_path / "office")


@pytest.fixture
def key(office: Path) -> str:
    found: str = command(office, "key", "add", "shop", "--scope", "signals:write", "--scope", "metrics:read")["key"]
    return found


class Senders:
    """Programs that post one signal after the other, and remember what was acknowledged."""

    def __init__(self, served: Served, key: str) -> None:
        self.served, self.key = served, key
        self.acknowledged: set[str] = set()
        self.wrong: list[object] = []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.send, args=(number,)) for number in range(SENDERS)]

    def send(self, sender: int) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            size = 400 if number % 25 == 0 else 1  # now and then a body that gets a batch of its own
            rows = answers([9] * size, first=sender * 10_000_000 + number * 1000)
            try:
                status, told = self.served.call(
                    "POST", "/api/v1/signals", as_lines(list(rows)), Authorization=f"Bearer {self.key}",
                    Content_Type="application/x-ndjson",
                )  # fmt: skip
            except OSError:
                time.sleep(0.02)
                continue
            except Exception as error:  # a connection that broke in the middle of its answer
                if type(error).__name__ not in ("BadStatusLine", "RemoteDisconnected", "IncompleteRead"):
                    self.wrong.append(error)
                continue
            if status == 202:
                self.acknowledged |= {row["id"] for row in rows}
            else:
                self.wrong.append((status, told))

    def __enter__(self) -> "Senders":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


def check_all_there(home: Path, senders: Senders) -> None:
    assert senders.wrong == []
    done = command(home, "worker", "--drain")
    assert [job["job"] for job in done["jobs"] if job["failed"]] == []
    lake = Lake.open(Home.at(home))
    receipts = read_receipts(lake)
    assert verify_chain(receipts) == []
    ids = [signal["id"] for signal in stored(lake)]
    assert len(ids) == len(set(ids))
    assert senders.acknowledged <= set(ids)
    assert len(senders.acknowledged) > 20
    assert command(home, "doctor")["ok"]
    assert [path for path in lake.home.inbox.iterdir() if not path.name.startswith(".new-")] == []


@pytest.mark.parametrize("victim", ["web", "worker"])
def test_a_kill_loses_nothing_that_was_acknowledged(office: Path, key: str, victim: str) -> None:
    with serving(office, "web", "worker") as served:
        with Senders(served, key) as senders:
            for number in range(ROUNDS):
                time.sleep(0.4 + 0.37 * (number % 4))
                served.kill(victim)
                served.start(victim)
            time.sleep(1)
        log = served.log.read_text()
        assert served.end("worker") in (0, -15)  # the last one may have been told before it had begun
        served.end("web")
    assert "locked" not in log
    check_all_there(office, senders)


def test_web_worker_and_command_at_once_never_find_the_database_locked(office: Path, key: str) -> None:
    with serving(office, "web", "worker") as served:
        with Senders(served, key) as senders:
            for number in range(3):
                file = office.parent / f"{number}.ndjson"
                file.write_bytes(as_lines(list(answers([3] * 20, first=900_000_000 + number * 100))))
                for words in (
                    ["import", file],
                    ["key", "add", f"key {number}", "--scope", "metrics:read"],
                    ["backup", office.parent / f"{number}.tar"],
                ):
                    command(office, *words)
                again = served.call(
                    "GET", "/api/v1/metrics", Authorization=f"Bearer {key}", Idempotency_Key=str(number)
                )
                assert again[0] == 200
        log = served.log.read_text()
        served.end("worker")
        served.end("web")
    assert "locked" not in log
    check_all_there(office, senders)


def test_up_serves_both_says_when_one_dies_and_leaves_nobody_behind(office: Path, key: str) -> None:
    with serving(office, "up") as served:
        sent = served.call(
            "POST", "/api/v1/signals", as_lines(list(answers([9]))), Authorization=f"Bearer {key}",
            Content_Type="application/x-ndjson",
        )  # fmt: skip
        assert sent[0] == 202
        until = time.monotonic() + 30
        state = ""
        while state != "stored" and time.monotonic() < until:
            time.sleep(0.1)
            state = served.call("GET", f"/api/v1/receipts/{sent[1]['receipt']}", Authorization=f"Bearer {key}")[1][
                "state"
            ]
        assert state == "stored"
        worker = next(pid for pid, words in children_of(served.processes["up"].pid) if " worker " in words)
        os.kill(worker, 9)
        assert served.processes["up"].wait(timeout=60) == 1
        served.wait_for_silence()
        assert "The worker was killed by signal 9" in served.log.read_text()


def test_up_ends_calmly_and_its_children_do_not_outlive_it(office: Path) -> None:
    with serving(office, "up") as served:
        assert served.end("up") == 0
        served.wait_for_silence()
        served.start("up")
        pids = [pid for pid, _ in children_of(served.processes["up"].pid)]
        served.kill("up")
        until = time.monotonic() + 30
        while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < until:
            time.sleep(0.1)
        assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def children_of(parent: int) -> Iterator[tuple[int, str]]:
    for path in Path("/proc").glob("[0-9]*"):
        try:
            stat = (path / "stat").read_text().rpartition(")")[2].split()
            words = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if int(stat[1]) == parent and stat[0] != "Z":
            yield int(path.name), words


def test_a_port_that_is_taken_and_a_missing_office_are_told_in_words(office: Path, tmp_path: Path) -> None:
    with serving(office, "web") as served:
        answer = xmo("web", "--port", str(served.port), "--home", office, "--json")
        assert answer.code == 2
        assert str(served.port) in answer.document["error"]["what"]
    assert xmo("web", "--home", tmp_path / "nothing").code == 3
    assert xmo("up", "--home", office, "--as", "Lea").code == 4
