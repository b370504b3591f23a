"""The `xmo` command as a person or a script uses it: what it answers, what it refuses, and how it ends."""

import gzip
import json
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from openxmo.cli.commands import COMMANDS
from openxmo.core.signals.door.importing import put_batch
from openxmo.core.signals.store.home import Home
from tests.functional.homes import answers, ask, change_office, make_office, refuse, take_in, xmo
from tests.spec.signals.door import as_lines

SCORES = [10, 9, 9, 10, 8, 7, 3, 6, 9, 10, 0, 8] * 4  # 24 promoters and 12 detractors of 48: an NPS of 25
PEOPLE = """
[[person]]
name = "vera"
roles = ["validation_expert"]
agent = "agent-vera"

[office]
zone = "Europe/Vienna"

[[unit]]
key = "north"

[[unit]]
key = "south"

[[person]]
name = "nora"
roles = ["team_lead"]
units = ["north"]

[[person]]
name = "adam"
roles = ["administrator"]

[[person]]
name = "ella"
roles = ["analyst"]
"""
ROW = {"by", "period", "n", "effective_n", "value", "low", "high", "method", "detectable", "suppressed", "excluded"}
Number = (int, float)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """48 answers, half of them of each unit and each channel; only read by the tests below."""
    rows = answers(SCORES)
    for place, row in enumerate(rows):
        row |= {"unit": "north" if place % 2 else "south", "channel": ("chat", "phone", "mail")[place % 3]}
    return make_office(tmp_path_factory.mktemp("office") / "home", *rows, office=PEOPLE)


