"""What becomes of rows at the door."""

import gzip
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.signals.door.importing import check_files, drain_inbox, put_batch
from openxmo.core.signals.mapping import load_mapping
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import find_receipt
from openxmo.core.signals.store.tables import SIGNALS, SUPERSEDED
from tests.spec.signals.door import AT, as_lines, counts, make_lake, rejects, row, standing, stored, take, write


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return make_lake(tmp_path)


def test_good_rows_are_stored_with_what_we_add(lake: Lake, tmp_path: Path) -> None:
    rows = [
        row(1, text="write to jane@example.org", attrs={"plan": "basic"}, objects=["order:7"]),
        row(2, kind="O", name="contact", value=None, scale=None, happened_at="2026-02-01T00:30:00+01:00", subject=None),
        row(3, subject_kind="employee"),
        row(4, subject_kind=None),
    ]
    receipt = take(lake, write(tmp_path / "a.ndjson", rows))
    assert counts(receipt) == (4, 4, 0, 0, 0)
    assert (receipt.rows, receipt.rejects, receipt.source, receipt.by) == (4, None, "shop", "tester")
    first, second, third, fourth = stored(lake)
    assert first["text"] == "write to [email]"
    assert dict(first["attrs"]) == {"plan": "basic"}
    assert first["objects"] == ["order:7"]
    assert (first["basis"], second["basis"]) == ("asked", "recorded")
    assert (first["heard_at"], first["receipt"]) == (AT, receipt.receipt)
    assert (first["month"], second["month"]) == ("2026-01", "2026-01")  # 23:30 UTC on the 31st
    assert [one["protected"] for one in (first, second, third, fourth)] == [False, False, True, True]
    assert first["row"] == (receipt.number << 32)
    assert receipt.lake_version == lake.version


def test_an_empty_text_says_nothing_in_every_format(lake: Lake, tmp_path: Path) -> None:
    """An empty issue is no issue, an empty subject nobody, and a row whose `excluded` is empty counts."""
    empty = dict.fromkeys(("issue", "contact", "subject", "response", "excluded", "channel", "text"), "")
    rows = [row(1, **empty), row(2, **empty, attrs={"plan": ""})]
    take(lake, write(tmp_path / "a.ndjson", rows[:1]))
    pq.write_table(pa.Table.from_pylist([row(3, **empty)]), tmp_path / "b.parquet")
    take(lake, write(tmp_path / "a2.ndjson", rows[1:]), tmp_path / "b.parquet")
    for found in stored(lake):
        assert [found[name] for name in empty] == [None] * len(empty)
        assert (found["name"], found["value"]) == ("nps", 9.0)


def test_an_empty_name_of_a_source_is_none(lake: Lake, tmp_path: Path) -> None:
    receipt = take(lake, write(tmp_path / "a.ndjson", [row(1, source=None)]), source="")
    assert (counts(receipt), rejects(receipt)[0]["reason"]) == ((1, 0, 0, 0, 1), "missing")


def test_the_same_file_again_changes_nothing(lake: Lake, tmp_path: Path) -> None:
    file = write(tmp_path / "a.ndjson", [row(number) for number in range(20)])
    take(lake, file)
    before = lake.version
    again = take(lake, file)
    assert counts(again) == (20, 0, 20, 0, 0)
    assert lake.version == before
    assert len(stored(lake)) == 20


def test_a_row_is_the_same_whatever_its_spelling(lake: Lake, tmp_path: Path) -> None:
    take(lake, write(tmp_path / "a.ndjson", [row(1, value=9, attrs={"a": "1", "b": "2"})]))
    respelt = b'{ "attrs": {"b":"2","a":"1"}, "subject_kind":"customer","subject":"c1","scale":"0..10","value":9.0,'
    respelt += b'"name":"n\\u0070s","kind":"X","happened_at":"2026-01-31T10:00:00+01:00","source":"shop","id":"1" }'
    assert counts(take(lake, write(tmp_path / "b.ndjson", [respelt]))) == (1, 0, 1, 0, 0)


def test_other_content_under_the_same_id_is_a_conflict_and_kept(lake: Lake, tmp_path: Path) -> None:
    take(lake, write(tmp_path / "a.ndjson", [row(1), row(2)]))
    receipt = take(lake, write(tmp_path / "b.ndjson", [row(3), row(1, value=2), row(2)]))
    assert counts(receipt) == (3, 1, 1, 1, 0)
    (kept,) = rejects(receipt)
    assert (kept["reason"], kept["line"], kept["row"]["value"]) == ("conflict", 2, 2.0)
    assert standing(lake) == {"1": 9, "2": 9, "3": 9}


