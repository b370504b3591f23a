"""A mapping that makes no sense is refused with the line, the key and how to mend it."""

import re
from pathlib import Path

import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.mapping import load_mapping

BASE = """source = "s"
[table.t]
file = "*.csv"
[[signal]]
id = "{a}"
happened_at = "{d}"
kind = "X"
name = "n"
"""

# What is added to the mapping, and what must be said of it (a regular expression over the whole sentence).
ADDED = {
    'valu = "{a}"': r"`valu` is no field.*line 9, signal\[1\]\.valu\).*`value`",
    'value = { form = "{a}" }': r"`form` is no key.*line 9, signal\[1\]\.value\.form\).*`from`",
    'value = { from = "{a}", first = ["{b}"] }': r"2 ways.*line 9",
    "value = { multiply = 2 }": r"does not say where it comes from.*line 9",
    'value = { from = "{a}", unit = "weeks" }': r"weeks.*line 9",
    'value = { from = "{a}", map = 3 }': r"expected a table.*line 9",
    'value = ["{a}"]': r"not a list.*line 9",
    'value = { count = "lines" }': r"`lines` is none.*line 9",
    'value = { between = ["{a}"], unit = "h" }': r"length 2.*line 9",
    'label = { compare = ["{a}", "{d}"] }': r"no outcome.*line 9",
    'label = { from = "{a}", known = ["x"], map = { y = "z" } }': r"stand together.*line 9",
    'ended_at = { from = "{d}", dates = ["dd/mm/yyyy"] }': r"no date format.*line 9",
    'ended_at = { from = "{d}", dates = ["%d %d"] }': r"no date format.*line 9",
    'ended_at = { from = "{d}", zone = "Europe/Wien" }': r"no time zone.*line 9",
    'scale = "five"': r"`scale` cannot be `five`.*line 9.*0\.\.10",
    'subject_kind = "staff"': r"cannot be `staff`.*line 9.*employee",
    'text = "{a"': r"single brace.*line 9",
    'text = "{}"': r"no column.*line 9",
    'text = "{#each}"': r"`each`.*line 9",
    'objects = [{ all = "x:{a}" }]': r"many = true.*line 9",
    'needs = ["value"]': r"`needs` names `value`.*line 9",
    "when = { a = 3 }": r"expected.*line 9",
    'table = "u"': r"`u` is no table.*line 9.*`t`",
    "[signal.attrs]\nx = 1979-05-27": r"a date is written as text.*line 10",
    '[lookup.o]\nkey = "a"\nby = "{p.x}"\n[lookup.p]\nkey = "x"\nby = "{o.y}"': r"circle: o → p → o.*line 9",
    '[lookup.o]\nfile = "o.csv"': r"`?key`?.*line 9, lookup\.o",
    '[lookup.o]\nkey = ["a", "b"]\nby = "{a}"': r"as many values.*line 11",
    '[lookup."a.b"]\nkey = "a"': r"may not be the name.*line 9",
}


def refusal(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableInput) as caught:
        load_mapping(path)
    return str(caught.value)


@pytest.mark.parametrize("added", ADDED)
def test_a_fault_is_told_with_its_place(tmp_path: Path, added: str) -> None:
    said = refusal(tmp_path / "m.toml", BASE + added + "\n")
    assert re.search(ADDED[added], said), said
    assert str(tmp_path / "m.toml") in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('kind = "X"', 'kind = "Q"', "`kind` cannot be `Q`.*line 7.*X, O, T and B"),
        ('name = "n"\n', "", "says nothing of `name`.*line 4"),
        ("file =", "fil =", r"`fil` is no key here.*line 3, table\.t\.fil\).*`file`"),
        ('"*.csv"', '"*.csv"\nencoding = "utf9"', "no encoding.*line 4"),
        ('"*.csv"', '"*.csv"\nencoding = "base64"', "no encoding.*line 4"),
        ("source", "sauce", "`sauce` is no key here.*line 1.*`source`"),
        ("[table.t]", "[tables.t]", "names no file to make signals of"),
        (BASE, "", "names no file to make signals of"),
        (BASE, "x", "no TOML"),
        ("[[signal]]", "[signal]", "expected a list"),
        ('"s"', '"s"\ntable = 3', "no TOML"),
        (BASE, "table = 3", r"write `\[table\.NAME\]`"),
    ],
)
def test_a_fault_in_the_frame_is_told_with_its_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    told = refusal(tmp_path / "m.toml", BASE.replace(before, after, 1))
    assert re.search(said, told), told


def test_with_several_tables_a_signal_says_of_which_it_is(tmp_path: Path) -> None:
    assert "of which `table` it is" in refusal(tmp_path / "m.toml", BASE + '[table.u]\nfile = "u.csv"\n')


def test_a_mapping_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"cannot be read.*gone\.toml"):
        load_mapping(tmp_path / "gone.toml")
    (tmp_path / "m.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UnreadableInput, match="not UTF-8"):
        load_mapping(tmp_path / "m.toml")