def score(home: Path, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ask(home, "score", "nps", *words)["rows"]
    return rows


# JSON


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


# QUESTIONS


def test_the_ends_of_ranges_are_left_out_and_days_are_those_of_the_offices_zone(office: Path) -> None:
    # The first answer, at midnight UTC, was given at one o'clock in Vienna; the day there has 23 answers and that one.
    assert score(office)[0]["n"] == 48
    assert score(office, "--since", "2026-03-02")[0]["n"] == 25
    assert score(office, "--until", "2026-03-02")[0]["n"] == 23
    assert score(office, "--since", "2026-03-01", "--until", "2026-03-03")[0]["n"] == 47


def test_a_range_that_ends_before_it_starts_is_wrong_usage(office: Path) -> None:
    code, error = refuse(office, "score", "nps", "--since", "2026-03-02", "--until", "2026-03-01")
    assert code == 2
    assert error["what"]


def test_the_same_key_again_means_or_and_another_key_means_and(office: Path) -> None:
    chat, phone = ("--where", "channel=chat"), ("--where", "channel=phone")
    assert [score(office, *words)[0]["n"] for words in (chat, phone, (*chat, *phone))] == [16, 16, 32]
    assert score(office, *chat, "--where", "unit=north")[0]["n"] == 8


def test_the_moment_judged_from_leaves_out_what_came_later(office: Path) -> None:
    assert score(office, "--as-of", "2026-03-01T05:00:00Z")[0]["n"] == 6  # the moment itself included
    assert score(office, "--as-of", "2026-03-01T06:00:00")[0]["n"] == 6  # without a zone the office's: five in UTC


def test_what_was_known_at_a_moment_can_be_asked(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES))
    before = datetime.now(UTC).isoformat()
    take_in(home, *answers([0] * 12, first=100), name="later")
    assert score(home)[0]["n"] == 60
    assert score(home, "--known-at", before)[0]["n"] == 48
    assert score(home, "--known-at", before)[0]["value"] == 25.0
    assert score(home, "--known-at", "2020-01-01")[0]["n"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["score", "npz"], "npz"),
        (["score", "nps", "--by", "chanel"], "chanel"),
        (["score", "nps", "--where", "chanel=chat"], "chanel"),
        (["score", "nps", "--since", "tomorrow"], "tomorrow"),
        (["score", "nps", "--as-of", "noon"], "noon"),
        (["score", "nps", "--where", "channel"], "channel"),
        (["score", "nps", "--every", "fortnight"], "fortnight"),
        (["score", "nps", "--by", "agent"], "agent"),
        (["score", "nps", "--every", "day"], "day"),
        (["score"], "metric"),
        (["scor", "nps"], "scor"),
        (["explain", "nps", "--before", "2026-03-01", "--after", "2026-03-02..2026-03-03"], "2026-03-01"),
        (["gap", "nothing"], "nothing"),
        (["withdraw", "nothing", "--reason", "r"], "nothing"),
        (["sample", "sfo_airport_surve"], "sfo_airport_surve"),
        (["prove", "nps"], "--treated"),
        (["contact", "nothing"], "nothing"),
    ],
)
def test_wrong_usage_ends_with_2_and_names_what_was_wrong(office: Path, words: list[str], said: str) -> None:
    code, error = refuse(office, *words)
    assert code == 2
    assert said in error["what"]


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["score", "npz"], "nps"),
        (["score", "nps", "--by", "chanel"], "channel"),
        (["scor", "nps"], "score"),
        (["sample", "sfo_airport_surve"], "sfo_airport_survey"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(office: Path, words: list[str], near: str) -> None:
    assert near in refuse(office, *words)[1]["mend"]


# IMPORT


def test_a_file_with_bad_rows_ends_well_and_says_where_they_are(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    receipt = take_in(home, *answers([9, 8, 7]), b"no row", {"id": "x"}, *answers([3]), *answers([9]))
    counts = [receipt[name] for name in ("rows", "received", "accepted", "duplicates", "conflicts", "rejected")]
    assert counts == [7, 7, 3, 1, 1, 2]
    rejects = Path(receipt["rejects"])
    assert rejects.is_absolute()
    kept = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert [entry["line"] for entry in kept] == [4, 5, 6]
    assert all(entry["sentence"] for entry in kept)


CUT_OFF = gzip.compress(b"{}" * 99, mtime=0)[:-9]


@pytest.mark.parametrize("content", [None, b"\x1f\x8bnot gzip", CUT_OFF], ids=["missing", "no gzip", "cut off"])
def test_what_cannot_be_read_ends_with_3_and_changes_nothing(
    office: Path, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "rows.ndjson.gz"
    if content is not None:
        file.write_bytes(content)
    before = ask(office, "sources")
    code, error = refuse(office, "import", file)
    assert (code, bool(error["what"])) == (3, True)
    assert ask(office, "sources") == before


def test_a_check_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers([9]))
    file = tmp_path / "more.ndjson"
    file.write_bytes(as_lines([*answers([9, 8, 7]), b"no row"]))
    checked = ask(home, "import", file, "--check")
    assert score(home)[0]["n"] == 1
    stored = ask(home, "import", file)
    for name in ("rows", "received", "accepted", "duplicates", "conflicts", "rejected"):
        assert checked[name] == stored[name]
    assert score(home)[0]["n"] == 3


def test_rows_that_name_no_source_get_the_one_named_beside_them(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    rows = [{key: value for key, value in row.items() if key != "source"} for row in answers([9, 8])]
    file = tmp_path / "rows.ndjson"
    file.write_bytes(as_lines(rows))
    assert ask(home, "import", file)["rejected"] == 2
    assert ask(home, "import", file, "--source", "shop")["accepted"] == 2
    assert [row["source"] for row in ask(home, "sources")["rows"]] == ["shop"]


def test_a_csv_goes_through_a_mapping_and_a_bad_mapping_ends_with_3(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    (tmp_path / "rows.csv").write_text("no;day;rank\n1;05.01.2026;9\n2;soon;3\n3;06.01.2026;\n")
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'source = "till"\nzone = "UTC"\ndates = ["%d.%m.%Y"]\n[table.t]\nfile = "*.csv"\ndelimiter = ";"\n'
        '[[signal]]\nneeds = ["value"]\nid = "{no}"\nhappened_at = "{day}"\nkind = "X"\nname = "nps"\nscale = "0..10"\n'
        'value = "{rank}"\nsubject_kind = "customer"\n'
    )
    receipt = ask(home, "import", tmp_path / "rows.csv", "--mapping", mapping)
    assert (receipt["rows"], receipt["accepted"], receipt["rejected"]) == (3, 1, 1)
    mapping.write_text(mapping.read_text().replace("needs =", "need ="))
    code, error = refuse(home, "import", tmp_path / "rows.csv", "--mapping", mapping)
    assert code == 3
    assert "need" in error["what"]
    assert "needs" in error["mend"]


def test_a_withdrawn_import_counts_no_more_and_may_come_again(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    receipt = take_in(home, *answers(SCORES))["receipt"]
    done = ask(home, "withdraw", receipt, "--reason", "the wrong file")
    assert (done["withdrawn"], score(home)[0]["n"]) == (48, 0)
    assert take_in(home, *answers(SCORES))["accepted"] == 48
    assert score(home)[0]["value"] == 25.0
    assert refuse(home, "withdraw", receipt, "--reason", "again")[0] == 2
    assert ask(home, "doctor")["ok"]


def test_a_mark_leaves_a_signal_out_and_lifting_it_brings_it_back(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES), office=PEOPLE)
    words = ("mark", "web", "a0", "a1", "--as-what", "spam", "--reason", "a robot")
    assert ask(home, *words)["signals"] == 2
    (row,) = score(home)
    assert (row["n"], sum(row["excluded"].values())) == (46, 2)
    assert score(home, "--include-excluded")[0]["n"] == 46  # marks always apply
    assert ask(home, *words, "--lift")["signals"] == 2
    assert score(home)[0]["n"] == 48


def test_leaving_an_answer_out_takes_a_second_person(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES), office=PEOPLE)
    words = ("mark", "web", "a0", "--as-what", "excluded", "--reason", "asked twice")
    assert refuse(home, *words)[0] in (2, 4)
    for nobody in ("ghost", "ella"):  # not of this office; without the right
        assert refuse(home, *words, "--confirmed-by", nobody)[0] == 4
    assert score(home)[0]["n"] == 48
    assert ask(home, *words, "--confirmed-by", "vera")["signals"] == 1
    assert score(home)[0]["n"] == 47


def test_a_mark_without_a_reason_is_refused(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES))
    assert refuse(home, "mark", "web", "a0", "--as-what", "spam", "--reason", "  ")[0] == 2


def test_words_of_others_do_not_steer_the_terminal(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES, channel="\x1b[31mred"))
    assert "\x1b" not in xmo("score", "nps", "--by", "channel", "--home", home).out


