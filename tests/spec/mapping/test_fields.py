"""What a field of a mapping can say, each on a tiny table."""

import pytest

from tests.spec.mapping.conftest import Run
from tests.spec.mapping.forms import HEAD, codes, signals, values

DAY = "2026-01-05"


def table(cells: str, *rows: str) -> dict[str, str | bytes]:
    lines = [f"id,day,{cells}", *(f"{place},{DAY},{row}" for place, row in enumerate(rows, start=1))]
    return {"answers.csv": "\n".join(lines) + "\n"}


def test_a_text_in_braces_is_a_column_and_all_other_text_is_itself(mapped: Run) -> None:
    (signal,) = signals(mapped(HEAD + 'value = "{stars}"\nchannel = "web"\n', table("stars", "4")))
    assert signal == {
        "id": "1",
        "source": "shop",
        "happened_at": "2026-01-05T00:00:00+00:00",
        "kind": "X",
        "name": "csat",
        "scale": "1..5",
        "value": 4.0,
        "channel": "web",
    }


def test_a_template_joins_columns_and_is_missing_where_one_of_them_is(mapped: Run) -> None:
    rows = mapped(HEAD + 'contact = "{order}:{seq} {{x}}"\n', table("order,seq", "A,1", "B,"))
    assert values(rows, "contact") == ["A:1 {x}", None]


def test_a_scale_that_runs_the_other_way_is_turned_round(mapped: Run) -> None:
    rows = mapped(HEAD + 'value = { from = "{rank}", multiply = -1, add = 11 }\n', table("rank", "1", "10", "2.5"))
    assert values(rows, "value") == [10.0, 1.0, 8.5]


def test_numbers_may_have_a_decimal_comma(mapped: Run) -> None:
    rows = mapped(HEAD + 'value = { from = "{x}", decimal = "," }\n', table("x", '"1.234,5"', '"3,25"'))
    assert values(rows, "value") == [1234.5, 3.25]


@pytest.mark.parametrize("cell", ["four", "1_000", "nan", "inf", "1,5", "0x10"])
def test_what_is_no_number_is_an_error_of_its_row_only(mapped: Run, cell: str) -> None:
    rows = mapped(HEAD + 'value = "{x}"\n', table("x", "3", f'"{cell}"', "5"))
    assert codes(rows) == [None, "no_number", None]
    assert rows[1].error is not None
    assert (rows[1].error.field, rows[1].signals, rows[1].line) == ("value", [], 3)
    assert cell in rows[1].error.reason


def test_a_number_that_grows_too_large_is_an_error_of_its_row_and_never_an_absent_value(mapped: Run) -> None:
    rows = mapped(HEAD + 'value = { from = "{x}", multiply = 1e10 }\n', table("x", "3", "1e308", "5"))
    assert codes(rows) == [None, "no_number", None]
    assert rows[1].signals == []


def test_labels_and_values_are_mapped(mapped: Run) -> None:
    mapping = (
        HEAD
        + 'label = { from = "{x}", map = { Y = "yes", N = "no" } }\nvalue = { from = "{x}", map = { Y = 1, N = 0 } }\n'
    )
    rows = mapped(mapping, table("x", "Y", "N", ""))
    assert values(rows, "label") == ["yes", "no", None]
    assert values(rows, "value") == [1.0, 0.0, None]


@pytest.mark.parametrize(
    ("unknown", "label", "excluded"),
    [("keep", "Z", None), ("missing", None, None), ("exclude", "Z", "unknown label: Z")],
)
def test_a_value_that_the_map_does_not_know_is_treated_as_said(
    mapped: Run, unknown: str, label: str | None, excluded: str | None
) -> None:
    rows = mapped(
        HEAD + f'label = {{ from = "{{x}}", map = {{ Y = "yes" }}, unknown = "{unknown}" }}\n', table("x", "Z", "Y")
    )
    assert values(rows, "label") == [label, "yes"]
    assert values(rows, "excluded") == [excluded, None]
    assert values(rows, "excluded_by") == ["mapping" if excluded else None, None]


