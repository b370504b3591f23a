"""Imports that are killed, doubled, starved and fed rubbish: nothing acknowledged is lost, nothing is there twice."""

import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.door.importing import drain_inbox, put_batch
from openxmo.core.signals.door.lock import writer_lock
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import read_receipts, verify_chain
from openxmo.core.signals.store.tables import SIGNALS
from tests.functional.importer import ROWS, SOURCES, make_rows
from tests.spec.signals.door import AT, as_lines, counts, make_lake, row, standing, stored, take, write

ROUNDS = int(os.environ.get("OPENXMO_ROUNDS", "3"))
PROJECT = Path(__file__).resolve().parents[2]
STEPS = 60  # durable steps of one batch, roughly


def start(lake: Lake, *, kill_at: int = 0, batches: int = 3, first: int = 0) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.functional.importer", str(lake.home.path), str(kill_at), str(batches)]
    return subprocess.Popen(
        [*command, str(first)], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def check_whole(lake: Lake, acknowledged: set[int]) -> None:
    """After the next writer: all that was acknowledged is there once, and the books balance."""
    drain_inbox(lake, sources=SOURCES, by="worker", at=AT)
    receipts = read_receipts(lake)
    assert verify_chain(receipts) == []
    assert all(receipt.adds_up() for receipt in receipts)
    signals = stored(lake)
    assert len(signals) == sum(receipt.accepted for receipt in receipts)
    assert Counter(signal["receipt"] for signal in signals) == Counter(
        {receipt.receipt: receipt.accepted for receipt in receipts if receipt.accepted}
    )
    assert len({signal["row"] for signal in signals}) == len(signals)
    found = standing(lake)  # fails if an id stands twice
    batches = {int(id_.split("-")[0]) for id_ in found if id_ != "all"}
    assert acknowledged <= batches
    assert all(found[f"{batch}-{number}"] == number % 11 for batch in batches for number in range(ROWS))
    assert found.get("all") == (max(batches) % 11 if batches else None)
    for batch in batches:  # and the index knows all of it
        put_batch(lake.home, [make_rows(batch)], source=None, by="api", at=AT)
    again = drain_inbox(lake, sources=SOURCES, by="worker", at=AT)
    assert {counts(receipt)[:3] for receipt in again} <= {(ROWS + 3, 0, ROWS + 2)}


def run_and_kill(lake: Lake, *, kill_at: int = 0, after: float | None = None) -> set[int]:
    """The batches that were acknowledged before the end."""
    with start(lake, kill_at=kill_at) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.stderr.read() if process.stderr else ""
        if after is not None:
            time.sleep(after)
            process.send_signal(signal.SIGKILL)
        said, told = process.communicate()
    assert "Traceback" not in told, told
    return {int(line) for line in said.split() if line.isdecimal()}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_kill_at_any_durable_step_loses_and_doubles_nothing(tmp_path: Path, number: int) -> None:
    steps = np.random.default_rng([20261121, number]).integers(1, 3 * STEPS, 2)
    lake = make_lake(tmp_path)
    acknowledged = set()
    for step in steps.tolist():
        acknowledged |= run_and_kill(lake, kill_at=step)
    check_whole(lake, acknowledged)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_kill_at_any_moment_loses_and_doubles_nothing(tmp_path: Path, number: int) -> None:
    after = np.random.default_rng([20261122, number]).uniform(0, 0.8)
    lake = make_lake(tmp_path)
    check_whole(lake, run_and_kill(lake, after=after))


def test_two_importers_at_once_take_turns(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    processes = [start(lake, first=first) for first in (0, 2)]
    for process in processes:
        said, told = process.communicate(timeout=120)
        assert said.endswith("done\n"), told
    check_whole(lake, set(range(5)))


def test_a_second_writer_that_may_not_wait_says_who_is_at_work(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    file = write(tmp_path / "a.ndjson", [row(1)])
    steps: list[str] = []

    def hear(step: str, done: int, total: int | None) -> None:
        steps.append(f"{step} {done} {total}")

    with (
        writer_lock(lake.home, what="xmo erase"),
        pytest.raises(UnreadableInput, match=rf"xmo erase, process {os.getpid()}"),
    ):
        take(lake, file, timeout=0.2, progress=hear)
    assert any("waiting" in step for step in steps)
    assert counts(take(lake, file)) == (1, 1, 0, 0, 0)


def contents(lake: Lake) -> dict[str, bytes]:
    """Every file of the home but the lock."""
    files = [path for path in lake.home.path.rglob("*") if path.is_file() and path.name != "writer.lock"]
    return {str(path): path.read_bytes() for path in files}


def good_parquet(path: Path) -> bytes:
    pq.write_table(pa.Table.from_pylist([row(number, text="x" * 50) for number in range(2000)]), path)
    return path.read_bytes()


def broken_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files that cannot be read, each with what must be said of it."""
    packed = gzip.compress(as_lines([row(number, text=f"{number}" * 99) for number in range(5000)]))
    parquet = good_parquet(folder / "good.parquet")
    latin = as_lines([row(1), row(2)]) + '{"id":"é"}\n'.encode("latin-1")
    for name, data, said in (
        ("half.ndjson.gz", packed[: len(packed) // 2], "packed file is broken"),
        ("noise.ndjson.gz", packed[:2000] + b"\0" * 500 + packed[2500:], "packed file is broken"),
        ("half.csv.gz", gzip.compress(b"id,source\n" * 9999)[:-20], "packed file is broken"),
        ("half.parquet", parquet[: len(parquet) // 2], "Parquet file is broken"),
        ("noise.parquet", parquet[:200] + b"\7" * 3000 + parquet[3200:], "Parquet file is broken"),
        ("latin.ndjson", latin, "line 3, byte"),
        ("latin.csv", b"id,name\n1,\xe9t\xe9\n", "line 2, byte 10"),
        ("wide.csv", "id,name\n".encode("utf-16"), "UTF-16"),
        ("empty.csv", b"", "empty"),
    ):
        (folder / name).write_bytes(data)
        yield folder / name, said


def test_a_file_that_cannot_be_read_changes_nothing_and_says_where_it_broke(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    good = write(tmp_path / "good.ndjson", [row(1)])
    take(lake, good)
    before = contents(lake)
    for path, said in broken_files(tmp_path):
        with pytest.raises(UnreadableInput, match=said) as caught:
            take(lake, write(tmp_path / "new.ndjson", [row(7)]), path)
        assert str(path) in str(caught.value)
        assert contents(lake) == before, path.name
    assert counts(take(lake, good)) == (1, 0, 1, 0, 0)


def test_a_line_of_200_megabytes_is_rejected_in_little_memory(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    path = tmp_path / "long.ndjson"
    with path.open("wb") as file:
        file.write(as_lines([row(1)]))
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b"\n" + as_lines([row(2)]))
    script = (
        "import sys; from pathlib import Path; from openxmo.core.signals.store.home import Home\n"
        "from openxmo.core.signals.store.lake import Lake; from tests.spec.signals.door import take, counts\n"
        "lake = Lake.open(Home.at(Path(sys.argv[1]))); print(counts(take(lake, Path(sys.argv[2]))))\n"
        "print([line for line in open('/proc/self/status') if 'VmHWM' in line][0].split()[1])\n"
    )
    command = [sys.executable, "-c", script, str(lake.home.path), str(path)]
    said, peak = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == "(3, 2, 0, 0, 1)"
    assert int(peak) < 400_000  # kB, of which the libraries take about 200,000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB of its own; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk takes root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_leaves_nothing_behind(small_disk: Path, tmp_path: Path) -> None:
    lake = make_lake(small_disk)
    take(lake, write(tmp_path / "a.ndjson", [row(1)]))
    text = "".join(map(chr, np.random.default_rng(5).integers(48, 91, 40_000)))
    failed = 0
    for rows in range(1000, 9000, 1000):  # runs out of disk while storing, while staging, while copying
        before = {path: data for path, data in contents(lake).items() if "fingerprints" not in path}
        big = [row(f"{rows}-{number}", text=text[number * 4 : number * 4 + 2000]) for number in range(rows)]
        told = ""
        try:
            take(lake, write(tmp_path / "big.ndjson", big))
        except UnreadableInput as error:
            told = str(error)
        if told:
            failed += 1
            assert "no space left" in told.lower()
            assert "Nothing was half done" in told
            assert {path: data for path, data in contents(lake).items() if "fingerprints" not in path} == before
    assert failed > 3
    assert counts(take(lake, write(tmp_path / "b.ndjson", [row(1), row(2)]))) == (2, 1, 1, 0, 0)


def test_a_home_that_may_not_be_written_is_told(small_disk: Path, tmp_path: Path) -> None:
    lake = make_lake(small_disk)
    file = write(tmp_path / "a.ndjson", [row(1)])
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(UnreadableInput, match="read-only"):
        take(lake, file)
    with pytest.raises(UnreadableInput, match="read-only"):
        put_batch(lake.home, [b""], source=None, by="api", at=AT)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert counts(take(lake, file)) == (1, 1, 0, 0, 0)


def test_a_lost_or_broken_index_is_made_anew(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    file = write(tmp_path / "a.ndjson", [row(number) for number in range(50)])
    take(lake, file)

    def segment() -> Path:
        return next(path for path in lake.home.fingerprints.iterdir() if path.name != "state.json")

    faults: list[Callable[[], object]] = [
        lambda: shutil.rmtree(lake.home.fingerprints),
        lambda: (lake.home.fingerprints / "state.json").write_text("{"),
        lambda: segment().write_bytes(b"short"),
        lambda: segment().unlink(),
    ]
    for fault in faults:
        fault()
        assert counts(take(lake, file)) == (50, 0, 50, 0, 0)
    assert len(lake.files(SIGNALS)) == 1


def test_a_log_entry_that_a_power_cut_left_empty_is_dropped(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    file = write(tmp_path / "a.ndjson", [row(1)])
    take(lake, file)
    (lake.folder(SIGNALS) / "_delta_log" / f"{2:020}.json").write_bytes(b"")
    assert counts(take(lake, file)) == (1, 0, 1, 0, 0)
    assert counts(take(lake, write(tmp_path / "b.ndjson", [row(2)]))) == (1, 1, 0, 0, 0)
    assert len(stored(lake)) == 2
