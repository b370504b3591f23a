"""The lake's tables: made, written, read, versioned."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.home import Home, read_settings
from openxmo.core.signals.store.lake import CHECKPOINT_EVERY, Lake, commit_info
from openxmo.core.signals.store.tables import IDENTITIES, MARKS, RECEIPTS, SIGNALS, SUPERSEDED, TABLES
from tests.spec.signals.door import AT, make_lake


def superseded(*rows: int) -> pa.Table:
    lines = [{"row": row, "month": "2026-01", "reason": "amended", "superseded_at": AT} for row in rows]
    return pa.Table.from_pylist(lines, schema=SUPERSEDED.schema)


def signal(row: int, month: str, name: str = "nps") -> dict[str, object]:
    at = datetime.fromisoformat(f"{month}-15T00:00:00+00:00")
    return {"id": str(row), "source": "s", "happened_at": at, "kind": "O", "name": name, "row": row, "month": month}


def test_an_office_is_made_once_and_opened_as_it_is(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "deep" / "home")
    assert not home.exists()
    lake = Lake.create(home, at=AT)
    assert home.exists()
    settings, key = read_settings(home), lake.key("x")
    again = Lake.create(home, at=AT.replace(year=2030))
    assert (read_settings(home), again.key("x")) == (settings, key)
    for table in TABLES:
        assert lake.read(table).schema == table.schema
        assert lake.read(table).num_rows == 0


def test_a_folder_without_an_office_or_of_a_newer_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="xmo init"):
        Lake.open(Home.at(tmp_path))
    lake = make_lake(tmp_path)
    text = lake.home.settings_file.read_text()
    lake.home.settings_file.write_text(text.replace("lake_format = 1", "lake_format = 99"))
    with pytest.raises(UnreadableInput, match="newer"):
        Lake.open(lake.home)
    lake.home.settings_file.write_text("not toml at all [")
    with pytest.raises(UnreadableInput, match="cannot be read"):
        Lake.open(lake.home)


def test_keys_differ_by_purpose_and_by_office(tmp_path: Path) -> None:
    one, other = make_lake(tmp_path / "a"), make_lake(tmp_path / "b")
    keys = {lake.key(purpose) for lake in (one, other) for purpose in ("x", "y")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
    assert (one.home.keys / "secret").stat().st_mode & 0o077 == 0


def test_an_append_is_one_commit_with_its_metadata(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    assert lake.append(SUPERSEDED, superseded(1, 2), metadata={"why": "test"}) == 1
    assert lake.append(SUPERSEDED, superseded(3).to_reader()) == 2
    assert sorted(lake.read(SUPERSEDED)["row"].to_pylist()) == [1, 2, 3]
    assert commit_info(lake.place(SUPERSEDED), 1)["why"] == "test"


def test_the_version_grows_with_what_can_change_an_answer(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    versions = [lake.version]
    lake.append(SUPERSEDED, superseded(1))
    versions.append(lake.version)
    lake.append(MARKS, MARKS.schema.empty_table())
    lake.append(IDENTITIES, IDENTITIES.schema.empty_table())
    versions.append(lake.version)
    lake.append(RECEIPTS, RECEIPTS.schema.empty_table())  # a receipt alone changes no answer
    versions.append(lake.version)
    assert versions == [0, 1, 3, 3]


def test_signals_lie_by_month_and_come_back_whole(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    rows = [signal(1, "2026-01"), signal(2, "2025-12", "csat"), signal(3, "2026-01")]
    rows[0] |= {"attrs": [("a", "b")], "objects": ["order:1"], "content": bytes(range(16)), "value": 2.5}
    data = pa.Table.from_pylist(rows, schema=SIGNALS.schema)
    lake.append(SIGNALS, data)
    files = lake.files(SIGNALS)
    assert [Path(file).parent.name for file in files] == ["month=2025-12", "month=2026-01"]
    found = lake.read(SIGNALS).sort_by("row")
    assert found.to_pylist() == data.to_pylist()
    delta = lake.delta(SIGNALS)
    assert delta is not None
    assert delta.to_pyarrow_table().num_rows == 3  # also as any other reader of Delta sees it


def test_the_log_keeps_statistics_only_on_columns_that_name_nobody(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    data = pa.Table.from_pylist([signal(1, "2026-01") | {"subject": "jane", "id": "jane-1"}], schema=SIGNALS.schema)
    lake.append(SIGNALS, data)
    logs = b"".join(path.read_bytes() for path in lake.folder(SIGNALS).rglob("_delta_log/*"))
    assert b"jane" not in logs
    assert b"maxValues" in logs


def test_files_of_an_append_that_fails_are_taken_back(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)

    def batches() -> Iterator[pa.Table]:
        yield superseded(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lake.write(SUPERSEDED, batches())
    assert list(lake.folder(SUPERSEDED).rglob("*.parquet")) == []


def test_the_log_is_summed_up_now_and_then(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    for row in range(CHECKPOINT_EVERY + 1):
        lake.append(SUPERSEDED, superseded(row))
    log = lake.folder(SUPERSEDED) / "_delta_log"
    assert (log / "_last_checkpoint").exists()
    assert len(list(log.glob("*.checkpoint*.parquet"))) == 1
    assert lake.read(SUPERSEDED).num_rows == CHECKPOINT_EVERY + 1
    assert lake.version == CHECKPOINT_EVERY + 1


def test_times_are_kept_to_the_microsecond_in_utc(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    at = datetime(2026, 1, 15, 1, 2, 3, 456789, tzinfo=UTC)
    lake.append(SIGNALS, pa.Table.from_pylist([signal(1, "2026-01") | {"happened_at": at}], schema=SIGNALS.schema))
    assert lake.read(SIGNALS)["happened_at"].to_pylist() == [at]
