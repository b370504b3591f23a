"""An office that is served by real processes, to be killed: started as `xmo web` and `xmo worker`."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STARTS_IN = 60.0  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENXMO", "DJANGO", "DATABASE"))}
    return kept | {"OPENXMO_POSTS_PER_MINUTE": "10000000"}


def command(home: Path, *words: str | Path) -> Any:
    """The JSON document of a command in a process of its own, which must succeed."""
    line = [sys.executable, "-m", "openxmo.cli", *map(str, words), "--home", str(home), "--json"]
    done = subprocess.run(line, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@dataclass
class Served:
    """`log` holds what the processes said."""

    home: Path
    port: int
    log: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *words: str) -> None:
        command = [sys.executable, "-m", "openxmo.cli", *(words or (name,)), "--home", str(self.home)]
        if name != "worker":
            command += ["--port", str(self.port)]
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment(), start_new_session=True
            )
        if name != "worker":
            self.wait_for_web()

    def wait_for_web(self) -> None:
        until = time.monotonic() + STARTS_IN
        while time.monotonic() < until:
            with suppress(OSError):
                if self.call("GET", "/api/v1/openapi.json")[0] == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError(self.log.read_text())

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        """One request: status and document."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            response = connection.getresponse()
            content = response.read()
            return response.status, json.loads(content) if "json" in response.getheader("Content-Type", "") else content
        finally:
            connection.close()

    def kill(self, name: str) -> None:
        """As hard as a process can die; what it had started must end by itself."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()
        if name != "worker":
            self.wait_for_silence()

    def wait_for_silence(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                time.sleep(0.05)
                continue
            return
        raise TimeoutError("somebody still listens")

    def end(self, name: str) -> int:
        self.processes[name].send_signal(signal.SIGTERM)
        return self.processes[name].wait(timeout=60)


@contextmanager
def serving(home: Path, *names: str) -> Iterator[Served]:
    served = Served(home, free_port(), home.parent / f"{home.name}.log")
    try:
        for name in names:
            served.start(name)
        yield served
    finally:
        for process in served.processes.values():
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