def test_the_same_id_of_another_day_or_of_another_source(lake: Lake, tmp_path: Path) -> None:
    take(lake, write(tmp_path / "a.ndjson", [row(1)]))
    other = [row(1, happened_at="2024-05-05T00:00:00Z"), row(1, source="app")]
    assert counts(take(lake, write(tmp_path / "b.ndjson", other))) == (2, 1, 0, 1, 0)


def test_within_a_file_the_first_row_stands(lake: Lake, tmp_path: Path) -> None:
    rows = [row(1, value=1), row(1, value=2), row(1, value=1), row(2)]
    assert counts(take(lake, write(tmp_path / "a.ndjson", rows))) == (4, 2, 1, 1, 0)
    assert standing(lake) == {"1": 1, "2": 9}


def test_many_files_make_one_receipt_and_are_judged_in_their_order(lake: Lake, tmp_path: Path) -> None:
    files = [write(tmp_path / f"{name}.ndjson", [row(1, value=value)]) for name, value in (("b", 3), ("a", 4))]
    receipt = take(lake, *files)
    assert counts(receipt) == (2, 1, 0, 1, 0)
    assert standing(lake) == {"1": 3}
    assert rejects(receipt)[0]["file"] == str(files[1])


AMENDS = {"shop": Source(key="shop", amends=True)}


def test_of_an_amending_source_the_latest_heard_stands(lake: Lake, tmp_path: Path) -> None:
    for value, expected in ((1, (1, 1, 0, 0, 0)), (2, (1, 1, 0, 0, 0)), (2, (1, 0, 1, 0, 0)), (1, (1, 1, 0, 0, 0))):
        receipt = take(lake, write(tmp_path / "a.ndjson", [row(1, value=value)]), sources=AMENDS)
        assert counts(receipt) == expected
        assert standing(lake) == {"1": value}
    assert len(stored(lake)) == 3


def test_of_an_amending_source_the_highest_revision_stands_whenever_it_came(lake: Lake, tmp_path: Path) -> None:
    for revision in (2, 5, 3):
        receipt = take(lake, write(tmp_path / "a.ndjson", [row(1, value=revision, revision=revision)]), sources=AMENDS)
        assert counts(receipt) == (1, 1, 0, 0, 0)
    assert standing(lake) == {"1": 5}
    assert len(stored(lake)) == 3
    again = [row(1, value=revision, revision=revision) for revision in (3, 2, 5)]
    assert counts(take(lake, write(tmp_path / "b.ndjson", again), sources=AMENDS)) == (3, 0, 3, 0, 0)


def test_a_row_without_a_revision_is_below_any_with_one(lake: Lake, tmp_path: Path) -> None:
    for value, revision, stands in ((1, None, 1), (3, 3, 3), (4, None, 3), (4, None, 3), (5, 4, 5), (6, None, 5)):
        file = write(tmp_path / "a.ndjson", [row(1, value=value, revision=revision)])
        take(lake, file, sources=AMENDS)
        assert standing(lake) == {"1": stands}
    assert [signal["value"] for signal in stored(lake)] == [1, 3, 4, 5, 6]


def test_a_row_without_a_revision_is_no_rival_of_one_with_it_in_the_same_file(lake: Lake, tmp_path: Path) -> None:
    rows = [row(1, value=1), row(1, value=2, revision=2), row(1, value=3)]
    assert counts(take(lake, write(tmp_path / "a.ndjson", rows), sources=AMENDS)) == (3, 2, 0, 1, 0)
    assert standing(lake) == {"1": 2}


def test_a_file_may_hold_several_revisions_but_one_of_each(lake: Lake, tmp_path: Path) -> None:
    revisions = [("2026-01-02T00:00:00Z", 2), ("2026-01-01T00:00:00Z", 1), ("2026-01-02T00:00:00Z", 7)]
    rows = [row(1, value=value, revision=revision) for revision, value in revisions]
    assert counts(take(lake, write(tmp_path / "a.ndjson", rows), sources=AMENDS)) == (3, 2, 0, 1, 0)
    assert standing(lake) == {"1": 2}


