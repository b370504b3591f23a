"""The sample organisation in the browser: `xmo demo` makes it, serves it, ends calmly and goes on the next time."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from openxmo.cli.story.rows.people import SAMPLE_PASSWORD
from openxmo.office.accounts.roles import ROLES
from tests.functional.machine.serving import Served, Visitor, command, environment, free_port, wait_until

SIZE = "50000"  # the least that holds a story
MAKING = 240.0  # seconds, on a machine that does much else


def look_at_demo(served: Served) -> None:
    """Begin the demo, sign in as soon as it tells its address, end it with Ctrl-C."""
    served.log.write_bytes(b"")
    line = [sys.executable, "-m", "openxmo.cli", "demo", str(served.home), "--nothing-planted", "--size", SIZE]
    with served.log.open("ab") as log:
        demo = subprocess.Popen([*line, "--port", str(served.port)], stdout=log, stderr=log, env=environment())
    address = f"The office is at http://127.0.0.1:{served.port}"
    try:
        wait_until(
            lambda: address in served.log.read_text() or demo.poll() is not None,
            within=MAKING,
            told=served.log.read_text,
        )
        told = served.log.read_text()
        assert address in told, told
        lead = re.search(rf"^\s*{re.escape(ROLES['xmo_lead'].label)}\s\s+(.+?)\s*$", told, re.MULTILINE)
        password = re.search(r"with the password: (.+)", told)
        assert lead is not None, told
        assert password is not None, told
        visitor = Visitor(served)
        assert password[1].strip() == SAMPLE_PASSWORD  # whole on its line, to be copied
        visitor.sign_in(lead[1], SAMPLE_PASSWORD)
        assert visitor.get("/start/").status == 200
    finally:
        demo.send_signal(signal.SIGINT)
        code = demo.wait(timeout=120)
    after = served.log.read_text().partition(address)[2]
    assert code == 0, after
    assert not re.search("Traceback|FATAL|terminate called", after), after
    served.wait_for_silence()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.long)])
def test_the_demo_is_made_served_stopped_and_gone_on_with(tmp_path: Path, times: int) -> None:
    served = Served(tmp_path / "demo", free_port(), tmp_path / "log")
    signals = []
    for _ in range(times):
        look_at_demo(served)
        signals.append(sum(row["signals"] for row in command(served.home, "sources")["rows"]))
    assert signals[0] > 1000
    assert set(signals) == {signals[0]}
