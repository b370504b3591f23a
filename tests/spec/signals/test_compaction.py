"""Merging what many small imports leave behind, and taking the old files away."""

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.keeping.compaction import (
    FILES_KEPT,
    SMALL_FILES,
    File,
    choose,
    compact,
    keep_tidy,
    list_files,
    should_compact,
    trim_log,
    vacuum,
)
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.lake import Lake, checkpoint
from openxmo.core.signals.store.parquet import ROWS_PER_FILE
from openxmo.core.signals.store.tables import MARKS, SIGNALS
from tests.spec.signals.lakes import add, add_mark, day, make_lake, marks_read, rows_read, signal

ROWS = range(2 * SMALL_FILES + 2)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return make_lake(tmp_path)


def fill(lake: Lake) -> None:
    """One file a row, in January and February by turns, in no order."""
    for row in ROWS:
        name = "nps" if row % 3 else "contact"
        add(lake, signal(row, day(1 + row % 2, 28 - row % 28), name=name, attrs=[("turn", str(row))]))


def test_small_files_become_few_sorted_ones_with_the_same_rows(lake: Lake) -> None:
    fill(lake)
    engine = DuckdbEngine(lake)
    asked = read_signals(engine).order_by("row")
    before = engine.fetch(asked)
    assert should_compact(lake)
    done = compact(lake, at=day(7))
    assert (done.partitions, done.files_before, done.files_after, done.rows) == (2, len(ROWS), 2, len(ROWS))
    assert not should_compact(lake)
    engine.refresh()
    assert engine.fetch(asked).equals(before)
    for path in lake.files(SIGNALS):
        rows = pq.ParquetFile(path).read(columns=["name", "happened_at"]).to_pylist()
        assert rows == sorted(rows, key=lambda row: (row["name"], row["happened_at"]))


def test_small_tables_are_compacted_too(lake: Lake) -> None:
    add(lake, *(signal(row, day(1)) for row in ROWS))
    for row in ROWS:
        add_mark(lake, row, "2026-01", day(7))
    compact(lake, at=day(7))
    assert len(lake.files(MARKS)) == 1
    assert len(marks_read(DuckdbEngine(lake))) == len(ROWS)


def test_the_version_grows_and_never_falls(lake: Lake) -> None:
    fill(lake)
    before = lake.version
    compact(lake, at=day(7))
    after = lake.version
    vacuum(lake, keep=timedelta(0))
    assert before < after <= lake.version


def test_a_large_file_is_left_until_the_small_ones_have_grown_up_to_it() -> None:
    small = [File(f"s{number}", 10, 1, "2026-01") for number in range(5)]
    assert choose([*small, File("large", 1000, 1, "2026-01")]) == small
    grown = [*small, File("medium", 90, 1, "2026-01")]
    assert choose(grown) == grown
    assert choose([File("full", ROWS_PER_FILE, 1, "2026-01"), small[0]]) == []


def test_files_stay_few_and_rows_are_rewritten_only_a_few_times() -> None:
    """400 imports of equal size: simulated without a lake."""
    files: list[File] = []
    rewritten = 0
    for number in range(400):
        files.append(File(f"f{number}", 100, 1, "2026-01"))
        if len(files) > SMALL_FILES:
            chosen = choose(files)
            rows = sum(file.rows for file in chosen)
            rewritten += rows
            files = [file for file in files if file not in chosen] + [File(f"m{number}", rows, 1, "2026-01")]
            assert len(files) <= FILES_KEPT
    assert sum(file.rows for file in files) == 40_000
    assert rewritten / 40_000 < 6


def test_old_files_stay_for_readers_under_way_until_the_vacuum(lake: Lake) -> None:
    fill(lake)
    before = {Path(path) for path in lake.files(SIGNALS)}
    leftover = lake.folder(SIGNALS) / "month=2026-01" / "part-left-by-a-kill.parquet"
    leftover.write_bytes(b"half")
    compact(lake, at=day(7))
    assert all(path.exists() for path in before)
    assert vacuum(lake, keep=timedelta(0)) >= len(before)
    assert not any(path.exists() for path in before)
    assert not leftover.exists()
    assert all(Path(path).exists() for path in lake.files(SIGNALS))
    assert rows_read(DuckdbEngine(lake)) == list(ROWS)


def test_a_trimmed_log_still_opens_at_the_newest_version(lake: Lake) -> None:
    fill(lake)
    engine = DuckdbEngine(lake)
    checkpoint(lake.place(SIGNALS))
    before = lake.version
    trim_log(lake.place(SIGNALS), keep=1)
    assert lake.version == before
    assert len(list((lake.folder(SIGNALS) / "_delta_log").glob("*.json"))) == 1
    add(lake, signal(1000, day(1)))
    assert lake.version == before + 1
    assert rows_read(engine) == [*ROWS, 1000]


def test_tidying_does_nothing_to_a_tidy_lake(lake: Lake) -> None:
    add(lake, signal(1, day(1)))
    version = lake.version
    assert keep_tidy(lake, at=day(7)) is None
    assert lake.version == version


def test_whoever_has_the_time_leaves_fewer_files(lake: Lake) -> None:
    for row in range(FILES_KEPT + 2):
        add(lake, signal(row, day(1, 1 + row)))
    before = rows_read(DuckdbEngine(lake))
    assert keep_tidy(lake, at=day(7)) is None
    done = keep_tidy(lake, at=day(7), most=FILES_KEPT)
    assert done is not None
    assert len(list_files(lake, SIGNALS)) <= FILES_KEPT
    assert rows_read(DuckdbEngine(lake)) == before
    assert keep_tidy(lake, at=day(7), most=FILES_KEPT) is None


def test_a_month_larger_than_memory_allows_is_merged_by_the_database(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openxmo.core.signals.keeping.compaction.ROW_GROUP", 2048)
    add(lake, *(signal(row, day(1, 1 + row % 28), name=f"n{row % 7}") for row in range(3000)))
    add(lake, *(signal(row, day(1, 1 + row % 28), name=f"n{row % 7}") for row in range(3000, 5000)))
    compact(lake, at=day(7), everything=True)
    (file,) = list_files(lake, SIGNALS)
    assert file.rows == 5000
    rows = pq.ParquetFile(lake.folder(SIGNALS) / file.path).read(columns=["name", "happened_at", "row"]).to_pylist()
    assert rows == sorted(rows, key=lambda row: (row["name"], row["happened_at"], row["row"]))
    assert rows_read(DuckdbEngine(lake)) == list(range(5000))
