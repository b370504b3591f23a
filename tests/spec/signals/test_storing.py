"""How rows lie in the lake's files: in order, as they came, and no larger than they need to be."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.door import storing
from openxmo.core.signals.door.columns import open_reader
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.tables import SIGNALS
from tests.spec.signals.door import counts, make_lake, row, stored, take, write

ATTRIBUTES: list[dict[str, str] | None] = [
    None,
    {},
    {"z": "last", "a": "first"},
    {'a "quoted" key': "back\\slash", "ümlaut": "two\nlines\x00"},
    {"plan": ""},
]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return make_lake(tmp_path)


def many(count: int, *, day: str = "2026-01-{:02}") -> list[dict[str, Any]]:
    """Rows whose `team` repeats often, `agent` never, and `label` is sometimes there, sometimes empty."""
    return [
        row(
            number,
            happened_at=f"{day.format(1 + number * 7 % 28)}T09:00:00Z",
            name=("nps", "csat")[number % 2],
            team=f"team {number % 90}",
            agent=f"agent-{number}",
            label=(None, "", "angry", "glad")[number % 4],
            attrs=ATTRIBUTES[number % 5],
        )
        for number in range(count)
    ]


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in rows}


def files_by_month(lake: Lake) -> dict[str, pq.ParquetFile]:
    return {Path(path).parent.name.removeprefix("month="): pq.ParquetFile(path) for path in lake.files(SIGNALS)}


def column_of(file: pq.ParquetFile, name: str) -> Any:
    group = file.metadata.row_group(0)
    return next(group.column(place) for place in range(group.num_columns) if group.column(place).path_in_schema == name)


def test_what_repeats_and_what_does_not_comes_back_as_it_was(lake: Lake, tmp_path: Path) -> None:
    given = many(2_000)
    assert counts(take(lake, write(tmp_path / "a.ndjson", given))) == (2_000, 2_000, 0, 0, 0)
    found = by_id(stored(lake))
    for one in given:
        there = found[one["id"]]
        assert (there["team"], there["agent"], there["label"]) == (one["team"], one["agent"], one.get("label") or None)
        attributes = one.get("attrs")
        assert there["attrs"] == (None if attributes is None else sorted(attributes.items()))


def test_a_month_lies_in_the_order_of_name_and_time(lake: Lake, tmp_path: Path) -> None:
    take(lake, write(tmp_path / "a.ndjson", many(500) + [one | {"id": f"b{one['id']}"} for one in many(500)]))
    (file,) = files_by_month(lake).values()
    rows = file.read(columns=["name", "happened_at", "row"]).to_pylist()
    placed = [(one["name"], one["happened_at"], one["row"]) for one in rows]
    assert placed == sorted(placed)  # of one name and moment in the order they came


def test_files_keep_statistics_of_what_rows_are_passed_over_by(lake: Lake, tmp_path: Path) -> None:
    take(lake, write(tmp_path / "a.ndjson", many(100)))
    (file,) = files_by_month(lake).values()
    assert column_of(file, "name").statistics.min == "csat"
    assert column_of(file, "happened_at").statistics.has_min_max
    assert column_of(file, "value").statistics.has_min_max
    assert column_of(file, "journey").statistics.null_count == 100
    assert [column_of(file, name).is_stats_set for name in ("id", "subject", "agent", "team")] == [False] * 4


def test_a_row_of_megabytes_lies_beside_short_ones(lake: Lake, tmp_path: Path) -> None:
    given = [row(1), row(2, text="words " * 500_000), row(3)]
    assert counts(take(lake, write(tmp_path / "a.ndjson", given))) == (3, 3, 0, 0, 0)
    assert by_id(stored(lake))[given[1]["id"]]["text"] == given[1]["text"]


def test_a_reader_that_failed_is_not_asked_again(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "a.ndjson", many(10))
    failed = open_reader(lake.home.staging)

    def fail(*_: object) -> None:
        raise duckdb.OutOfMemoryException("no room")

    with monkeypatch.context() as broken:
        broken.setattr(storing, "read_part", fail)
        with pytest.raises(UnreadableInput, match="no room"):
            take(lake, file)
    assert stored(lake) == []
    assert counts(take(lake, file)) == (10, 10, 0, 0, 0)
    assert open_reader(lake.home.staging) is not failed