def test_what_replaces_a_row_is_told_by_receipt(lake: Lake, tmp_path: Path) -> None:
    receipts = [
        take(lake, write(tmp_path / "a.ndjson", [row(1, value=revision, revision=revision)]), sources=AMENDS)
        for revision in (1, 9, 5)
    ]
    lines = [(one["row"] >> 32, one["superseded_by"]) for one in lake.read(SUPERSEDED).to_pylist()]
    first, newest, between = (receipt.receipt for receipt in receipts)
    assert first not in [by for _, by in lines]
    # The first was replaced by the newest, then by the one between, which the newest replaces.
    assert sorted(lines) == sorted([(1, newest), (1, between), (3, newest)])


def test_a_source_that_no_longer_amends_conflicts(lake: Lake, tmp_path: Path) -> None:
    take(lake, write(tmp_path / "a.ndjson", [row(1, value=1)]), sources=AMENDS)
    take(lake, write(tmp_path / "b.ndjson", [row(1, value=2)]), sources=AMENDS)
    rows = [row(1, value=3), row(1, value=1), row(1, value=2)]
    assert counts(take(lake, write(tmp_path / "c.ndjson", rows))) == (3, 0, 2, 1, 0)


def test_csv_parquet_gzip_and_ndjson_of_the_same_rows_are_the_same(lake: Lake, tmp_path: Path) -> None:
    rows = [row(1, objects=["order:7", "article:8"], attrs={"plan": "b;c"}, text='say "hi"\nagain'), row(2, text=None)]
    take(lake, write(tmp_path / "a.ndjson.gz", rows))
    header = "id;source;happened_at;kind;name;value;scale;subject;subject_kind;objects;attrs.plan;text\r\n"
    body = '1;shop;2026-01-31T09:00:00Z;X;nps;9;0..10;c1;customer;order:7|article:8;"b;c";"say ""hi""\nagain"\r\n'
    body += "2;shop;2026-01-31T09:00:00Z;X;nps;9.0;0..10;c2;customer;;;\r\n"
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + (header + body).encode())
    (tmp_path / "b.csv.gz").write_bytes(
        gzip.compress((header + body).replace(";", "\t").replace("b\tc", "b;c").encode())
    )
    table = pa.Table.from_pylist(
        [one | {"happened_at": AT.replace(month=1, day=31, hour=9), "attrs": None} for one in rows]
    )
    attributes = pa.array([[("plan", "b;c")], None], pa.map_(pa.string(), pa.string()))
    pq.write_table(table.set_column(table.column_names.index("attrs"), "attrs", attributes), tmp_path / "a.parquet")
    for name in ("a.csv", "b.csv.gz", "a.parquet"):
        assert counts(take(lake, tmp_path / name)) == (2, 0, 2, 0, 0), name


def test_declarations_complete_rows(lake: Lake, tmp_path: Path) -> None:
    sources = {"shop": Source(key="shop", zone="Europe/Berlin", scale="1..5")}
    rows = [row(1, source=None, happened_at="2026-07-01T00:30:00", scale=None, value=5)]
    file = write(tmp_path / "a.ndjson", rows)
    take(lake, file, source="shop", sources=sources)
    (found,) = stored(lake)
    assert (found["source"], found["scale"], found["month"]) == ("shop", "1..5", "2026-06")
    assert found["happened_at"].isoformat() == "2026-06-30T22:30:00+00:00"