def test_a_value_that_the_map_does_not_know_is_an_error_unless_said_otherwise(mapped: Run) -> None:
    rows = mapped(HEAD + 'label = { from = "{x}", known = ["open", "closed"] }\n', table("x", "closd"))
    assert codes(rows) == ["unknown_value"]
    assert rows[0].error is not None
    assert rows[0].error.reason == "`label`: `closd` is not a value the mapping knows. Did you mean `closed`?"


def test_codes_for_missing_hold_for_the_mapping_a_table_or_a_field(mapped: Run) -> None:
    mapping = 'missing = ["?"]\n' + HEAD.replace('file = "*.csv"', 'file = "*.csv"\nmissing = ["n/a"]')
    mapping += 'value = { from = "{x}", missing = ["11"] }\nlabel = "{x}"\n'
    rows = mapped(mapping, table("x", "11", "?", "n/a", " ", "7"))
    assert values(rows, "value") == [None, None, None, None, 7.0]
    assert values(rows, "label") == ["11", None, None, None, "7"]


def test_the_first_that_is_not_missing_is_taken(mapped: Run) -> None:
    rows = mapped(HEAD + 'region = { first = ["{a}", "{b}", "unknown"] }\n', table("a,b", "x,y", ",y", ","))
    assert values(rows, "region") == ["x", "y", "unknown"]


def test_texts_are_joined_without_the_missing_ones(mapped: Run) -> None:
    rows = mapped(HEAD + 'text = { join = ["{a}", "{b}"], with = " / " }\n', table("a,b", "x,y", ",y", ","))
    assert values(rows, "text") == ["x / y", "y", None]


def test_attributes_and_objects_leave_out_what_is_missing(mapped: Run) -> None:
    mapping = HEAD + 'objects = ["order:{a}", "item:{b}", "order:{a}"]\n[signal.attrs]\na = "{a}"\n"b c" = "{b}"\n'
    rows = mapped(mapping, table("a,b", "1,2", "1,", ","))
    assert values(rows, "objects") == [["order:1", "item:2"], ["order:1"], None]
    assert values(rows, "attrs") == [{"a": "1", "b c": "2"}, {"a": "1"}, None]


def test_an_error_in_an_attribute_names_it(mapped: Run) -> None:
    mapping = HEAD + '[signal.attrs]\nhours = { between = ["{a}", "{day}"] }\n'
    rows = mapped(mapping, table("a", "soon"))
    assert rows[0].error is not None
    assert rows[0].error.field == "attrs"
    assert "attrs.hours" in rows[0].error.reason


def test_line_and_file_can_make_an_id(mapped: Run) -> None:
    rows = mapped(HEAD.replace("{id}", "{#file}:{#line}"), table("x", '"two\nlines"', "y"))
    assert values(rows, "id") == ["answers.csv:2", "answers.csv:4"]
    assert [row.line for row in rows] == [2, 4]


def test_a_row_without_what_the_contract_requires_is_an_error(mapped: Run) -> None:
    rows = mapped(HEAD, {"a.csv": "id,day\n,2026-01-05\n2,\n3,2026-01-05\n"})
    assert codes(rows) == ["missing", "missing", None]
    assert [row.error.field for row in rows if row.error] == ["id", "happened_at"]


def test_a_revision_is_a_number_or_a_moment(mapped: Run) -> None:
    rows = mapped(HEAD + 'revision = "{x}"\n', table("x", "3", "2026-02-01"))
    assert values(rows, "revision") == [3.0, "2026-02-01T00:00:00+00:00"]


def test_nothing_in_a_file_or_a_mapping_is_ever_run(mapped: Run) -> None:
    rows = mapped(HEAD + 'text = "{x} {{x.__class__}} %s"\n', table("x", "{day}'; drop table signals --"))
    assert values(rows, "text") == ["{day}'; drop table signals -- {x.__class__} %s"]
