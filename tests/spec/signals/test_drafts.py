"""Reading a file's lines by the fields that occur in it: the same rows come out as by the whole contract."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from openxmo.core.signals.contract import COLUMNS
from openxmo.core.signals.door.drafts import MANY, DraftReader, decoder, encoder, fields_of
from openxmo.core.signals.door.lines import BLOCK
from openxmo.core.signals.store.lake import Lake
from tests.spec.signals.door import as_lines, counts, make_lake, rejects, row, stored, take

FILLED: dict[str, Any] = {
    "revision": 2,
    "ended_at": "2026-01-31T10:00:00Z",
    "weight": 0.5,
    "about": "agent:7",
    "objects": ["order:1"],
    "attrs": {"plan": "b", "area": "a"},
}
TEXTS = {
    column.name: "customer" if column.name == "subject_kind" else "survey@3" if column.name == "instrument" else "some"
    for column in COLUMNS
    if column.type == "string" and column.name not in ("id", "source", "kind", "name", "scale", "basis", "about")
}


def padded(number: int, **changes: Any) -> dict[str, Any]:
    """A row of more than a kilobyte, so that a few hundred fill several chunks."""
    return row(number, text="x" * 1024, **changes)


def test_a_row_with_any_field_is_read_as_the_whole_contract_reads_it() -> None:
    plain = as_lines([padded(number) for number in range(MANY // 1024 + 1)])
    reader = DraftReader()
    for name, value in (FILLED | TEXTS).items():
        data = plain + as_lines([row(1) | {name: value}])
        assert encoder.encode_lines(reader.read(data)) == encoder.encode_lines(decoder.decode_lines(data))
    assert fields_of(reader.read(plain)) == {column.name for column in COLUMNS if column.name != "basis"}


def test_a_field_that_never_occurs_is_none_in_every_draft() -> None:
    drafts = DraftReader().read(as_lines([padded(number) for number in range(MANY // 1024 + 1)]))
    assert "unit" not in fields_of(drafts)
    assert {draft.unit for draft in drafts} == {None}


def test_a_field_that_is_not_in_the_contract_is_refused() -> None:
    data = as_lines([padded(number) for number in range(MANY // 1024 + 1)] + [row(1) | {"surprise": 1}])
    with pytest.raises(msgspec.ValidationError, match="surprise"):
        DraftReader().read(data)


def test_fields_that_first_occur_late_in_a_file_are_stored(tmp_path: Path) -> None:
    lake: Lake = make_lake(tmp_path)
    rows = [padded(number) for number in range(4 * BLOCK // 1024)]
    late = len(rows) - 3
    rows[late] |= {"unit": "north", "objects": ["order:1"], "attrs": {"plan": "b"}, "weight": 2.0}
    rows[7] |= {"agnet": "a"}
    path = tmp_path / "rows.ndjson"
    path.write_bytes(as_lines(rows))
    receipt = take(lake, path)
    assert counts(receipt) == (len(rows), len(rows) - 1, 0, 0, 1)
    (rejected,) = rejects(receipt)
    assert (rejected["line"], rejected["reason"]) == (8, "unknown_key")
    found = {one["id"]: one for one in stored(lake)}
    assert [found[str(late)][name] for name in ("unit", "objects", "weight")] == ["north", ["order:1"], 2.0]
    assert dict(found[str(late)]["attrs"]) == {"plan": "b"}
    assert {found[str(number)]["unit"] for number in range(late) if number != 7} == {None}