def test_the_zone_of_the_import_reads_times_that_carry_none(lake: Lake, tmp_path: Path) -> None:
    file = write(tmp_path / "a.ndjson", [row(1, happened_at="2026-07-01T00:30:00")])
    assert counts(take(lake, file, zone="America/New_York")) == (1, 1, 0, 0, 0)
    assert stored(lake)[0]["happened_at"].isoformat() == "2026-07-01T04:30:00+00:00"
    with pytest.raises(WrongUsage, match="Mars"):
        take(lake, file, zone="Mars/Olympus")


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every path below with its time of change and its bytes."""
    return {
        str(path): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in [folder, *folder.rglob("*")]
    }


def test_checking_catches_up_with_the_lake_without_writing_its_index(lake: Lake, tmp_path: Path) -> None:
    take(lake, write(tmp_path / "a.ndjson", [row(1)]))
    shutil.rmtree(lake.home.fingerprints)
    (lake.home.path / "writer.lock").unlink()
    before = tree(lake.home.path)
    file = write(tmp_path / "b.ndjson", [row(1), row(2)])
    checked = check_files(lake, [file], source=None, mapping=None, sources={}, by="tester", at=AT)
    assert counts(checked) == (2, 1, 1, 0, 0)
    assert tree(lake.home.path) == before


def test_a_home_that_can_only_be_read_is_checked_against(lake: Lake, tmp_path: Path) -> None:
    take(lake, write(tmp_path / "a.ndjson", [row(1)]))
    file = write(tmp_path / "b.ndjson", [row(1), row(2)])
    paths = [lake.home.path, *lake.home.path.rglob("*")]
    for path in reversed(paths):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        checked = check_files(lake, [file], source=None, mapping=None, sources={}, by="tester", at=AT)
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert counts(checked) == (2, 1, 1, 0, 0)


def test_checking_counts_and_changes_nothing(lake: Lake, tmp_path: Path) -> None:
    take(lake, write(tmp_path / "a.ndjson", [row(1)]))
    before = tree(lake.home.path)
    file = write(tmp_path / "b.ndjson", [row(1), row(1, value=3), row(2), b"no row", row(3, value=99)])
    checked = check_files(lake, [file], source=None, mapping=None, sources={}, by="tester", at=AT)
    assert tree(lake.home.path) == before
    done = take(lake, file)
    assert counts(checked) == counts(done) == (5, 1, 1, 1, 2)
    assert checked.reasons == done.reasons == {"not_json": 1, "outside_scale": 1}


def test_batches_put_into_the_inbox_are_drained_in_their_order(lake: Lake) -> None:
    first = put_batch(lake.home, [as_lines([row(1, value=1)])], source=None, by="api", at=AT)
    put_batch(
        lake.home, [as_lines([row(1, value=2)])[:40], as_lines([row(1, value=2)])[40:]], source=None, by="api", at=AT
    )
    assert first.bytes == len(as_lines([row(1, value=1)]))
    receipts = drain_inbox(lake, sources={}, by="worker", at=AT)
    assert {counts(receipt) for receipt in receipts} == {(1, 1, 0, 0, 0), (1, 0, 0, 1, 0)}
    assert find_receipt(lake, first.receipt) is not None
    assert drain_inbox(lake, sources={}, by="worker", at=AT) == []


def test_a_batch_that_cannot_be_read_gets_a_receipt_and_is_kept(lake: Lake) -> None:
    bad = put_batch(lake.home, [b'{"id":"\xff"}\n'], source=None, by="api", at=AT)
    good = put_batch(lake.home, [as_lines([row(1)])], source=None, by="api", at=AT)
    receipts = {receipt.receipt: receipt for receipt in drain_inbox(lake, sources={}, by="worker", at=AT)}
    assert counts(receipts[good.receipt]) == (1, 1, 0, 0, 0)
    assert receipts[bad.receipt].reasons == {"unreadable": 1}
    assert "UTF-8" in rejects(receipts[bad.receipt])[0]["sentence"]
    assert (lake.home.raw / bad.receipt / "signals.ndjson").read_bytes() == b'{"id":"\xff"}\n'


def test_an_import_without_any_row_has_a_receipt(lake: Lake, tmp_path: Path) -> None:
    assert counts(take(lake, write(tmp_path / "a.ndjson", []))) == (0, 0, 0, 0, 0)
    assert counts(take(lake, write(tmp_path / "b.ndjson", [b"[]"]))) == (1, 0, 0, 0, 1)
    assert lake.files(SIGNALS) == []


MAPPING = """source = "desk"
[table.tickets]
file = "*.csv"
[[signal]]
id = "{ticket}"
happened_at = "{opened}"
kind = "O"
name = "handle_time"
value = "{minutes}"
[[signal]]
id = "{ticket}-asked"
happened_at = "{opened}"
kind = "X"
name = "csat"
value = "{score}"
scale = "1..5"
"""


def test_mapped_rows_take_the_same_way(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text(MAPPING)
    rows = ["ticket,opened,minutes,score", "7,2026-01-05T08:00:00Z,12,5", "8,2026-01-05T09:00:00Z,many,5"]
    rows += ["9,2026-01-05T08:00:00Z,4,9", "7,2026-01-05T08:00:00Z,13,5"]
    (tmp_path / "desk.csv").write_text("\n".join(rows) + "\n")
    receipt = take(lake, tmp_path / "desk.csv", mapping=load_mapping(tmp_path / "desk.toml"))
    assert receipt.rows == 4
    # Ticket 7 makes two; 8 none, its minutes are no number; 9 makes two, one outside its scale; 7 again two.
    assert counts(receipt) == (7, 3, 1, 1, 2)
    found = sorted((one["line"], one["reason"], one["file"]) for one in rejects(receipt))
    file = str(tmp_path / "desk.csv")
    assert [(line, reason) for line, reason, _ in found] == [(3, "no_number"), (4, "outside_scale"), (5, "conflict")]
    assert {name for _, _, name in found} == {file}


def test_files_that_are_not_there_are_named(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"missing\.csv"):
        take(lake, tmp_path / "missing.csv")
    with pytest.raises(UnreadableInput, match="folder"):
        take(lake, tmp_path)


def test_names_of_files_may_be_anything(lake: Lake, tmp_path: Path) -> None:
    names = ["ü" * 120 + ".ndjson", b"\xff\xfe.ndjson".decode("utf-8", "surrogateescape"), "..ndjson", "a b\n.ndjson"]
    files = [write(tmp_path / name, [row(number), b"no row"]) for number, name in enumerate(names)]
    receipt = take(lake, *files)
    assert counts(receipt) == (8, 4, 0, 0, 4)
    assert [one["line"] for one in rejects(receipt)] == [2, 2, 2, 2]


@pytest.mark.parametrize("attrs", [["a", "b"], [3], "words"])
def test_attributes_that_are_no_map_reject_the_row_and_not_the_file(lake: Lake, tmp_path: Path, attrs: object) -> None:
    pq.write_table(pa.Table.from_pylist([row(1, attrs=attrs), row(2)]), tmp_path / "a.parquet")
    receipt = take(lake, tmp_path / "a.parquet")
    assert (receipt.accepted, receipt.reasons) == (1, {"bad_value": 1})


def test_an_attribute_may_be_a_column_beside_the_map(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "id,source,happened_at,kind,name,attrs,attrs.a\n1,s,2026-01-31T09:00:00Z,O,n,x,y\n2,s,2026-01-31T09:00:00Z,O,n,,y\n"
    )
    receipt = take(lake, tmp_path / "a.csv")
    assert (receipt.accepted, receipt.reasons) == (1, {"bad_value": 1})
    assert dict(stored(lake)[0]["attrs"]) == {"a": "y"}


def test_a_disk_that_fails_is_no_fault_of_the_batch(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The batch waits in the inbox until the disk is well; it is not set aside as unreadable."""
    put_batch(lake.home, [as_lines([row(1), b"no row"])], source=None, by="api", at=AT)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("openxmo.core.signals.door.writer.move", fail)
        with pytest.raises(UnreadableInput, match="no space left"):
            drain_inbox(lake, sources={}, by="worker", at=AT)
    assert lake.files(SIGNALS) == []
    assert list(lake.folder(SIGNALS).rglob("*.parquet")) == []
    (receipt,) = drain_inbox(lake, sources={}, by="worker", at=AT)
    assert counts(receipt) == (2, 1, 0, 0, 1)


