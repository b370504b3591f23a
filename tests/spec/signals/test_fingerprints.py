"""The index of (source, id): found whatever the segments, forgotten on demand, caught up when behind."""

import os
from pathlib import Path

import numpy as np
import pytest

from openxmo.core.signals.door.catching_up import forget, load_fingerprints
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.store import fingerprints as module
from openxmo.core.signals.store.fingerprints import FORMAT, MAX_SEGMENTS, STATE, Fingerprints
from openxmo.core.signals.store.receipts import read_head
from openxmo.core.signals.store.segments import COLUMNS, Entries
from tests.spec.signals.door import counts, make_lake, row, stored, take, write


def make_entries(rng: np.random.Generator, count: int, first: int) -> Entries:
    entries: Entries = {
        "high": np.sort(rng.integers(0, 2**64, count, dtype=np.uint64)),
        "low": rng.integers(0, 2**64, count, dtype=np.uint64),
        "content": rng.integers(0, 2**64, count, dtype=np.uint64),
        "row": np.arange(first, first + count),
        "month": rng.integers(24_000, 24_400, count).astype(np.int32),
        "revision": np.where(rng.random(count) < 0.5, np.nan, rng.random(count)),
    }
    return entries


@pytest.mark.parametrize("at_once", [1_000_000, 100])
def test_every_entry_is_found_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(module, "MERGE_ROWS", at_once)
    monkeypatch.setattr(module, "MAX_SEGMENTS", 3)
    rng = np.random.default_rng(7)
    index = Fingerprints(tmp_path / "index")
    parts, first = [], 0
    for count in (900, 5, 40, 1, 300, 2, 2, 2):
        parts.append(make_entries(rng, count, first))
        index.add([parts[-1]], count, through=first)
        first += count
    index = Fingerprints.load(tmp_path / "index")
    everything = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
    order = np.argsort(everything["high"])
    found = index.find(everything["high"][order], everything["low"][order])
    assert sorted(found.question.tolist()) == list(range(first))
    by_question = np.argsort(found.question)
    for name in COLUMNS:
        np.testing.assert_array_equal(found.entries[name][by_question], everything[name][order])
    others = np.sort(rng.integers(0, 2**64, 500, dtype=np.uint64))
    assert index.find(others, others).question.size == 0
    half = index.find(everything["high"][order], everything["low"][order] + np.uint64(1))
    assert half.question.size == 0  # half a hash is not enough


def test_segments_stay_few(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    index = Fingerprints(tmp_path / "index")
    for number in range(200):
        index.add([make_entries(rng, 10, number * 10)], 10, through=number)
    assert sum(segment.rows for segment in index.segments) == 2000
    assert len(index.segments) <= MAX_SEGMENTS
    assert len(list((tmp_path / "index").iterdir())) == len(index.segments) + 1


def test_a_large_segment_is_not_written_again_for_small_ones(tmp_path: Path) -> None:
    rng = np.random.default_rng(10)
    index = Fingerprints(tmp_path / "index")
    index.add([make_entries(rng, 5000, 0)], 5000, through=1)
    (large,) = index.segments
    for number in range(60):
        index.add([make_entries(rng, 10, number * 10)], 10, through=number)
    assert index.segments[0] == large


def test_what_was_added_in_many_steps_is_tidied_into_one_segment_beside_the_large(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    index = Fingerprints(tmp_path / "index")
    parts = [make_entries(rng, count, first) for count, first in ((900, 0), (20, 900), (10, 920), (30, 930))]
    for part in parts:
        index.add([part], part["high"].size, through=1)
    index.tidy()
    assert [segment.rows for segment in index.segments] == [900, 60]
    for part in parts:
        assert index.find(part["high"], part["low"]).entries["row"].size == part["high"].size
    index.tidy()
    assert [segment.rows for segment in index.segments] == [900, 60]


def test_a_segment_that_is_gone_is_not_kept_open(tmp_path: Path) -> None:
    rng = np.random.default_rng(12)
    index = Fingerprints(tmp_path / "index")
    for number in range(40):
        part = make_entries(rng, 10, number * 10)
        index.add([part], 10, through=number)
        index.find(part["high"], part["low"])
    mapped = [line for line in Path("/proc/self/maps").read_text().splitlines() if str(tmp_path) in line]
    assert mapped  # the newest is open
    assert not [line for line in mapped if "(deleted)" in line]
    handles = [os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
    assert not [name for name in handles if str(tmp_path) in name and "(deleted)" in name]


def test_an_index_of_another_form_is_made_anew(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    file = write(tmp_path / "a.ndjson", [row(number) for number in range(10)])
    take(lake, file)
    state = lake.home.fingerprints / STATE
    state.write_text(state.read_text().replace(f'"format": {FORMAT}', f'"format": {FORMAT - 1}'))
    assert Fingerprints.load(lake.home.fingerprints).segments == ()
    assert counts(take(lake, file)) == (10, 0, 10, 0, 0)


def test_several_entries_of_one_identity_are_all_found(tmp_path: Path) -> None:
    index = Fingerprints(tmp_path / "index")
    one = make_entries(np.random.default_rng(9), 3, 0)
    one["high"][:] = one["high"][0]
    one["low"][:] = one["low"][0]
    index.add([one], 3, through=1)
    index.add([one | {"row": np.array([7, 8, 9])}], 3, through=2)
    assert sorted(index.find(one["high"][:1], one["low"][:1]).entries["row"].tolist()) == [0, 1, 2, 7, 8, 9]


def test_forgotten_rows_may_come_again(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    file = write(tmp_path / "a.ndjson", [row(number) for number in range(10)])
    take(lake, file)
    gone = np.array([signal["row"] for signal in stored(lake) if signal["id"] in ("3", "4")])
    with writing(lake.home):
        assert forget(lake, gone) == 2
        assert forget(lake, gone) == 0
    assert counts(take(lake, file)) == (10, 2, 8, 0, 0)


def test_an_index_that_is_behind_reads_only_what_it_lacks(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    files = [write(tmp_path / f"{number}.ndjson", [row(number), row(f"{number}b")]) for number in range(3)]
    take(lake, files[0])
    old = {path: path.read_bytes() for path in lake.home.fingerprints.rglob("*") if path.is_file()}
    take(lake, files[1])
    take(lake, files[2])
    for path in lake.home.fingerprints.rglob("*"):
        if path.is_file():
            path.unlink()
    for path, data in old.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    with writing(lake.home):
        index = load_fingerprints(lake, number=read_head(lake).number)
    assert index.through == 3
    assert sum(segment.rows for segment in index.segments) == 6
    for file in files:
        assert counts(take(lake, file)) == (2, 0, 2, 0, 0)
