"""From an older format of the lake to this one, shown on a made-up format 0: signals without `protected`."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from openxmo.core.errors import UnreadableInput
from openxmo.core.progress import Progress
from openxmo.core.signals.door.storing import is_protected
from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.keeping.backup import restore
from openxmo.core.signals.keeping.upgrade import STEPS, add_column, read_format, upgrade, write_format
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.home import LAKE_FORMAT, Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.parquet import stored_type
from openxmo.core.signals.store.tables import SIGNALS
from tests.spec.signals.lakes import day, make_lake, signal

KINDS = ["employee", "customer", None, "partner"]


def protected_of(rows: pa.Table) -> pa.ChunkedArray:
    return is_protected(rows["subject"], rows["response"], rows["subject_kind"])


def add_protected(lake: Lake, at: datetime, progress: Progress) -> None:
    add_column(lake, SIGNALS, "protected", protected_of, at=at, progress=progress)


STEPS_FROM_0 = {0: add_protected}


def make_old_lake(folder: Path) -> Lake:
    """Eight signals in four months, two files a month, as if `protected` had not been thought of."""
    lake = make_lake(folder)
    table = lake.folder(SIGNALS)
    old = SIGNALS.schema.remove(SIGNALS.schema.get_field_index("protected"))
    stored = pa.schema([(field.name, stored_type(field.type)) for field in old])
    for path in sorted(table.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    DeltaTable.create(str(table), schema=stored, partition_by=["month"])
    for row in range(8):
        line = signal(row, day(1 + row % 4), subject=f"s{row}", subject_kind=KINDS[row % 4])
        write_deltalake(str(table), pa.Table.from_pylist([line], schema=old).cast(stored), mode="append")
    write_format(lake.home, 0)
    return lake


@pytest.fixture
def old(tmp_path: Path) -> Lake:
    return make_old_lake(tmp_path)


def protected(lake: Lake) -> list[tuple[int, bool]]:
    engine = DuckdbEngine(lake)
    rows = engine.fetch(read_signals(engine).select("row", "protected").order_by("row")).to_pylist()
    return [(line["row"], line["protected"]) for line in rows]


EXPECTED = [(row, row % 4 in (0, 2)) for row in range(8)]


def run(lake: Lake, **more: Any) -> Any:
    backup = lake.home.path.parent / "before.tar"
    return upgrade(lake.home, backup=backup, by="ann", at=day(7), **({"steps": STEPS_FROM_0} | more))


def test_a_lake_of_this_format_is_left_alone(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    done = run(lake)
    assert (done.before, done.after, done.backup) == (LAKE_FORMAT, LAKE_FORMAT, None)
    assert not (tmp_path / "before.tar").exists()


def test_there_is_a_step_from_each_format_that_was_ever_written() -> None:
    assert sorted(STEPS) == list(range(1, LAKE_FORMAT))


def test_an_old_lake_is_moved_on_after_a_backup(old: Lake) -> None:
    done = run(old)
    assert (done.before, done.after) == (0, 1)
    assert read_format(old.home) == 1
    assert protected(Lake.open(old.home)) == EXPECTED
    again = restore(done.backup, Home.at(old.home.path.parent / "as-it-was"), by="ann", at=day(8))
    assert read_format(again.home) == 0
    assert again.signals == 8


def test_an_old_lake_is_not_opened_and_the_way_on_is_named(old: Lake) -> None:
    with pytest.raises(UnreadableInput, match="Run `xmo upgrade`"):
        Lake.open(old.home)


def test_a_newer_lake_is_refused(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    write_format(lake.home, LAKE_FORMAT + 1)
    with pytest.raises(UnreadableInput, match="was written by a newer OpenXMO"):
        run(lake)
    with pytest.raises(UnreadableInput, match="was written by a newer OpenXMO"):
        Lake.open(lake.home)


def test_a_format_that_nobody_can_read_any_more_is_refused_before_anything_is_done(old: Lake) -> None:
    with pytest.raises(UnreadableInput, match="cannot read a lake of format 0"):
        run(old, steps={})
    assert not (old.home.path.parent / "before.tar").exists()


@pytest.mark.parametrize("commits", range(4))
def test_an_upgrade_stopped_anywhere_goes_on_where_it_was(
    old: Lake, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    done = 0
    commit: Callable[..., int] = Lake.commit

    def commit_some(self: Lake, *args: Any, **more: Any) -> int:
        nonlocal done
        if done == commits:
            raise KeyboardInterrupt
        done += 1
        return commit(self, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Lake, "commit", commit_some)
        with pytest.raises(KeyboardInterrupt):
            run(old)
    assert read_format(old.home) == 0
    first = (old.home.path.parent / "before.tar").read_bytes()
    run(old)
    assert protected(Lake.open(old.home)) == EXPECTED
    assert (old.home.path.parent / "before.tar").read_bytes() == first  # the office as it was, not half moved
    assert not (old.home.path / "upgrade.json").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.home import Home
from tests.spec.signals.test_upgrade import run

commit, done = Lake.commit, []

def commit_and_die(self, *args, **more):
    version = commit(self, *args, **more)
    done.append(version)
    if len(done) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return version

Lake.commit = commit_and_die
run(Lake(Home.at(Path(sys.argv[1]))))
"""


def test_an_upgrade_that_was_killed_goes_on(old: Lake) -> None:
    child = subprocess.run(
        [sys.executable, "-c", KILLED, str(old.home.path)], check=False, cwd=Path(__file__).parents[3]
    )
    assert child.returncode == -9
    assert read_format(old.home) == 0
    run(old)
    assert protected(Lake.open(old.home)) == EXPECTED
