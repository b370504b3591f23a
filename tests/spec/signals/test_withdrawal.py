"""Withdrawing an import, as if it had never been, and importing it again."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.door.importing import import_files
from openxmo.core.signals.door.recovery import recover
from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.keeping.withdrawal import withdraw
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, read_receipts, verify_chain
from tests.spec.signals.lakes import day, make_lake

SOURCES: Mapping[str, Source] = {"desk": Source(key="desk", amends=True)}
Import = Callable[..., Receipt]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return make_lake(tmp_path)


@pytest.fixture
def take(lake: Lake, tmp_path: Path) -> Import:
    """Imports rows of the amending source `desk`, each given as (id, value, revision)."""

    def take(*rows: tuple[str, float, float | None], hour: int) -> Receipt:
        path = tmp_path / f"{hour}.ndjson"
        lines: list[dict[str, Any]] = [
            {"id": key, "source": "desk", "kind": "O", "name": "handle_time", "happened_at": "2026-01-05T00:00:00Z"}
            | {"value": value}
            | ({} if revision is None else {"revision": revision})
            for key, value, revision in rows
        ]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return import_files(lake, [path], source=None, mapping=None, sources=SOURCES, by="ann", at=day(6, 1, hour))

    return take


def values(lake: Lake, **asked: Any) -> dict[str, float]:
    engine = DuckdbEngine(lake)
    rows = engine.fetch(read_signals(engine, **asked).select("id", "value")).to_pylist()
    found = {row["id"]: row["value"] for row in rows}
    assert len(found) == len(rows)  # no id stands twice
    return found


def test_withdrawn_signals_are_gone_and_counted(lake: Lake, take: Import) -> None:
    take(("a", 1, None), hour=1)
    wrong = take(("b", 2, None), ("c", 3, None), hour=2)
    receipt = withdraw(lake, wrong.receipt, reason="wrong file", by="bob", at=day(6, 1, 3))
    assert values(lake) == {"a": 1}
    assert (receipt.what, receipt.withdrawn, receipt.number) == ("withdrawal", 2, 3)
    assert receipt.note == f"{wrong.receipt}: wrong file"
    assert verify_chain(read_receipts(lake)) == []
    assert values(lake, known_at=day(6, 1, 2)) == {"a": 1, "b": 2, "c": 3}


def test_withdrawn_signals_may_be_imported_again(lake: Lake, take: Import) -> None:
    wrong = take(("b", 2, None), hour=1)
    withdraw(lake, wrong.receipt, reason="wrong file", by="bob", at=day(6, 1, 2))
    again = take(("b", 2, None), ("d", 4, None), hour=3)
    assert (again.accepted, again.duplicates) == (2, 0)
    assert values(lake) == {"b": 2, "d": 4}
    assert take(("b", 2, None), hour=4).duplicates == 1


def test_the_version_that_was_replaced_stands_again(lake: Lake, take: Import) -> None:
    take(("a", 1, 1), hour=1)
    second = take(("a", 2, 2), hour=2)
    assert values(lake) == {"a": 2}
    withdraw(lake, second.receipt, reason="wrong file", by="bob", at=day(6, 1, 3))
    assert values(lake) == {"a": 1}
    assert values(lake, known_at=day(6, 1, 2)) == {"a": 2}
    take(("a", 5, 3), hour=4)
    assert values(lake) == {"a": 5}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_withdrawing_the_middle_of_three_versions_leaves_the_newest(
    lake: Lake, take: Import, order: tuple[int, ...]
) -> None:
    receipts = {revision: take(("a", revision, revision), hour=hour) for hour, revision in enumerate(order, 1)}
    assert values(lake) == {"a": 3}
    withdraw(lake, receipts[2].receipt, reason="wrong", by="bob", at=day(6, 1, 5))
    assert values(lake) == {"a": 3}
    withdraw(lake, receipts[3].receipt, reason="wrong", by="bob", at=day(6, 1, 6))
    assert values(lake) == {"a": 1}
    withdraw(lake, receipts[1].receipt, reason="wrong", by="bob", at=day(6, 1, 7))
    assert values(lake) == {}


def test_a_version_without_a_revision_stands_only_once_all_with_one_are_withdrawn(lake: Lake, take: Import) -> None:
    third = take(("a", 3, 3), hour=1)
    take(("a", 7, None), hour=2)
    latest = take(("a", 8, None), hour=3)
    assert values(lake) == {"a": 3}
    assert values(lake, known_at=day(6, 1, 2)) == {"a": 3}
    withdraw(lake, third.receipt, reason="wrong", by="bob", at=day(6, 1, 5))
    assert values(lake) == {"a": 8}
    assert values(lake, known_at=day(6, 1, 4)) == {"a": 3}
    withdraw(lake, latest.receipt, reason="wrong", by="bob", at=day(6, 1, 6))
    assert values(lake) == {"a": 7}


def test_what_cannot_be_withdrawn_is_said(lake: Lake, take: Import) -> None:
    wrong = take(("a", 1, None), hour=1)
    with pytest.raises(WrongUsage, match="There is no receipt 'nonsense'"):
        withdraw(lake, "nonsense", reason="r", by="bob", at=day(6, 1, 2))
    with pytest.raises(WrongUsage, match="for a reason"):
        withdraw(lake, wrong.receipt, reason=" ", by="bob", at=day(6, 1, 2))
    done = withdraw(lake, wrong.receipt, reason="r", by="bob", at=day(6, 1, 2))
    with pytest.raises(WrongUsage, match="withdrawn before"):
        withdraw(lake, wrong.receipt, reason="r", by="bob", at=day(6, 1, 3))
    with pytest.raises(WrongUsage, match="not of an import"):
        withdraw(lake, done.receipt, reason="r", by="bob", at=day(6, 1, 3))


def test_a_withdrawal_killed_before_its_receipt_is_finished_by_the_next_writer(
    lake: Lake, take: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = take(("a", 1, None), hour=1)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("openxmo.core.signals.keeping.withdrawal.add_receipt", die)
        with pytest.raises(KeyboardInterrupt):
            withdraw(lake, wrong.receipt, reason="r", by="bob", at=day(6, 1, 2))
    assert values(lake) == {}
    recover(lake)
    assert [receipt.what for receipt in read_receipts(lake)] == ["import", "withdrawal"]
    assert verify_chain(read_receipts(lake)) == []