@pytest.mark.parametrize("key", ["c3", "7", "2026"])
def test_a_short_key_is_erased_and_not_seen_in_numbers(tmp_path: Path, key: str) -> None:
    rows = answers(SCORES)
    rows[0]["subject"] = key
    home = make_office(tmp_path / "home", *rows)
    erased = ask(home, "erase", key)
    assert (erased["signals"], erased["leftovers"]) == (2 if key == "c3" else 1, [])


def test_a_restored_office_has_forgotten_whom_it_erased_since(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES, agent="agent-vera"), office=PEOPLE)
    ask(home, "backup", tmp_path / "office.tar.zst")
    ask(home, "erase", "agent-vera")
    later = home / "keys" / "tombstones.json"
    ask(tmp_path / "again", "restore", tmp_path / "office.tar.zst", "--tombstones", later)
    found = [path for path in (tmp_path / "again").rglob("*") if path.is_file() and b"agent-vera" in path.read_bytes()]
    assert found == []


@pytest.mark.parametrize("by", ["channel", "channel,region,product,site,device,segment"])
def test_a_move_between_two_silent_periods_is_told_as_unknown(office: Path, by: str) -> None:
    ranges = ("--before", "2020-01-01..2020-02-01", "--after", "2020-02-01..2020-03-01")
    told = ask(office, "explain", "nps", *ranges, "--by", by)
    assert (told["change"]["value"], told["parts"], told["localised"]) == (None, [], [])
    half = ask(
        office, "explain", "nps", "--before", "2020-01-01..2020-02-01", "--after", "2026-03-01..2026-04-01", "--by", by
    )
    assert half["change"]["value"] is None


