"""Small hands for lakes at an object store."""

import http.client
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from openxmo.core.progress import Progress
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.object_store import RemotePlace
from tests.functional.machine.serving import free_port, wait_until
from tests.spec.signals.door import AT

PROJECT = Path(__file__).resolve().parents[3]
STARTS_IN = 60.0


@dataclass
class Store:
    """A server, and the number of the next bucket."""

    port: int
    process: "subprocess.Popen[bytes]"
    buckets: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """How a process is told of it; the credentials mean nothing to it."""
        return {
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
        }

    def new_address(self) -> str:
        self.buckets += 1
        return f"s3://{self.make_bucket(f'bucket-{self.buckets}')}/an/office"

    def make_bucket(self, name: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("PUT", f"/{name}")
        assert connection.getresponse().status == 200
        connection.close()
        return name


@contextmanager
def serving(*kind: str) -> Iterator[Store]:
    port = free_port()
    line = [sys.executable, "-m", "tests.functional.object_store.server", str(port), *kind]
    with subprocess.Popen(line, cwd=PROJECT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: answers(port), within=STARTS_IN)
            yield Store(port, process)
        finally:
            process.kill()


def answers(port: int) -> bool:
    with suppress(OSError):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
        return True
    return False


@dataclass
class FreeLease:
    """A lease that nobody else wants; a test may let it run out, or say that it was left open before."""

    address: str
    left_open: bool = False
    runs: bool = True
    told: list[str] = field(default_factory=list)

    def take(self, *, what: str, holder: str, timeout: float, progress: Progress) -> bool:
        del holder, timeout, progress
        self.told.append(what)
        return self.left_open

    def renew(self) -> bool:
        return self.runs

    def release(self, *, left_open: bool = False) -> None:
        self.left_open = left_open
        self.told.append("left" if left_open else "released")


def make_remote(folder: Path, address: str) -> Lake:
    return Lake.create(Home.at(folder / "home"), at=AT, address=address, leasing=FreeLease)


def open_remote(home: Home) -> Lake:
    return Lake.open(home, leasing=FreeLease)


def rows_of(lake: Lake, **asked: Any) -> list[dict[str, Any]]:
    """What stands, in the order of the ids."""
    engine = open_duckdb(lake)
    found: list[dict[str, Any]] = engine.fetch(read_signals(engine, **asked).order_by("source", "id")).to_pylist()
    return found


def names_at(address: str) -> list[str]:
    return sorted(RemotePlace(address).names_below(""))


def everything_at(address: str) -> str:
    """Every byte at the address, every value of every Parquet file and its own statistics."""
    place = RemotePlace(address)
    seen = []
    for name in names_at(address):
        with place.open(name) as file:
            content = bytes(file.read())
        seen += [name, content.decode(errors="replace")]
        if name.endswith(".parquet"):
            parquet = pq.ParquetFile(io.BytesIO(content))
            seen += [str(parquet.read().to_pylist()), str(parquet.metadata.to_dict()), str(parquet.metadata.metadata)]
    return "\n".join(seen)


def with_store(store: Store) -> dict[str, str]:
    return {**os.environ, **store.environment}
