"""Twenty people clicking at once on a served office, against one of them alone.

The office is the sample organisation at its usual size, served by `xmo web` on this machine. Everybody signs in
and clicks on what their own first page links to, a click every second or so, the way somebody reads.
"""

import asyncio
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from os import environ, getpid
from pathlib import Path
from random import Random
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from benchmarks.measure import Line
from benchmarks.post import listening
from openxmo.cli.story.rows.people import SAMPLE_PASSWORD

PEOPLE = 20
SECONDS = 15.0
PAUSE = (0.5, 1.5)  # between two clicks of one person, seconds
MOST_LINKS = 6
LINK = re.compile(r'href="(/[^"#]*)"')
NO_PAGES = re.compile(r"^/(static|api|accounts|language|media)|\.(csv|json|ics|pdf|toml|zip)|export|download")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SEED = 20_26
PATIENCE = 1_000.0  # ms: up to a second a reader's thought is not broken off


@dataclass(frozen=True)
class Person:
    """Somebody signed in, with the pages that their first page leads to."""

    cookies: str
    pages: tuple[str, ...]


def measure(cache: Path, rows: int | None = None) -> list[Line]:
    del rows
    with served(cache) as (port, names):
        people = [sign_in(port, name) for name in names]
        alone = asyncio.run(click(port, people[:1]))
        together = asyncio.run(click(port, people))
    ours, one = percentile(together), percentile(alone)
    return [
        Line(
            workload=f"p95 of a page, {PEOPLE} people clicking, to one person",
            ours=ours,
            yardstick=one,
            ratio=ours / one,
        ),
        Line(
            workload=f"p95 of a page, {PEOPLE} people clicking",
            ours=ours,
            yardstick=PATIENCE,
            ratio=ours / PATIENCE,
            goal=1.0,
        ),
        Line(
            workload=f"median of a page, {PEOPLE} people clicking, to one person",
            ours=statistics.median(together),
            yardstick=statistics.median(alone),
            ratio=statistics.median(together) / statistics.median(alone),
        ),
    ]


def percentile(times: list[float], share: int = 95) -> float:
    return statistics.quantiles(times, n=100)[share - 1]


@contextmanager
def served(cache: Path) -> Iterator[tuple[int, list[str]]]:
    """A copy of the sample office, served; and the people who are in it."""
    given = {name: value for name, value in environ.items() if not name.startswith("OPENXMO")}
    xmo = [sys.executable, "-m", "openxmo.cli"]
    made = cache / "sample"
    if not (made / "sample.json").exists() or b'"built": true' not in (made / "sample.json").read_bytes():
        command = [*xmo, "demo", str(made), "--no-serve"]
        subprocess.run(command, env=given, check=True, stdout=subprocess.DEVNULL)
    home = cache / f"clicking-{getpid()}"
    shutil.copytree(made, home)
    try:
        with listening([*xmo, "web", "--home", str(home)], given) as serving:
            yield serving.port, names_in(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def names_in(home: Path) -> list[str]:
    from openxmo.core.signals.store.home import Home
    from openxmo.office.govern.queries import read_office

    names = [person.name for person in read_office(Home.at(home)).people]
    return names[:PEOPLE]


def sign_in(port: int, name: str) -> Person:
    """Signs in by the form, and opens each page once: what is measured is a second visit."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    base = f"http://127.0.0.1:{port}"
    form = TOKEN.search(text_of(browser, f"{base}/accounts/login/"))
    if form is None:
        raise RuntimeError("the sign-in page has no form")
    given = {"login": name, "password": SAMPLE_PASSWORD, "csrfmiddlewaretoken": form[1]}
    first = text_of(browser, f"{base}/accounts/login/", urlencode(given).encode())
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
    if "sessionid" not in cookies:
        raise RuntimeError(f"{name} could not sign in")
    links = dict.fromkeys(link.replace("&amp;", "&") for link in LINK.findall(first))
    pages = [link for link in links if not NO_PAGES.search(link)][:MOST_LINKS]
    return Person(cookies, tuple(page for page in pages if is_shown(browser, base + page)))


def is_shown(browser: OpenerDirector, address: str) -> bool:
    try:
        text_of(browser, address)
    except HTTPError as error:
        sys.stderr.write(f"  {address} answers {error.code}: left out\n")
        return False
    return True


def text_of(browser: OpenerDirector, address: str, body: bytes | None = None) -> str:
    with browser.open(address, body, timeout=120) as answer:
        text: str = answer.read().decode()
    return text


async def click(port: int, people: list[Person]) -> list[float]:
    """How long each page took, in milliseconds."""
    until = time.perf_counter() + SECONDS
    took = await asyncio.gather(*(read(port, person, Random(SEED + n), until) for n, person in enumerate(people)))
    return [each for one in took for each in one]


async def read(port: int, person: Person, chance: Random, until: float) -> list[float]:
    took = []
    await asyncio.sleep(chance.uniform(0, PAUSE[1]))  # not all at the same instant
    while time.perf_counter() < until:
        began = time.perf_counter()
        await fetch(port, person, chance.choice(person.pages))
        took.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(chance.uniform(*PAUSE))
    return took


async def fetch(port: int, person: Person, page: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {person.cookies}\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    answer = await reader.read(-1)
    writer.close()
    if answer[9:12] not in (b"200", b"302"):
        raise RuntimeError(f"{page}: {answer[:80]!r}")
