"""What people wait for, done by the real processes: a file that becomes signals, an answer that becomes a case."""

import os
import re
import sqlite3
import time
from pathlib import Path

import pytest

from openxmo.office.listen.states import ImportState
from tests.functional.homes import make_office
from tests.functional.machine.serving import Visitor, command, serving, wait_until

pytestmark = pytest.mark.timeout(900)
WITHIN = 10.0  # seconds from an answer to its case, as promised
FILE = "customer_id,answered_at,nps,channel\n" + "".join(
    f"c{place},2026-03-{1 + place % 28:02d}T10:00:00Z,{place % 11},{'chat' if place % 2 else 'phone'}\n"
    for place in range(400)
)
BAD_ANSWER = {"q1": "1", "q2": "2", "q3": "no", "q4": "Three calls.", "q5": "yes", "address": "ann@mail.example"}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return make_office(tmp_path / "office")


def let_silence_grow(office: Path) -> None:
    """The worker has told nothing for longer than others have patience; nobody needs to wait for that."""
    earlier = "update listen_fileimport set touched_at = datetime(touched_at, '-1 hour') where state = ?"
    with sqlite3.connect(office / "office" / "office.sqlite3", timeout=30) as rows:
        rows.execute(earlier, (ImportState.RUNNING,))


def add_person(office: Path, name: str, role: str) -> str:
    """Their password."""
    made: str = command(office, "user", "add", name, "--role", role)["password"]
    return made


def test_a_file_from_the_browser_is_stored_by_the_worker_also_when_it_is_killed_meanwhile(office: Path) -> None:
    password = add_person(office, "Cole", "collection_expert")
    with serving(office, "web") as served:
        cole = Visitor(served)
        cole.sign_in("Cole", password)
        sent = cole.send("/listen/files/", {"source": "survey"}, file=("answers.csv", FILE.encode()))
        assert sent.status == 200, sent.text
        assert "400" in sent.text
        waiting = cole.send(sent.address, {}, action=f"{sent.address}store/")
        assert waiting.status == 200, waiting.text
        assert "are stored" not in waiting.text
        served.start("worker")
        served.kill("worker")  # wherever it is by now: before, within or after it
        let_silence_grow(office)
        served.start("worker")

        def stored() -> bool:
            return "400 signals of answers.csv are stored" in cole.get(sent.address).text

        wait_until(stored, within=300, told=lambda: cole.get(sent.address).text + served.log.read_text())
        assert served.end("worker") == 0
        served.end("web")
    receipts = command(office, "sources")["rows"]
    assert [(row["source"], row["signals"]) for row in receipts] == [("survey", 400)]
    assert command(office, "doctor")["ok"]


def test_a_bad_answer_at_a_public_link_is_a_case_within_ten_seconds(office: Path) -> None:
    password = add_person(office, "Lea", "xmo_lead")
    key = command(office, "key", "add", "desk", "--scope", "cases:read")["key"]
    with serving(office, "web", "worker") as served:
        lea = Visitor(served)
        lea.sign_in("Lea", password)
        opened = lea.send("/listen/surveys/after-contact/open/", {"label": "receipt", "unit": "", "channel": "web"})
        assert opened.status == 200, opened.text
        link = re.search(r"/listen/s/[^/\"<\s]+/", opened.text)
        assert link is not None, opened.text

        def cases() -> list[dict[str, object]]:
            status, told = served.call("GET", "/api/v1/cases", Authorization=f"Bearer {key}")
            assert status == 200, told
            rows: list[dict[str, object]] = told["rows"]
            return rows

        assert cases() == []
        customer = Visitor(served)
        page = customer.get(link[0])
        assert page.status == 200
        action = re.search(r'action="([^"]*\?n=[^"]*)"', page.text)
        assert action is not None, page.text
        thanked = customer.post(action[1].replace("&amp;", "&"), BAD_ANSWER)
        answered = time.monotonic()
        assert "Your answer is kept" in thanked.text
        wait_until(lambda: len(cases()) > 0, within=60, told=served.log.read_text)
        took = time.monotonic() - answered
        (case,) = cases()
        assert (case["state"], case["score"], case["words"], case["channel"]) == ("open", 1.0, "Three calls.", "web")
        assert case["first_reply_due_at"] is not None
        if os.getloadavg()[0] < 2 * (os.cpu_count() or 1):  # where much else runs, seconds say nothing
            assert took < WITHIN
        assert served.end("worker") == 0
        served.end("web")
