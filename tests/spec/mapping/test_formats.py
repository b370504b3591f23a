"""The formats a mapping reads, and files that are not what they should be."""

import gzip
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import MAX_ROW_BYTES
from openxmo.core.signals.mapping import load_mapping, map_files
from tests.spec.mapping.conftest import Run
from tests.spec.mapping.forms import HEAD, codes, values

CSV = "id,day,x\n1,2026-01-05,grün\n2,2026-01-05,b\n"
TEXT = HEAD.replace('file = "*.csv"', 'file = "*"') + 'text = "{x}"\n'


def told(**options: str) -> str:
    """The mapping with options of its table."""
    lines = "".join(f"{name} = {value}\n" for name, value in options.items())
    return TEXT.replace('file = "*"\n', f'file = "*"\n{lines}')


def test_csv_is_read_packed_or_not_whatever_its_name(mapped: Run) -> None:
    assert values(mapped(TEXT, {"a.csv": CSV}), "text") == ["grün", "b"]
    assert values(mapped(TEXT, {"a.csv.gz": gzip.compress(CSV.encode())}), "text") == ["grün", "b"]
    assert values(mapped(TEXT, {"a.csv": gzip.compress(CSV.encode())}), "text") == ["grün", "b"]


def test_delimiter_encoding_and_lines_before_the_header_are_said_in_the_mapping(mapped: Run) -> None:
    file = ("Export of shop\n\n" + CSV.replace(",", ";")).encode("latin-1")
    mapping = told(delimiter='";"', encoding='"latin-1"', skip="2")
    rows = mapped(mapping, {"a.csv": file})
    assert values(rows, "text") == ["grün", "b"]
    assert [row.line for row in rows] == [4, 5]


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_cell(mapped: Run) -> None:
    assert values(mapped(TEXT, {"a.csv": b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode()}), "text") == [
        "grün",
        "b",
    ]


def test_a_second_column_of_the_same_name_gets_a_number(mapped: Run) -> None:
    rows = mapped(TEXT.replace("{x}", "{x [2]}"), {"a.csv": "id,day,x,x\n1,2026-01-05,a,b\n"})
    assert values(rows, "text") == ["b"]


def test_a_row_of_another_width_or_cut_off_costs_itself_only(mapped: Run) -> None:
    rows = mapped(TEXT, {"a.csv": "id,day,x\n1,2026-01-05\n2,2026-01-05,b\n\n3,2026-01-05,c,d\n4,2026"})
    assert codes(rows) == ["wrong_width", None, "wrong_width", "wrong_width"]
    assert rows[0].row == ["1", "2026-01-05"]


def test_a_quote_that_is_never_closed_does_not_swallow_the_rows_after_it(mapped: Run) -> None:
    rows = mapped(TEXT, {"a.csv": 'id,day,x\n1,2026-01-05,a\n2,2026-01-05,"b\n3,2026-01-05,c\n4,2026-01-05,d\n'})
    assert codes(rows) == [None, "broken_row", None, None]
    assert [row.line for row in rows] == [2, 3, 4, 5]


def test_a_line_beyond_all_measure_costs_itself_only(mapped: Run) -> None:
    long = b"2,2026-01-05," + b"y" * (2 * MAX_ROW_BYTES + 5)
    rows = mapped(TEXT, {"a.csv": b"id,day,x\n1,2026-01-05,a\n" + long + b"\n3,2026-01-05,c\n"})
    assert codes(rows) == [None, "too_long", None]
    assert [row.line for row in rows] == [2, 3, 4]


def test_ndjson_reads_what_lies_inside_an_object(mapped: Run) -> None:
    first = '{"id": 7, "day": "2026-01-05", "user": {"home": {"city": "Linz"}}, "tags": ["a", 1]}'
    lines = first + '\n\n[1]\n{"id": \n{"id": 8, "day": "2026-01-05"}\n'
    rows = mapped(TEXT.replace("{x}", "{user.home.city} {tags}"), {"a.ndjson": lines})
    assert codes(rows) == [None, "not_an_object", "not_json", None]
    assert [row.signals[0].get("text") for row in rows if row.signals] == ['Linz ["a",1]', None]
    assert [row.line for row in rows] == [1, 3, 4, 5]
    assert rows[0].signals[0]["id"] == "7"


