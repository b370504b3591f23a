"""W3: signals over HTTP, one by one and a thousand at once, against the disk alone and against bare WSGI.

The yardstick of a bulk post is a WSGI application that reads the body, writes it to a new file, syncs file
and folder and renames it: the least that may be called "on the disk". That of single posts is the disk
alone: the same bytes appended and synced one after the other by one thread.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.importing import write_file
from benchmarks.measure import Line
from benchmarks.sending import send_for

SECONDS = 2.0
ROUNDS = 5
SINGLE_CONNECTIONS, BULK_CONNECTIONS = 16, 4
BULK_ROWS = 1_000
SINGLE, BULK = 0.8, 0.8  # of the disk alone, of bare WSGI
BARE = """
import os, secrets
FOLDER = os.environ["BARE_FOLDER"]
def application(environ, start):
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    name = os.path.join(FOLDER, secrets.token_hex(8))
    handle = os.open(name + ".new", os.O_WRONLY | os.O_CREAT)
    os.write(handle, body); os.fsync(handle); os.close(handle)
    os.replace(name + ".new", name)
    folder = os.open(FOLDER, os.O_RDONLY); os.fsync(folder); os.close(folder)
    start("202 Accepted", [("Content-Length", "2")])
    return [b"{}"]
"""


class Sent(NamedTuple):
    """Requests a second, and the processor time that the server took for each, in seconds."""

    rate: float
    work: float


class Served(NamedTuple):
    port: int
    pid: int

    def worked(self) -> float:
        """Processor time of the server and the processes that it has started."""
        ticks, left = 0, [self.pid]
        while left:
            process = Path(f"/proc/{left.pop()}")
            left += [int(child) for path in process.glob("task/*/children") for child in path.read_text().split()]
            ticks += sum(map(int, (process / "stat").read_text().rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")


def measure(cache: Path, rows: int | None = None) -> list[Line]:
    del rows
    folder = cache / f"post-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        return list(measure_in(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_in(folder: Path) -> Iterator[Line]:
    lines = write_file(folder / "rows.ndjson", rows=BULK_ROWS, first=10**9).read_bytes().splitlines(keepends=True)
    single, bulk = lines[0], b"".join(lines)
    with ours(folder) as (served, head), bare(folder) as yardstick:
        pairs = [
            (post(served, head, single, SINGLE_CONNECTIONS), append_alone(folder / "alone", single))
            for _ in range(ROUNDS)
        ]
        yield line_of("POST 1 signal, 16 connections, to the disk alone", pairs, goal=1 / SINGLE, rows=1)
        pairs = [
            (post(served, head, bulk, BULK_CONNECTIONS), post(yardstick, head, bulk, BULK_CONNECTIONS))
            for _ in range(ROUNDS)
        ]
        yield line_of("POST 1,000 signals, 4 connections, to bare WSGI", pairs, goal=1 / BULK, rows=BULK_ROWS)


def line_of(name: str, pairs: list[tuple[Sent, Sent]], *, goal: float, rows: int) -> Line:
    """Times of one request, from requests a second; the ratio is the median of the rounds'."""
    return Line(
        workload=name,
        rows=rows,
        ours=statistics.median(1000 / mine.rate for mine, _ in pairs),
        yardstick=statistics.median(1000 / theirs.rate for _, theirs in pairs),
        ratio=statistics.median(theirs.rate / mine.rate for mine, theirs in pairs),
        work=statistics.median(mine.work / theirs.work for mine, theirs in pairs),
        goal=goal,
    )


def append_alone(file: Path, body: bytes) -> Sent:
    """How often a second one thread appends the body and syncs it."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    count, start, worked = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < SECONDS:
        os.write(handle, body)
        os.fdatasync(handle)
        count += 1
    os.close(handle)
    return Sent(count / (time.perf_counter() - start), (time.process_time() - worked) / count)


def post(served: Served, head: str, body: bytes, connections: int) -> Sent:
    request = (
        f"POST /api/v1/signals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\n{head}"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    worked = served.worked()
    rate = send_for(SECONDS, port=served.port, request=request, connections=connections)
    return Sent(rate, (served.worked() - worked) / (rate * SECONDS))


@contextmanager
def ours(folder: Path) -> Iterator[tuple[Served, str]]:
    """An office that is served, without a worker: what is stored later is measured elsewhere."""
    home = folder / "office"
    xmo = [sys.executable, "-m", "openxmo.cli"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENXMO")}
    given = kept | {"OPENXMO_POSTS_PER_MINUTE": "100000000"}
    subprocess.run([*xmo, "init", str(home)], env=given, check=True, stdout=subprocess.DEVNULL)
    made = subprocess.run(
        [*xmo, "key", "add", "bench", "--scope", "signals:write", "--home", str(home), "--json"],
        env=given, check=True, capture_output=True,
    )  # fmt: skip
    key = msgspec.json.decode(made.stdout)["key"]
    with listening([*xmo, "web", "--home", str(home)], given) as served:
        yield served, f"Authorization: Bearer {key}\r\n"


@contextmanager
def bare(folder: Path) -> Iterator[Served]:
    (folder / "bare.py").write_text(BARE, encoding="utf-8")
    (folder / "bare").mkdir()
    given = os.environ | {"BARE_FOLDER": str(folder / "bare"), "PYTHONPATH": str(folder)}
    line = [sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "8", "--no-ws"]
    with listening([*line, "bare:application"], dict(given)) as served:
        yield served


@contextmanager
def listening(command: list[str], given: dict[str, str]) -> Iterator[Served]:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError(f"{' '.join(command)} does not listen")
        time.sleep(2)  # until it is warm
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)
