"""The four initiatives of the sample organisation: each page says the verdict that is planted."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.functional.conftest import WHOLE
from tests.functional.homes import NOON, built_once, shared_folder
from tests.people import serve_copy

from openxmo.core.signals.store.home import Home
from openxmo.core.world.files import OFFICE_FILE
from openxmo.core.world.writing import write_world
from openxmo.office.govern.session import Session
from openxmo.office.listen.actions.imports import import_files
from openxmo.office.portability.keeping import apply, make_office
from openxmo.office.prove import actions
from openxmo.office.prove.models import Initiative
from openxmo.office.prove.tests import stories

SEED = 20_26
HEARD = {"contact-centre", "orders", "router-telemetry"}


def hear_northlight(folder: Path) -> None:
    """The sample organisation's signals that the four initiatives are judged by."""
    make_office(folder, at=NOON)
    session = Session(Home.at(folder), clock=lambda: NOON)
    apply(session, OFFICE_FILE.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="xmo-sample-") as scratch:
        written = write_world(Path(scratch), seed=SEED, size=WHOLE, as_of=NOON, planted=True)
        for path in written.files:
            if path.stem in HEARD:
                import_files(session, [path])


@pytest.fixture(scope="module")
def northlight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with built_once(shared_folder(tmp_path_factory) / "four-verdicts", hear_northlight) as home:
        yield home


@pytest.fixture
def told(northlight: Path, tmp_path: Path, settings: Any, db: None) -> stories.Stories:  # noqa: ARG001
    serve_copy(northlight, tmp_path / "served", settings)
    for name in (stories.LEAD, stories.FINANCE, stories.SPONSOR):
        get_user_model().objects.create_user(name)
    return stories.tell(NOON)


def read(name: str, address: str) -> str:
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def page_of(made: Initiative) -> str:
    return read(stories.LEAD, f"/prove/initiatives/{made.pk}/")


def test_the_four_pages_say_the_four_verdicts(told: stories.Stories) -> None:
    check, scripts, cap, firmware = map(page_of, (told.check, told.scripts, told.cap, told.firmware))
    assert "Yes. It moved FCR7 of activation by +8.0 points" in check
    assert "Drawn by lot." in check
    assert "No harm" in check
    assert "No. If it moved first-contact resolution within 7 days (FCR7) at all" in scripts
    assert "it may be missed" in scripts
    assert "It did harm. average handle time moved by −6" in cap
    assert "first-contact resolution within 7 days (FCR7) paid for it: −" in cap
    due = (NOON - timedelta(days=35) + timedelta(weeks=stories.WEEKS)).date()
    assert f"Not yet knowable until {due.day} {due:%b %Y}" in firmware
    assert told.firmware.state == "under_way"
    assert told.cap.stop_reason == "More people called twice."


def test_finance_signs_the_check_and_the_ledger_holds_the_harm_too(told: stories.Stories) -> None:
    gain = stories.claim(told.check, NOON, volume=78_000, value=6.80)
    loss = stories.claim(told.cap, NOON, volume=24_000, value=6.80)
    assert 30_000 < gain.gain_likely < 55_000
    assert gain.gain_low > 0
    assert loss.gain_high < 0
    for claim in (gain, loss):
        actions.sign_money(claim=claim, by=stories.FINANCE, at=NOON)
    ledger = read(stories.SPONSOR, "/prove/ledger/")
    assert "signed by finance for 2 claims" in ledger
    assert "Scripts for the twelve agents" in ledger[ledger.index("No money follows") :]
