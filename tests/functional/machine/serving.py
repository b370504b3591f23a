"""An office that is served by real processes, to be killed: started as `xmo web` and `xmo worker`."""

import http.client
import http.cookiejar
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STARTS_IN = 120.0  # seconds, on a machine that does much else
AT_WORK = b"The worker is at work"


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


def wait_until(holds: Callable[[], bool], *, within: float, told: Callable[[], str] = lambda: "") -> None:
    """Looks again and again; TimeoutError with what was told where it does not come true."""
    until = time.monotonic() + within
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(told())
        time.sleep(0.05)


@dataclass
class Served:
    """`log` holds what the processes said; `environ` is what they are started with beside the usual."""

    home: Path
    port: int
    log: Path
    environ: dict[str, str] = field(default_factory=dict)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)  # where in the log each began

    def start(self, name: str, *words: str) -> None:
        command = [sys.executable, "-m", "openxmo.cli", *(words or (name,)), "--home", str(self.home)]
        if name != "worker":
            command += ["--port", str(self.port)]
        self.marks[name] = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment() | self.environ, start_new_session=True
            )
        if name == "worker":
            self.wait_for_worker()
        else:
            self.wait_for_web()

    def wait_for_web(self) -> None:
        def answers() -> bool:
            with suppress(OSError, http.client.HTTPException):
                return bool(self.call("GET", "/api/v1/openapi.json")[0] == 200)
            return False

        wait_until(answers, within=STARTS_IN, told=self.log.read_text)

    def wait_for_worker(self) -> None:
        """Until the one that was started last says that it is at work."""
        begun = self.marks["worker"]
        wait_until(lambda: AT_WORK in self.log.read_bytes()[begun:], within=STARTS_IN, told=self.log.read_text)

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
        def silent() -> bool:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return False
            return True

        wait_until(silent, within=STARTS_IN, told=lambda: "somebody still listens")

    def end(self, name: str) -> int:
        self.processes[name].send_signal(signal.SIGTERM)
        return self.processes[name].wait(timeout=STARTS_IN)


@dataclass(frozen=True)
class Page:
    """`address` is where it led to in the end."""

    status: int
    address: str
    text: str


class Visitor:
    """Somebody with a browser that knows no script: cookies, forms, redirects."""

    def __init__(self, served: Served) -> None:
        self.base = f"http://127.0.0.1:{served.port}"
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def open(self, address: str, body: bytes | None = None, **headers: str) -> Page:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(urllib.parse.urljoin(self.base, address), data=body, headers=named)
        try:
            response = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return Page(response.status, urllib.parse.urlparse(response.url).path, response.read().decode())

    def get(self, address: str) -> Page:
        return self.open(address)

    def post(self, address: str, fields: dict[str, str], file: tuple[str, bytes] | None = None) -> Page:
        if file is None:
            return self.open(address, urllib.parse.urlencode(fields).encode(), Referer=self.base)
        edge = secrets.token_hex(16)
        part = f'--{edge}\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
        body = "".join(part % (name, "") + f"{value}\r\n" for name, value in fields.items()).encode()
        body += (part % ("file", f'; filename="{file[0]}"')).encode() + file[1] + f"\r\n--{edge}--\r\n".encode()
        return self.open(address, body, Content_Type=f"multipart/form-data; boundary={edge}", Referer=self.base)

    def send(
        self, address: str, fields: dict[str, str], *, action: str | None = None, file: tuple[str, bytes] | None = None
    ) -> Page:
        """Open the page at this address, fill in its form, send it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(address).text)
        assert token is not None, f"{address} holds no form"
        return self.post(action or address, fields | {"csrfmiddlewaretoken": token[1]}, file)

    def sign_in(self, name: str, password: str) -> None:
        page = self.send("/accounts/login/", {"login": name, "password": password})
        assert page.status == 200, page.text
        assert not page.address.startswith("/accounts/login"), page.text


@contextmanager
def serving(home: Path, *names: str, **environ: str) -> Iterator[Served]:
    served = Served(home, free_port(), home.parent / f"{home.name}.log", environ)
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
