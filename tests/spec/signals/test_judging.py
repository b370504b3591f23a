"""Rows judged by the contract: what is wrong with a row, and where, in words to act on."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import MAX_ROW_BYTES
from openxmo.core.signals.door.judging import Judge
from openxmo.core.signals.door.rowfiles import Fault, judge_file
from openxmo.core.signals.mapping.rows import RowError
from openxmo.core.signals.source import Source
from tests.spec.signals.door import as_lines, row


def judge(path: Path, **options: Any) -> tuple[list[Any], list[Fault]]:
    drafts, faults = [], []
    for part in judge_file(path, Judge(**({"sources": {}} | options))):
        drafts += part.drafts
        faults += part.faults
    return drafts, faults


BAD = [
    (row(1, agnet="a"), "unknown_key", "agnet", "Did you mean `agent`?"),
    (row(1, kind="Z"), "bad_value", "kind", "'Z' is none of X, O, T, B"),
    (row(1, basis="told"), "bad_value", "basis", "'told' is none of asked, observed"),
    (row(1, happened_at=7), "bad_value", "happened_at", "expected a time (write 2026-01-31T09:00:00Z), got a number"),
    (row(1, revision="first"), "bad_value", "revision", "time (write 2026-01-31T09:00:00Z)"),
    (row(1, text=7), "bad_value", "text", "expected text or nothing, got a number"),
    (row(1, instrument="nps"), "bad_value", "instrument", "`nps_after_call@3`"),
    (row(1, value=1e300, scale=None, kind="O"), "bad_value", "value", "a number between -1e+150 and 1e+150"),
    (row(1, value=-1e151, scale=None, kind="O"), "bad_value", "value", "a number between -1e+150 and 1e+150"),
    (row(1, revision=1e300), "bad_value", "revision", "a number between -1e+150 and 1e+150"),
    (row(1, weight=1e300), "bad_value", "weight", "a number between -1e+150 and 1e+150"),
    (row(1, kind=None), "missing", "kind", "`kind` is missing"),
    (row(1, id=7), "bad_value", "id", "expected text"),
    (row(1, id=""), "bad_value", "id", "`id`: it is empty"),
    (row(1, source=None), "missing", "source", "--source"),
    (row(1, happened_at="31.01.2026"), "bad_value", "happened_at", "2026-01-31T09:00:00Z"),
    (row(1, happened_at="2026-01-31T09:00:00"), "no_zone", "happened_at", "no zone"),
    (row(1, ended_at="2026-01-31T09:00:00"), "no_zone", "ended_at", "no zone"),
    (row(1, ended_at="2026-01-31T08:59:59Z"), "ends_before_start", "ended_at", "before"),
    (row(1, happened_at="0001-01-01T00:00:00+05:00"), "bad_value", "happened_at", "years 1 to 9999"),
    (row(1, scale=None), "no_scale", "scale", "instrument"),
    (row(1, value=11), "outside_scale", "value", "11 lies outside the scale 0..10"),
    (row(1, scale="5..1", value=0), "outside_scale", "value", "0 lies outside"),
    (row(1, scale="ten"), "bad_value", "scale", "`0..10`"),
    (row(1, weight=-1), "bad_value", "weight", "not below 0"),
    (row(1, value="9"), "bad_value", "value", "got text"),
    (row(1, about="agent"), "bad_value", "about", "`agent:77`"),
    (row(1, objects=["order"]), "bad_value", "objects", "`order:77`"),
    (row(1, attrs={"a": 1}), "bad_value", "attrs", "expected text"),
    (b"[1]", "not_an_object", None, "no JSON object"),
    (b"3", "not_an_object", None, "no JSON object"),
    (b'{"id":"1"', "not_json", None, "no JSON"),
    (json.dumps(row(1)).encode() * 2, "not_json", None, "no JSON"),
    (b'{"value":NaN}', "not_json", None, "no JSON"),
    (b"[" * 100_000, "not_an_object", None, "no JSON object"),
    (b'{"text":"\\ud800"}', "not_json", None, "no JSON"),
]


@pytest.mark.parametrize(("bad", "code", "field", "said"), BAD)
def test_a_bad_row_is_told_by_line_code_field_and_sentence(
    tmp_path: Path, bad: Any, code: str, field: str | None, said: str
) -> None:
    """Among good rows and alone, so that reading many at once and one by one come to the same."""
    good = [row(number) for number in range(300)]
    for rows, line in (([*good[:200], bad, *good[200:]], 201), ([bad, row(2)], 1)):
        path = tmp_path / "rows.ndjson"
        path.write_bytes(as_lines(rows))
        drafts, faults = judge(path)
        assert len(drafts) == len(rows) - 1
        (fault,) = faults
        assert (fault.first, fault.error.code, fault.error.field) == (line, code, field)
        assert said in fault.error.reason


GOOD = [
    row(1, scale=None, instrument="relationship@3"),
    row(1, scale=None, basis="inferred"),
    row(1, scale=None, kind="O"),
    row(1, scale=None, value=None, text="only words"),
    row(1, scale="5..1", value=1),
    row(1, scale="-3..3", value=-2.5),
    row(1, revision=3),
    row(1, revision="2026-01-31T09:00:00Z"),
    row(1, ended_at="2026-01-31T09:00:00Z"),
    row(1, value=None, label=None, text=""),
]


@pytest.mark.parametrize("good", GOOD)
def test_what_the_contract_allows_is_taken(tmp_path: Path, good: dict[str, Any]) -> None:
    path = tmp_path / "rows.ndjson"
    path.write_bytes(as_lines([good]))
    drafts, faults = judge(path)
    assert (len(drafts), faults) == (1, [])


def test_the_file_may_end_in_its_last_row_or_within_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    whole = as_lines([row(1), row(2)])
    path.write_bytes(whole[:-1])
    assert [len(found) for found in judge(path)] == [2, 0]
    path.write_bytes(whole[:-9])
    drafts, (fault,) = judge(path)
    assert (len(drafts), fault.first, fault.error.code) == (1, 2, "cut_off")


def test_empty_lines_and_carriage_returns_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    path.write_bytes(
        b"\xef\xbb\xbf\n" + as_lines([row(1)]).replace(b"\n", b"\r\n") + b"  \n" + as_lines([row(2, kind="Z")])
    )
    drafts, (fault,) = judge(path)
    assert (len(drafts), fault.first) == (1, 4)


def test_a_row_is_told_by_its_line_wherever_chunks_end(tmp_path: Path) -> None:
    rows: list[Any] = [row(number, text="x" * 900) for number in range(3000)]
    for line in (1, 700, 1500, 2999):
        rows[line] = row(line, kind="Z")
    path = tmp_path / "rows.ndjson"
    path.write_bytes(as_lines(rows))
    drafts, faults = judge(path)
    assert [fault.first for fault in faults] == [2, 701, 1501, 3000]
    assert [draft.id for draft in drafts] == [one["id"] for one in rows if one["kind"] == "X"]


def test_a_row_over_the_limit_is_rejected_and_its_neighbours_are_not(tmp_path: Path) -> None:
    path = tmp_path / "rows.ndjson"
    for size in (MAX_ROW_BYTES + 1, MAX_ROW_BYTES + 700_000, 3 * MAX_ROW_BYTES):
        path.write_bytes(as_lines([row(1), b"x" * size, row(2), row(3, kind="Z")]))
        drafts, faults = judge(path)
        assert [draft.id for draft in drafts] == ["1", "2"]
        assert [(fault.first, fault.error.code) for fault in faults] == [(2, "too_long"), (4, "bad_value")]
        assert isinstance(faults[0].row, bytes)
        assert len(faults[0].row) < 100_000


@pytest.mark.parametrize("data", ['{"id":"é"}\n'.encode("latin-1"), '{"id":"x"}\n'.encode("utf-16")])
def test_a_file_in_another_encoding_is_not_read_and_says_where_it_broke(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rows.ndjson"
    path.write_bytes(data if data.startswith(b"\xff") else as_lines([row(1), row(2)]) + data)
    with pytest.raises(UnreadableInput, match="UTF-8") as caught:
        judge(path)
    assert "line 1, byte 0" in str(caught.value) or "line 3, byte" in str(caught.value)


def test_times_go_by_the_sources_zone_before_the_imports() -> None:
    judge = Judge({"desk": Source(key="desk", zone="Asia/Tokyo")}, zone="Europe/Paris")
    times = {}
    for source in ("desk", "shop"):
        draft = judge.judge_fields(row(1, source=source, happened_at="2026-01-01T12:00:00"))
        assert not isinstance(draft, RowError)
        times[source] = draft.happened_at.isoformat()
    assert times == {"desk": "2026-01-01T03:00:00+00:00", "shop": "2026-01-01T11:00:00+00:00"}


CSV_BAD = [
    ("1,shop,2026-01-31T09:00:00Z,O,n,x", "bad_value"),
    ("1,shop,2026-01-31T09:00:00Z,O,n,1_0", "bad_value"),
    ("1,shop,2026-01-31T09:00:00Z,O,n,nan", "not_a_number"),
    ("1,shop,2026-01-31T09:00:00Z,O,n,inf", "not_a_number"),
    ("1,shop,2026-01-31T09:00:00Z,O,n", "wrong_cells"),
    ("1,shop,2026-01-31T09:00:00Z,O,n,1,2", "wrong_cells"),
    ('1,shop,2026-01-31T09:00:00Z,O,"n"x,1', "not_csv"),
    (",shop,2026-01-31T09:00:00Z,O,n,1", "missing"),
]


@pytest.mark.parametrize(("line", "code"), CSV_BAD)
def test_a_bad_csv_row_is_rejected_and_its_neighbours_are_not(tmp_path: Path, line: str, code: str) -> None:
    path = tmp_path / "rows.csv"
    good = '{},shop,2026-01-31 09:00:00+01:00,O,"a ""name""\nin two lines",1.5\n'
    path.write_text("id,source,happened_at,kind,name,value\n" + good.format("a") + line + "\n" + good.format("b"))
    drafts, faults = judge(path)
    assert [(draft.id, draft.name) for draft in drafts] == [(one, 'a "name"\nin two lines') for one in "ab"]
    assert [(fault.first, fault.error.code) for fault in faults] == [(4, code)]


def test_a_csv_file_that_ends_within_quotes_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('id,source,happened_at,kind,name\n1,shop,2026-01-31T09:00:00Z,O,n\n2,shop,"2026')
    drafts, (fault,) = judge(path)
    assert (len(drafts), fault.first, fault.error.code) == (1, 3, "cut_off")


def test_a_column_that_is_no_field_rejects_the_rows_that_fill_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        "id,source,happened_at,kind,name,chanel\n1,s,2026-01-31T09:00:00Z,O,n,web\n2,s,2026-01-31T09:00:00Z,O,n,\n"
    )
    drafts, (fault,) = judge(path)
    assert [draft.id for draft in drafts] == ["2"]
    assert (fault.error.code, fault.error.field) == ("unknown_key", "chanel")
    assert "`channel`" in fault.error.reason


def test_lines_of_a_csv_file_may_end_with_a_carriage_return_alone(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    row_of = "{},s,2026-01-31T09:00:00Z,O,n"
    path.write_bytes("\r".join(["id,source,happened_at,kind,name", *map(row_of.format, "ab"), ""]).encode())
    drafts, faults = judge(path)
    assert [draft.id for draft in drafts] == ["a", "b"]
    assert faults == []


def test_a_line_over_the_limit_after_an_open_quote_costs_both_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    good = "{},s,2026-01-31T09:00:00Z,O,n\n"
    text = "id,source,happened_at,kind,name\n" + '1,s,"open\n' + good.format(2) + "x" * (MAX_ROW_BYTES + 1) + "\n"
    path.write_text(text + good.format(3))
    drafts, faults = judge(path)
    assert [draft.id for draft in drafts] == ["2", "3"]
    assert [(fault.first, fault.error.code) for fault in faults] == [(2, "not_csv"), (4, "too_long")]


def test_a_parquet_file_with_two_columns_of_one_name_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table([["1"], ["2"]], names=["id", "id"]), path)
    with pytest.raises(UnreadableInput, match="`id` is there twice"):
        judge(path)


@pytest.mark.parametrize(("text", "said"), [("", "empty"), ("id,id\n1,2\n", "twice"), ('"id,x\n1,2\n', "header")])
def test_a_csv_file_without_a_clear_header_is_not_read(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(text)
    with pytest.raises(UnreadableInput, match=said):
        judge(path)