@pytest.mark.parametrize("kind", ["value", "weight"])
def test_a_number_too_large_to_reckon_with_is_rejected_among_many_rows_too(
    lake: Lake, tmp_path: Path, kind: str
) -> None:
    rows = [row(number, kind="O", scale=None) for number in range(2000)]
    rows[700] |= {kind: 1e300}
    receipt = take(lake, write(tmp_path / "a.ndjson", rows))
    assert counts(receipt) == (2000, 1999, 0, 0, 1)
    assert "between -1e+150 and 1e+150" in rejects(receipt)[0]["sentence"]


def test_a_quote_that_is_never_closed_costs_one_row_whose_words_are_kept(lake: Lake, tmp_path: Path) -> None:
    good = "{},shop,2026-01-31T09:00:00Z,O,n,said\n"
    bad = '2,shop,2026-01-31T09:00:00Z,O,n,"never closed\n'
    text = "id,source,happened_at,kind,name,text\n" + good.format(1) + bad + good.format(3) + good.format(4)
    (tmp_path / "a.csv").write_text(text)
    receipt = take(lake, tmp_path / "a.csv")
    assert counts(receipt) == (4, 3, 0, 0, 1)
    (kept,) = rejects(receipt)
    assert (kept["line"], kept["reason"], kept["row"]) == (3, "not_csv", bad)
    assert "never closed" in kept["sentence"]
    assert [signal["id"] for signal in stored(lake)] == ["1", "3", "4"]
