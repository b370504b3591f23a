"""The first page finds its answers ready, and nobody counts as having been told anything."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from django.test import Client

from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.engines.sharing import shared
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.remembered import Remembered, remembered
from openxmo.office.govern.session import Rehearsal
from openxmo.office.home import warming
from openxmo.office.understand.tests.heard import ask_employees, hear, mood, row

FIRST_PAGE = ("/stand/", "/stand/trends/", "/stand/moved/", "/stand/trust/")


def fill(home: Home) -> None:
    ask_employees(home)
    for month in ("2026-09", "2026-10"):
        hear(home, *(row(n, month) for n in range(30)), *(mood(n, month) for n in range(30)))


def answers(home: Home) -> Remembered:
    return remembered((home.path, "answers", None))


def asked(home: Home) -> set[tuple[str, ...]]:
    """Every question with a kept answer, whatever hour it was answered in."""
    return {key[:-1] for key in answers(home).kept}  # type: ignore[index]


def told(home: Home) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.releases.rglob("*") if path.is_file()}


def test_the_first_page_asks_nothing_that_is_not_ready(home: Home, sign_in: Callable[[str], Client]) -> None:
    fill(home)
    warming.warm_up(home)
    ready = asked(home)
    assert len(ready) > 3
    lea = sign_in("Lea")
    for address in FIRST_PAGE:
        assert lea.get(address).status_code == 200
    assert asked(home) == ready


def test_what_is_made_ready_counts_as_told_to_nobody(home: Home, sign_in: Callable[[str], Client]) -> None:
    fill(home)
    before = told(home)
    warming.warm_up(home)
    assert told(home) == before
    sign_in("Lea").get("/stand/moved/")
    assert told(home) != before


class Watched(Event):
    """Looks on where the one who keeps warm would rest, and does one thing at each of its rests."""

    def __init__(self, *deeds: Callable[[], None]) -> None:
        super().__init__()
        self.deeds = list(deeds)
        self.rests: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.rests.append(timeout or 0.0)
        self.deeds.pop(0)()
        return not self.deeds


def test_it_warms_up_after_a_change_and_only_then(home: Home) -> None:
    fill(home)
    seen: list[int] = []

    def look() -> None:
        seen.append(len(answers(home).kept))

    def forget() -> None:
        look()
        answers(home).kept.clear()

    def change() -> None:
        look()
        hear(home, *(row(n, "2026-11") for n in range(5)))

    stop = Watched(forget, change, look)
    warming.keep_warm(home, stop=stop)
    ready, unchanged, changed = seen
    assert ready > 3
    assert unchanged == 0
    assert changed > 3
    assert min(stop.rests) >= warming.LOOK_EVERY


def test_what_goes_wrong_does_not_end_it(home: Home) -> None:
    fill(home)
    files = [*home.lake.rglob("*.parquet")]
    aside = {path: path.read_bytes() for path in files}

    def mend() -> None:
        for path, content in aside.items():
            path.write_bytes(content)

    for path in files:
        path.unlink()
    stop = Watched(mend, lambda: None)
    warming.keep_warm(home, stop=stop)
    assert len(asked(home)) > 3


def test_when_the_process_ends_it_asks_no_more_and_says_nothing(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    fill(home)
    stop = Event()
    engine = Rehearsal(home).engine
    assert isinstance(engine, DuckdbEngine)
    engine.end()
    stop.set()
    warming.keep_warm(home, stop=stop)
    assert asked(home) == set()
    assert caplog.records == []
    with pytest.raises(RuntimeError, match="no more questions"):
        engine.refresh()
    assert shared.popitem()[1] is engine  # no later test finds it