# PEOPLE


def test_a_person_asks_within_their_units_only(office: Path) -> None:
    assert score(office, "--as", "nora")[0]["n"] == 24
    assert [row["by"]["unit"] for row in score(office, "--as", "nora", "--by", "unit")] == ["north"]
    assert score(office, "--as", "nora", "--where", "unit=south")[0]["n"] == 0
    assert score(office, "--as", "ella")[0]["n"] == 48


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("adam", ["score", "nps"]),
        ("adam", ["gap"]),
        ("adam", ["import", "FILE"]),
        ("nora", ["import", "FILE"]),
        ("nora", ["withdraw", "x", "--reason", "r"]),
        ("nora", ["export"]),
        ("nora", ["erase", "customer-1"]),
        ("ella", ["doctor"]),
        ("ella", ["upgrade"]),
        ("ella", ["restore", "FILE"]),
        ("ella", ["backup", "FILE"]),
        ("ella", ["apply", "FILE"]),
        ("ella", ["mark", "web", "a0", "--as-what", "spam", "--reason", "r"]),
        ("nobody", ["score", "nps"]),
    ],
)
def test_who_may_not_is_refused_with_4(office: Path, tmp_path: Path, name: str, words: list[str]) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    code, error = refuse(office, *[str(file) if word == "FILE" else word for word in words], "--as", name)
    assert (code, bool(error["what"])) == (4, True)


def test_the_administrator_may_keep_the_system(office: Path) -> None:
    assert ask(office, "doctor", "--as", "adam")["ok"]


# THE OFFICE


