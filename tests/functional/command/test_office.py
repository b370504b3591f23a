"""Who may ask what by the command, and the office as a file."""

import tomllib
from pathlib import Path

import pytest

from tests.functional.command.told import PEOPLE, SCORES, score
from tests.functional.homes import answers, ask, change_office, make_office, refuse, xmo


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


def test_who_changes_the_office_by_a_file_changes_roles_only_with_the_right_to(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", office=PEOPLE)
    change_office(
        home, '[[person]]\nname = "sue"\nroles = ["survey_architect"]\n[[person]]\nname = "lea"\nroles = ["xmo_lead"]\n'
    )
    file = tmp_path / "roles.toml"
    file.write_text('[[person]]\nname = "ella"\nroles = ["xmo_lead"]\n')
    code, error = refuse(home, "apply", file, "--as", "sue")
    assert (code, "ella" in error["what"]) == (4, True)
    file.write_text('[[dimension]]\nkey = "brand2"\ncolumn = "attrs.brand2"\n')
    assert ask(home, "apply", file, "--as", "sue")["added"] == {"dimension": ["brand2"]}
    file.write_text('[[person]]\nname = "ella"\nroles = ["executive"]\n')
    assert ask(home, "apply", file, "--as", "lea")["changed"] == {"person": ["ella"]}


def test_the_administrator_may_keep_the_system(office: Path) -> None:
    assert ask(office, "doctor", "--as", "adam")["ok"]


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
