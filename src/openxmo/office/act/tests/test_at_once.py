"""Several at once on one database file: a case has one holder, and a rule fires once."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from openxmo.office.act.tests.at_once import ROUNDS


def test_of_two_who_take_a_case_one_has_it_and_of_three_workers_one_opens_it(
    office_as_made: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(office_as_made, home)
    environment = {name: value for name, value in os.environ.items() if name not in ("OPENXMO_HOME", "DATABASE_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "openxmo.office.act.tests.at_once", str(home)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert sorted(told["opened"]) == [0, 0, ROUNDS]
    assert told["rows"] == {"Case": ROUNDS, "Firing": ROUNDS, "EscalationEvent": 6 * ROUNDS}
    for holder, said in zip(told["holders"], told["taken"], strict=True):
        assert sorted(said) == sorted([f"{holder} has it", f"{holder} has this case."])
