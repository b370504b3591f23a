"""A segment of the index of ids: whatever its size and however alike its hashes, it answers as a plain search does."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from openxmo.core.signals.store import segments as module
from openxmo.core.signals.store.segments import COLUMNS, Entries, Layout, OpenSegment, lower_bound, write_segment

ALIKE = np.uint64(0xFFFF_FFFF)  # the last bits, which neither a bucket nor a tag tells apart


def make_segment(path: Path, highs: list[np.ndarray]) -> tuple[OpenSegment, Entries]:
    """A segment written in as many parts, whose entries are told apart by their row."""
    rng = np.random.default_rng(3)
    rows = sum(high.size for high in highs)
    everything: Entries = {
        "high": np.concatenate(highs).astype(np.uint64),
        "low": rng.integers(0, 3, rows).astype(np.uint64),
        "content": rng.integers(0, 2**64, rows, dtype=np.uint64),
        "row": np.arange(rows),
        "revision": np.full(rows, np.nan),
        "month": np.full(rows, 24_317, np.int32),
    }
    starts = np.cumsum([0, *(high.size for high in highs)]).tolist()
    parts = [{name: everything[name][start:end] for name in COLUMNS} for start, end in pairwise(starts)]
    write_segment(path, parts, rows)
    return OpenSegment(path, rows), everything


def check(segment: OpenSegment, everything: Entries, high: np.ndarray, low: np.ndarray) -> None:
    question, place, content = segment.find(high, low)
    found = sorted(zip(question.tolist(), everything["row"][place].tolist(), strict=True))
    expected = [
        (number, int(row))
        for number in range(high.size)
        for row in np.flatnonzero((everything["high"] == high[number]) & (everything["low"] == low[number]))
    ]
    assert found == expected
    np.testing.assert_array_equal(content, everything["content"][place])


@pytest.mark.parametrize("sparse", [1, 10**9])  # entries read one by one, or through the map
@pytest.mark.parametrize("rows", [1, 2, 7, 64, 1000, 5000])
def test_a_segment_answers_as_a_plain_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, sparse: int
) -> None:
    monkeypatch.setattr(module, "SPARSE", sparse)
    rng = np.random.default_rng(rows)
    high = np.sort(rng.integers(0, 2**64, rows, dtype=np.uint64))
    segment, everything = make_segment(tmp_path / "segment", np.array_split(high, min(rows, 3)))
    assert (tmp_path / "segment").stat().st_size == Layout(rows).size
    asked = np.sort(np.concatenate([high[:200], rng.integers(0, 2**64, 200, dtype=np.uint64)]))
    for low in range(3):
        check(segment, everything, asked, np.full(asked.size, low, np.uint64))
    nothing = np.empty(0, np.uint64)
    assert segment.find(nothing, nothing)[0].size == 0


def test_hashes_that_differ_only_at_their_end_are_told_apart(tmp_path: Path) -> None:
    high = np.repeat(np.array([0, 5, 2**63, 2**64 - 1 - int(ALIKE)], np.uint64), 200)
    high += np.tile(np.arange(200, dtype=np.uint64) // np.uint64(4), 4)  # four of each
    segment, everything = make_segment(tmp_path / "segment", [np.sort(high)])
    asked = np.unique(np.concatenate([high, high + np.uint64(1000)]))
    check(segment, everything, asked, np.ones(asked.size, np.uint64))


def test_a_place_is_found_for_any_hash(tmp_path: Path) -> None:
    high = np.sort(np.random.default_rng(1).integers(0, 2**64, 999, dtype=np.uint64))
    segment, _ = make_segment(tmp_path / "segment", [high])
    for asked in (0, 1, int(high[0]), int(high[500]), int(high[500]) + 1, 2**63, 2**64 - 1, 2**64):
        assert segment.place_of(asked) == sum(int(one) < asked for one in high)


def test_a_bound_is_found_in_each_range_of_its_own() -> None:
    values = np.array([1, 3, 3, 7, 0, 2, 9], np.uint16)
    start, end = np.array([0, 0, 4, 4, 3, 7]), np.array([4, 4, 7, 7, 3, 7])
    wanted = np.array([3, 8, 0, 5, 1, 1], np.uint16)
    assert lower_bound(values, wanted, start, end).tolist() == [1, 4, 4, 6, 3, 7]
