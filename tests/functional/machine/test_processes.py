"""Web and worker as real processes: killed, doubled, all at once; nothing acknowledged is lost or there twice."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import read_receipts, verify_chain
from tests.functional.homes import answers, make_office, xmo
from tests.functional.machine.serving import STARTS_IN, Served, command, environment, serving, wait_until
from tests.spec.signals.door import as_lines, stored

pytestmark = pytest.mark.timeout(900)  # a shared machine starts a process in ten seconds
ROUNDS = int(os.environ.get("OPENXMO_ROUNDS", "3"))
SENDERS = 4
PAUSE = 0.1  # seconds between two posts of one sender: a slow machine must be able to store what it takes in
LARGE = 50  # every so many posts a body that gets a batch of its own
ENOUGH = 5  # posts that each sender has acknowledged between two deeds of a test


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
        self.posts = [0] * SENDERS
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.send, args=(number,)) for number in range(SENDERS)]

    def send(self, sender: int) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            size = 400 if number % LARGE == 0 else 1
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
                self.posts[sender] += 1
                time.sleep(PAUSE)
            else:
                self.wrong.append((status, told))

    def wait_for_more(self) -> None:
        """Until each of them was acknowledged some more."""
        wanted = [count + ENOUGH for count in self.posts]

        def sent() -> bool:
            return bool(self.wrong) or all(now >= then for now, then in zip(self.posts, wanted, strict=True))

        wait_until(sent, within=120, told=lambda: f"{self.posts}, {self.wrong}, {self.served.log.read_text()}")

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
                senders.wait_for_more()
                time.sleep(0.13 * (number % 4))  # somewhere else in its work each time
                served.kill(victim)
                served.start(victim)
            senders.wait_for_more()
        log = served.log.read_text()
        assert served.end("worker") == 0
        served.end("web")
    assert "locked" not in log
    check_all_there(office, senders)


def test_web_worker_and_command_at_once_never_find_the_database_locked(office: Path, key: str) -> None:
    with serving(office, "web", "worker") as served:
        with Senders(served, key) as senders:
            for number in range(max(2, ROUNDS // 2)):
                file = office.parent / f"{number}.ndjson"
                file.write_bytes(as_lines(list(answers([3] * 20, first=900_000_000 + number * 100))))
                for words in (
                    ["import", file],
                    ["key", "add", f"key {number}", "--scope", "metrics:read"],
                    ["backup", office.parent / f"{number}.tar"],
                ):
                    command(office, *words)
                senders.wait_for_more()
                again = served.call(
                    "GET", "/api/v1/metrics", Authorization=f"Bearer {key}", Idempotency_Key=str(number)
                )
                assert again[0] == 200
        log = served.log.read_text()
        assert served.end("worker") == 0
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
        receipt = f"/api/v1/receipts/{sent[1]['receipt']}"
        wait_until(
            lambda: served.call("GET", receipt, Authorization=f"Bearer {key}")[1]["state"] == "stored",
            within=STARTS_IN, told=served.log.read_text,
        )  # fmt: skip
        worker = next(pid for pid, words in children_of(served.processes["up"].pid) if " worker " in words)
        os.kill(worker, 9)
        assert served.processes["up"].wait(timeout=STARTS_IN) == 1
        served.wait_for_silence()
        assert "The worker process was killed by signal 9" in served.log.read_text()


def test_up_ends_calmly_and_its_children_do_not_outlive_it(office: Path) -> None:
    with serving(office, "up") as served:
        assert served.end("up") == 0
        served.wait_for_silence()
        served.start("up")
        pids = [pid for pid, _ in children_of(served.processes["up"].pid)]
        served.kill("up")
        assert len(pids) == 2
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), within=STARTS_IN)


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
        demo = xmo("demo", tmp_path / "demo", "--port", str(served.port))  # before anything is made
        assert (demo.code, str(served.port) in demo.err, (tmp_path / "demo").exists()) == (2, True, False)
    assert xmo("web", "--home", office, "--port", "70000").code == 2
    assert xmo("web", "--home", tmp_path / "nothing").code == 3
    assert xmo("up", "--home", office, "--as", "Lea").code == 4


def test_a_setting_that_is_wrong_stops_the_start_in_words(office: Path) -> None:
    wrong = {"OPENXMO_SECRET_KEY": "short"}
    for name in ("web", "worker"):
        line = [sys.executable, "-m", "openxmo.cli", name, "--home", str(office), "--json"]
        done = subprocess.run(line, capture_output=True, text=True, env=environment() | wrong, check=False, timeout=120)
        assert done.returncode == 2
        told = json.loads(done.stdout)["error"]
        assert "can be guessed" in told["what"]
        assert "at least 40" in told["mend"]
