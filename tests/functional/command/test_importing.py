"""Files by the command: taken in, refused, checked, withdrawn and marked."""

import gzip
import json
from pathlib import Path

import pytest

from tests.functional.command.told import PEOPLE, SCORES, score
from tests.functional.homes import answers, ask, make_office, refuse, take_in, xmo
from tests.spec.signals.door import as_lines


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
