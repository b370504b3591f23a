"""What each command prints: one document of the promised shape, or a table for a person; and how it starts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from openxmo.cli.commands import COMMANDS
from tests.functional.command.told import PEOPLE, ROW, Number
from tests.functional.homes import answers, ask, make_office, take_in, xmo
from tests.spec.signals.door import as_lines


def test_a_score_has_exactly_the_promised_shape(office: Path) -> None:
    document = ask(office, "score", "nps", "--by", "channel", "--every", "month")
    assert set(document) == {"metric", "version", "unit", "rows", "lake_version"}
    assert (document["metric"], document["version"], document["unit"]) == ("nps", 1, "points")
    assert isinstance(document["lake_version"], int)
    assert [row["by"] for row in document["rows"]] == [{"channel": "chat"}, {"channel": "mail"}, {"channel": "phone"}]
    for row in document["rows"]:
        assert set(row) == ROW
        assert row["period"] == "2026-03"
        assert isinstance(row["n"], int)
        assert isinstance(row["method"], str)
        assert isinstance(row["excluded"], dict)
        assert all(isinstance(row[name], Number) for name in ("effective_n", "low", "high", "detectable"))
        assert (row["value"], row["suppressed"]) == (None, "too_few")  # 16 of the 30 that the metric asks for


def test_an_explanation_has_exactly_the_promised_shape(office: Path) -> None:
    ranges = ("--before", "2026-03-01..2026-03-02", "--after", "2026-03-02..2026-03-03")
    document = ask(office, "explain", "nps", *ranges, "--by", "channel")
    assert set(document) == {"before", "after", "change", "parts", "localised"}
    assert set(document["change"]) == {"value", "low", "high", "p"}
    for part in document["parts"]:
        assert set(part) == {"by", "mix", "rate", "n_before", "n_after", "low", "high"}
    moved = sum(part["mix"] + part["rate"] for part in document["parts"])
    assert moved == pytest.approx(document["change"]["value"], abs=1e-9)
    assert document["localised"] == []


def test_a_receipt_has_exactly_the_promised_shape(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    receipt = take_in(home, *answers([9, 8]))
    numbers = {"rows", "received", "accepted", "duplicates", "conflicts", "rejected", "lake_version"}
    assert set(receipt) == numbers | {"rejects", "receipt"}
    assert all(isinstance(receipt[name], int) for name in numbers)
    assert (receipt["rejects"], receipt["accepted"]) == (None, 2)
    assert isinstance(receipt["receipt"], str)


def every_command(home: Path, folder: Path) -> dict[str, list[str]]:
    """Words for each command, all of which must print one document; some of them refuse."""
    (folder / "office.toml").write_text(PEOPLE)
    (folder / "none.ndjson").write_bytes(as_lines(answers([9])))
    (folder / "items.toml").write_text('[[item]]\nkey = "a"\n')
    days = ["--before", "2026-03-01..2026-03-02", "--after", "2026-03-02..2026-03-03"]
    return {
        "demo": [str(home)],
        "init": [str(home)],
        "sample": [],
        "import": [str(folder / "none.ndjson"), "--check"],
        "sources": [],
        "withdraw": ["none", "--reason", "r"],
        "mark": ["web", "none", "--as-what", "spam", "--reason", "r"],
        "score": ["nps"],
        "contact": ["none"],
        "explain": ["nps", *days, "--by", "channel"],
        "rank": [str(folder / "items.toml")],
        "prove": ["nps", "--by", "channel", "--treated", "chat", "--change", "2026-03-02"],
        "gap": [],
        "metrics": [],
        "apply": [str(folder / "office.toml"), "--check"],
        "export": [],
        "user": [],
        "key": [],
        "erase": [],
        "up": ["--port", "0"],
        "web": ["--port", "0"],
        "worker": ["--drain"],
        "doctor": [],
        "backup": [str(folder / "copy.tar.zst")],
        "restore": [str(folder / "copy.tar.zst")],
        "upgrade": [],
    }


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_prints_one_document_and_nothing_else(office: Path, tmp_path: Path, command: str) -> None:
    answer = xmo("--json", command, *every_command(office, tmp_path)[command], "--home", office)
    assert answer.code in (0, 2, 3), answer.err
    document = json.loads(answer.out)
    assert answer.out.count("\n") == 1
    assert ("error" in document) == (answer.code != 0)
    if answer.code:
        assert set(document["error"]) == {"what", "where", "mend"}
        assert answer.err.startswith("xmo: ")


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        xmo(command, "--help")
    assert end.value.code == 0
    assert not capsys.readouterr().err


def test_options_of_all_commands_may_stand_before_the_command(office: Path) -> None:
    after = xmo("score", "nps", "--home", office, "--json")
    assert xmo("--json", "--home", office, "score", "nps").out == after.out
    assert xmo("--home", office, "score", "nps", "--json").out == after.out


def test_without_json_a_person_reads_a_table(office: Path) -> None:
    told = xmo("score", "nps", "--home", office)
    assert told.err == ""
    assert told.out.startswith("What is NPS?\n")
    assert "25.0" in told.out
    assert "48" in told.out


def test_help_imports_nothing_heavy() -> None:
    heavy = ("ibis", "duckdb", "pyarrow", "pandas", "numpy", "scipy", "deltalake", "rich", "msgspec")
    code = (
        "import sys; from openxmo.cli import main; main(['--help']);"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(f"  {command.name} " in done.stdout for command in COMMANDS)


def test_a_version_and_an_empty_line_are_answered() -> None:
    assert xmo("--version").out.startswith("xmo ")
    assert xmo().out == xmo("--help").out == xmo("help").out
