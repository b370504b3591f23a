"""Whoever was erased stays out: not stored, not kept in the rejects, not in the batch."""

import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openxmo.core.signals.mapping import load_mapping
from openxmo.core.signals.store import tombstones
from openxmo.core.signals.store.lake import Lake
from tests.spec.signals.door import as_lines, counts, make_lake, rejects, row, stored, take
from tests.spec.signals.test_importing import MAPPING

SECRET = "a secret of hers"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = make_lake(tmp_path)
    tombstones.add(lake, ["jane", "desk-7"])
    return lake


HERS = MAPPING.replace('name = "handle_time"', 'name = "handle_time"\nsubject = "{ticket}"')


def bytes_of(lake: Lake) -> bytes:
    return b"".join(path.read_bytes() for path in lake.home.path.rglob("*") if path.is_file())


ABOUT_HER: list[dict[str, Any]] = [
    {"subject": "jane"},
    {"agent": "jane"},
    {"account": "jane"},
    {"excluded": "spam", "excluded_by": "jane"},
    {"about": "agent:jane"},
    {"objects": ["order:1", "person:jane"]},
    {"subject": "jane", "kind": "Z"},  # also where the row is bad in other ways
    {"subjct": "jane"},
]


@pytest.mark.parametrize("fields", ABOUT_HER)
def test_a_row_about_an_erased_person_is_counted_and_its_words_are_gone(
    lake: Lake, tmp_path: Path, fields: dict[str, Any]
) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(as_lines([row(1, text="fine"), row(2, text=SECRET) | fields, row(3, text="fine")]))
    receipt = take(lake, path)
    assert counts(receipt) == (3, 2, 0, 0, 1)
    assert receipt.reasons == {"erased": 1}
    (kept,) = rejects(receipt)
    assert (kept["reason"], kept["line"], kept["row"]) == ("erased", 2, None)
    assert [signal["id"] for signal in stored(lake)] == ["1", "3"]
    assert SECRET.encode() not in bytes_of(lake)
    raw = (lake.home.raw / receipt.receipt / "0001.ndjson").read_bytes()
    assert raw == as_lines([row(1, text="fine"), b"", row(3, text="fine")])


def test_a_broken_line_that_holds_her_key_is_not_kept(lake: Lake, tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b'{"subject":"jane","text":"' + SECRET.encode())
    receipt = take(lake, path)
    assert receipt.reasons == {"erased": 1}
    assert SECRET.encode() not in bytes_of(lake)


def test_packed_csv_and_parquet_batches_are_rewritten_too(lake: Lake, tmp_path: Path) -> None:
    rows = [row(1), row(2, subject="jane", text=SECRET), row(3)]
    header = "id,source,happened_at,kind,name,subject,text\n"
    lines = [
        f'c{one["id"]},shop,2026-01-31T09:00:00Z,O,n,{one["subject"]},"{one.get("text", "")}\n!"\n' for one in rows
    ]
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((header + "".join(lines)).encode()))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet", compression="none")
    for name in ("a.csv.gz", "a.parquet"):
        receipt = take(lake, tmp_path / name)
        assert counts(receipt) == (3, 2, 0, 0, 1)
        (raw,) = [path for path in (lake.home.raw / receipt.receipt).iterdir() if path.name != "batch.json"]
        data = gzip.decompress(raw.read_bytes()) if raw.suffix == ".gz" else raw.read_bytes()
        assert SECRET.encode() not in data
        assert b"c3" in data
    assert SECRET.encode() not in bytes_of(lake)


def test_mapped_rows_about_her_are_not_kept_whether_they_map_or_not(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text(HERS)
    text = "ticket,opened,minutes,score\ndesk-7,2026-01-05T08:00:00Z,12,5\ndesk-7,2026-01-05T08:00:00Z,many,5\n"
    (tmp_path / "desk.csv").write_text(text)
    receipt = take(lake, tmp_path / "desk.csv", mapping=load_mapping(tmp_path / "desk.toml"))
    assert receipt.reasons["erased"] == 2
    assert b"many" not in bytes_of(lake)


def test_tombstones_name_nobody_and_say_nothing_elsewhere(lake: Lake, tmp_path: Path) -> None:
    assert b"jane" not in bytes_of(lake)
    other = make_lake(tmp_path / "other")
    tombstones.add(other, ["jane"])
    assert tombstones.load(lake).hashes.isdisjoint(tombstones.load(other).hashes)
    assert tombstones.load(lake).match_key("jane")
    assert not tombstones.load(lake).match_key("june")


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("jane", {"attrs": {"jane": "yes"}}),
        ("jane", {"instrument": "jane@3"}),
        ("J01", {"text": "said J01, twice"}),
        ("李明", {"text": "我和李明说过"}),
    ],
)
def test_a_name_in_an_odd_place_keeps_a_row_out_too(
    lake: Lake, tmp_path: Path, key: str, fields: dict[str, Any]
) -> None:
    tombstones.add(lake, [key])
    path = tmp_path / "a.ndjson"
    path.write_bytes(as_lines([row(1, text="fine"), row(2) | fields]))
    assert take(lake, path).reasons == {"erased": 1}


def test_an_everyday_word_that_was_a_key_keeps_no_text_out(lake: Lake, tmp_path: Path) -> None:
    tombstones.add(lake, ["an", "7"])
    path = tmp_path / "a.ndjson"
    path.write_bytes(as_lines([row(1, text="an offer of 7", instrument="nps@7")]))
    assert counts(take(lake, path)) == (1, 1, 0, 0, 0)


def test_lines_that_end_with_a_carriage_return_alone_are_emptied_one_by_one(lake: Lake, tmp_path: Path) -> None:
    head = "id,source,happened_at,kind,name,subject,text"
    lines = [f"{who},shop,2026-01-31T09:00:00Z,O,n,{who},{said}" for who, said in (("ann", "fine"), ("jane", SECRET))]
    (tmp_path / "a.csv").write_bytes("\r".join([head, *lines, ""]).encode())
    assert counts(take(lake, tmp_path / "a.csv")) == (2, 1, 0, 0, 1)
    assert SECRET.encode() not in bytes_of(lake)
    assert b"ann" in bytes_of(lake)