def test_parquet_cells_keep_their_types(mapped: Run) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2]),
            "day": pa.array([datetime(2026, 1, 5, 10, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
            "x": pa.array([Decimal("2.50"), Decimal("3.00")]),
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    rows = mapped(TEXT + 'value = "{x}"\n', {"a.parquet": buffer.getvalue()})
    assert codes(rows) == [None, "missing"]
    assert rows[0].signals[0]["happened_at"] == "2026-01-05T10:00:00+00:00"
    assert (rows[0].signals[0]["value"], rows[0].signals[0]["text"], rows[0].signals[0]["id"]) == (2.5, "2.50", "1")


def test_a_sheet_of_a_workbook_is_read_by_name_or_place(mapped: Run) -> None:
    half_past = datetime(2026, 1, 5, 9, 30, tzinfo=UTC).replace(tzinfo=None)  # sheets know no zone
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    sheet = book.create_sheet("Answers")
    for row in [["id", "day", "x"], [1, date(2026, 1, 5), 4], [2, half_past, 3.5], [3, None, None]]:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    for sheet_name in ('"Answers"', "1"):
        rows = mapped(told(sheet=sheet_name), {"a.xlsx": file.getvalue()})
        assert codes(rows) == [None, None, "missing"]
        assert [row.signals[0]["text"] for row in rows[:2]] == ["4", "3.5"]
        assert [row.signals[0]["id"] for row in rows[:2]] == ["1", "2"]
        assert rows[1].signals[0]["happened_at"] == "2026-01-05T09:30:00+00:00"
    with pytest.raises(UnreadableInput, match="Did you mean `Answers`"):
        mapped(told(sheet='"Answer"'), {"a.xlsx": file.getvalue()})


def test_wholly_blank_rows_of_a_sheet_are_skipped_and_the_others_keep_their_number(mapped: Run) -> None:
    book = openpyxl.Workbook()
    for row in [["id", "day", "x"], [1, date(2026, 1, 5), 4], [None] * 3, ["", None, ""], [2, date(2026, 1, 5), 3]]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    rows = mapped(told(sheet="0"), {"a.xlsx": file.getvalue()})
    assert [(row.line, row.error) for row in rows] == [(1, None), (4, None)]


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/" xes.version="1.0">
  <global scope="event"><string key="concept:name" value="x"/></global>
  <trace>
    <string key="concept:name" value="case 1"/><int key="amount" value="3"/>
    <event><string key="concept:name" value="start"/>
      <date key="time:timestamp" value="2026-01-05T10:00:00.000+02:00"/></event>
    <event><string key="concept:name" value="end"/><date key="time:timestamp" value="2026-01-05T11:00:00Z"/>
      <list key="notes"><string key="note" value="hidden"/></list></event>
  </trace>
  <trace>
    <string key="concept:name" value="case 2"/>
    <event><string key="concept:name" value="start"/><date key="time:timestamp" value="2026-01-06T10:00:00Z"/></event>
  </trace>
</log>
"""
LOG = """
source = "log"
[table.events]
file = "*.xes"
[[signal]]
id = "{case:concept:name}/{#index}"
happened_at = "{time:timestamp}"
kind = "O"
name = "{concept:name}"
issue = "{case:concept:name}"
value = "{case:amount}"
"""


def test_an_event_log_is_one_row_an_event_with_its_trace_beside(mapped: Run) -> None:
    for name, content in (("a.xes", XES.encode()), ("a.xes.gz", gzip.compress(XES.encode()))):
        rows = mapped(LOG, {name: content})
        assert values(rows, "id") == ["case 1/1", "case 1/2", "case 2/1"]
        assert values(rows, "name") == ["start", "end", "start"]
        assert values(rows, "value") == [3.0, 3.0, None]
        assert values(rows, "happened_at")[0] == "2026-01-05T08:00:00+00:00"


def test_a_log_may_not_define_entities(mapped: Run) -> None:
    bomb = XES.replace("<log", '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><log').replace("case 2", "&b;")
    with pytest.raises(UnreadableInput, match="not allowed"):
        mapped(LOG, {"a.xes": bomb})


BROKEN: dict[str, tuple[bytes, str]] = {
    "half.csv.gz": (gzip.compress(CSV.encode() * 400)[:-20], "breaks off"),
    "odd.csv.gz": (b"\x1f\x8bnonsense", "damaged"),
    "wrong.csv": (CSV.encode("latin-1"), "line 2.*latin-1"),
    "empty.csv": (b"", "no header"),
    "semi.csv": (CSV.replace(",", ";").encode(), "parted by ';'"),
    "half.xes": (XES[:-60].encode(), "no whole XML"),
    "a.parquet": (b"PAR1 and no more", "no whole Parquet"),
    "a.xlsx": (b"PK no zip", "no whole XLSX"),
    "a.pdf": (b"%PDF", "no ending that names a known format"),
}


def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_unpacked(mapped: Run) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b" " * 80 * 2**20)
    with pytest.raises(UnreadableInput, match=r"a\.xlsx unpacks to 80 MB, over 100 times its size"):
        mapped(TEXT, {"a.xlsx": packed.getvalue()})


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(mapped: Run, name: str) -> None:
    content, said = BROKEN[name]
    with pytest.raises(UnreadableInput, match=said):
        mapped((LOG.replace("*.xes", "*") if name.endswith(".xes") else TEXT), {name: content})


def test_a_missing_file_and_a_folder_are_told_in_a_sentence(mapped: Run, tmp_path: Path) -> None:
    mapped(TEXT, {"a.csv": CSV})
    mapping = load_mapping(tmp_path / "mapping.toml")
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(UnreadableInput):
            list(map_files(mapping, [path]))


def test_a_missing_column_is_told_with_what_the_file_has_and_the_nearest(mapped: Run) -> None:
    with pytest.raises(UnreadableInput, match=r"no column `x`\. It has `id`, `day`, `X`\..*Did you mean `X`\?"):
        mapped(TEXT, {"a.csv": CSV.replace("x", "X")})


def test_an_optional_column_may_be_missing(mapped: Run) -> None:
    assert values(mapped(told(optional='["x"]'), {"a.csv": "id,day\n1,2026-01-05\n"}), "text") == [None]


def test_a_column_that_no_object_has_is_told(mapped: Run) -> None:
    with pytest.raises(UnreadableInput, match="no column `x`"):
        mapped(TEXT, {"a.ndjson": '{"id": 1, "day": "2026-01-05", "X": 1}\n'})