def contents(folder: Path) -> dict[Path, bytes]:
    """All files but the memory that processes share while they have the database open."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {path: path.read_bytes() for path in files}


def test_init_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    assert ask(tmp_path / "x", "init") == {"home": str(tmp_path / "x"), "made": True}
    before = contents(tmp_path / "x")
    assert ask(tmp_path / "x", "init")["made"] is False
    assert contents(tmp_path / "x") == before


def test_init_works_beside_other_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "pictures").mkdir()
    assert ask(tmp_path, "init")["made"] is True
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert ask(tmp_path, "score", "nps")["rows"][0]["n"] == 0


def test_the_home_is_named_or_in_the_environment_or_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENXMO_HOME", raising=False)
    assert xmo("init", "--json").document["home"] == str(tmp_path / "var")
    monkeypatch.setenv("OPENXMO_HOME", str(tmp_path / "other"))
    assert xmo("init", "--json").document["home"] == str(tmp_path / "other")
    assert xmo("init", "third", "--json").document["home"] == str(tmp_path / "third")
    assert (tmp_path / "var" / "openxmo.toml").exists()


def test_where_no_office_stands_a_sentence_says_so(tmp_path: Path) -> None:
    code, error = refuse(tmp_path / "nowhere", "score", "nps")
    assert code == 3
    assert "xmo init" in error["mend"]
    assert not (tmp_path / "nowhere").exists()


def test_an_office_file_round_trips(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", office=PEOPLE)
    exported = xmo("export", "--home", home).out
    assert ask(home, "export") == tomllib.loads(exported)
    again = make_office(tmp_path / "again")
    change_office(again, exported)
    assert xmo("export", "--home", again).out == exported
    file = tmp_path / "same.toml"
    file.write_text(exported)
    assert xmo("apply", file, "--home", home).out == "The office is as the file says already.\n"


def test_a_new_metric_is_measured_and_a_mistake_changes_nothing(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES))
    file = tmp_path / "m.toml"
    file.write_text('[[metric]]\nkey = "fans"\nsignal = "nps"\nscore = { kind = "top_box", top = 9 }\n')
    ask(home, "apply", file, "--check")
    assert refuse(home, "score", "fans")[0] == 2
    ask(home, "apply", file)
    (row,) = ask(home, "score", "fans")["rows"]
    assert (row["value"], row["n"]) == (pytest.approx(100 * 24 / 48), 48)
    file.write_text('[[metric]]\nkey = "fans"\nsignal = "nps"\nbeter = "lower"\nscore = { kind = "mean" }\n')
    before = xmo("export", "--home", home).out
    code, error = refuse(home, "apply", file)
    assert code in (2, 3)
    assert "beter" in error["what"]
    assert xmo("export", "--home", home).out == before


# KEEPING


def test_the_worker_stores_what_waits_in_the_inbox(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    at = datetime.now(UTC)
    for number in range(3):
        batch = as_lines(answers([9, 3], first=10 * number))
        put_batch(Home.at(home), [batch], source=None, by="api", at=at + timedelta(microseconds=number))
    assert score(home)[0]["n"] == 0
    done = ask(home, "worker", "--drain")
    assert (done["batches"], done["signals"], len(done["receipts"])) == (3, 6, 3)
    assert ask(home, "worker", "--drain")["batches"] == 0
    assert score(home)[0]["n"] == 6


def test_a_backup_comes_back_as_it_was(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES), office=PEOPLE)
    file = tmp_path / "copy.tar.zst"
    assert ask(home, "backup", file)["file"] == str(file)
    again = tmp_path / "again"
    assert xmo("restore", file, "--home", again, "--json").document["signals"] == 48
    assert score(again) == score(home)
    assert xmo("export", "--home", again).out == xmo("export", "--home", home).out
    assert refuse(home, "restore", file)[0] in (2, 3)
    assert refuse(home, "backup", file)[0] == 2
    assert ask(again, "doctor")["ok"]


def test_an_erased_person_is_gone_and_stays_away(tmp_path: Path) -> None:
    person = "maria.zwettler.4711"
    rows = answers(SCORES)
    rows[5]["subject"] = person
    home = make_office(tmp_path / "home", *rows)
    assert ask(home, "erase", person)["signals"] == 1
    assert score(home)[0]["n"] == 47
    assert [path for path in home.rglob("*") if path.is_file() and person.encode() in path.read_bytes()] == []
    again = take_in(home, *rows, name="again")
    assert (again["accepted"], again["duplicates"], again["rejected"]) == (0, 47, 1)
    assert ask(home, "doctor")["ok"]


def test_the_doctor_ends_with_1_where_something_is_lost(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES))
    assert xmo("doctor", "--home", home).code == 0
    next((home / "lake" / "signals").rglob("*.parquet")).unlink()
    answer = xmo("doctor", "--home", home, "--json")
    assert (answer.code, answer.document["ok"]) == (1, False)
    assert all(check["mend"] for check in answer.document["checks"] if not check["ok"])


def test_sources_tell_how_much_came_and_how_good_it_is(office: Path) -> None:
    document = ask(office, "sources")
    assert [(row["source"], row["signals"]) for row in document["rows"]] == [("web", 48)]
    assert all(0 <= row["quality"] <= 1 for row in document["rows"])


def test_an_office_of_this_version_is_not_upgraded(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    document = ask(home, "upgrade")
    assert (document["steps"], document["backup"]) == (0, None)


def test_an_office_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home")
    settings = home / "openxmo.toml"
    lines = settings.read_text().splitlines()
    newer = [line.partition("=")[0] + "= 99" if line.startswith("format") else line for line in lines]
    assert newer != lines
    settings.write_text("\n".join(newer) + "\n")
    assert refuse(home, "score", "nps")[0] == 3
    assert refuse(home, "upgrade")[0] == 3


# STARTING


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
