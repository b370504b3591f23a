"""What a lake at an object store does not do it refuses, and says how to mend it."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.signals.engines import open_duckdb, open_spark
from openxmo.core.signals.keeping.doctor import examine
from openxmo.core.signals.keeping.upgrade import upgrade
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.object_store import read_address, remote_place
from openxmo.core.signals.store.tables import SIGNALS
from tests.functional.object_store.stores import FreeLease, Store, make_remote, names_at, rows_of, serving
from tests.spec.signals.door import AT, row, take, write


@pytest.mark.parametrize(
    "text",
    ["s3://", "s3://x", "s3://bucket/../else", "s3://bucket/a b", "s3://bucket/%2e", "s3://Bucket/a", "/tmp/lake", "",
     's3://bucket/a"\nformat = 9'],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage, match="no address"):
        read_address(text)


@pytest.mark.parametrize("text", ["gs://bucket/x", "az://container/x", "abfss://c@a.dfs.core.windows.net/x"])
def test_a_store_of_another_protocol_is_refused_by_name(text: str) -> None:
    with pytest.raises(WrongUsage, match="the only one that signals can be kept at"):
        read_address(text)


def test_an_address_is_kept_without_its_last_stroke() -> None:
    assert read_address(" s3://my-bucket/some.where/a_b/ ") == "s3://my-bucket/some.where/a_b"


def test_an_address_where_something_lies_is_refused(tmp_path: Path, address: str) -> None:
    make_remote(tmp_path / "one", address)
    before = names_at(address)
    with pytest.raises(WrongUsage, match="Something lies at"):
        make_remote(tmp_path / "two", address)
    assert names_at(address) == before
    assert not (tmp_path / "two").exists()


def test_a_store_where_one_commit_can_overwrite_another_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving("careless") as careless:
        for name, value in careless.environment.items():
            monkeypatch.setenv(name, value)
        address = careless.new_address()
        with pytest.raises(UnreadableInput, match="does not heed `If-None-Match`"):
            make_remote(tmp_path, address)
        assert names_at(address) == []


def test_a_bucket_that_is_not_there_is_told(tmp_path: Path, store: Store) -> None:
    del store
    with pytest.raises(UnreadableInput, match=r"The object store did not do what was asked: .*"):
        make_remote(tmp_path, "s3://nobody-made-this/x")
    assert not (tmp_path / "home" / "openxmo.toml").exists()


def test_a_store_that_does_not_answer_is_told_and_nothing_is_lost(
    tmp_path: Path, store: Store, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = make_remote(tmp_path, address)
    take(lake, write(tmp_path / "a.ndjson", [row(1)]))
    engine = open_duckdb(lake)
    file = write(tmp_path / "b.ndjson", [row(2)])
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    remote_place.cache_clear()
    asks = (lambda: take(lake, file), lambda: lake.version, lambda: engine.refresh())
    for ask in asks:
        with pytest.raises(UnreadableInput, match="The object store did not do what was asked") as raised:
            ask()
        assert raised.value.where.startswith(address)
        assert "\x1b" not in raised.value.what
    told = examine(lake.home, at=AT + timedelta(days=1))
    assert [(check.name, check.ok) for check in told.checks] == [("lake", False)]
    monkeypatch.setenv("AWS_ENDPOINT_URL", store.environment["AWS_ENDPOINT_URL"])
    remote_place.cache_clear()
    assert take(lake, file).accepted == 1
    assert len(rows_of(lake)) == 2


def test_a_question_under_way_when_the_store_goes_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openxmo.core.signals.store.object_store.OPTIONS", {"max_retries": "1", "retry_timeout": "2s"})
    with serving() as going:
        for name, value in going.environment.items():
            monkeypatch.setenv(name, value)
        lake = make_remote(tmp_path, going.new_address())
        take(lake, write(tmp_path / "a.ndjson", [row(1)]))
        engine = open_duckdb(lake)
        count = engine.table(SIGNALS).value.sum()
        assert engine.fetch(count)[0].to_pylist() == [9]
    with pytest.raises(UnreadableInput, match="The object store did not do what was asked"):
        engine.fetch(count)


def test_spark_and_a_new_format_are_refused(tmp_path: Path, address: str) -> None:
    lake = make_remote(tmp_path, address)
    with pytest.raises(UnreadableInput, match="Spark Connect answers over signals on a disk"):
        open_spark(lake, remote="sc://127.0.0.1:1")
    steps: Any = {1: lambda *_: None}
    with pytest.raises(UnreadableInput, match="cannot be changed there"):
        upgrade(lake.home, backup=tmp_path / "b.tar", by="ann", at=AT, steps=steps, newest=2)


def test_a_home_without_its_store_is_not_read_as_a_local_one(tmp_path: Path, address: str) -> None:
    lake = make_remote(tmp_path, address)
    shutil.copytree(lake.home.path, tmp_path / "copy")
    again = Lake.open(Home.at(tmp_path / "copy"), leasing=FreeLease)
    assert again.address == address
    assert "lake = " in again.home.settings_file.read_text()
