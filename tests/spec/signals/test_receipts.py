"""Receipts: they add up, and their chain cannot be changed unseen."""

from dataclasses import replace
from pathlib import Path

import pytest

from openxmo.core.signals.store.receipts import (
    Head,
    Receipt,
    from_json,
    link,
    read_head,
    read_receipts,
    to_json,
    verify_chain,
)
from openxmo.core.signals.store.tables import RECEIPTS
from tests.spec.signals.door import AT, make_lake, row, take, write


def make_chain(length: int) -> list[Receipt]:
    head, chain = Head(), []
    for number in range(length):
        receipt = Receipt(receipt=f"r{number}", number=0, source="shop", heard_at=AT, by="t", received=3, accepted=3)
        chain.append(link(receipt, head))
        head = Head(chain[-1].number, chain[-1].hash, chain[-1].receipt)
    return chain


def test_a_whole_chain_holds() -> None:
    assert verify_chain(make_chain(4)) == []
    assert verify_chain([]) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda chain: chain[:1] + chain[2:], "one is missing"),
        (lambda chain: [*chain, chain[1]], "there twice"),
        (lambda chain: [chain[0], replace(chain[1], accepted=2, rejected=1), *chain[2:]], "was changed"),
        (lambda chain: [chain[0], replace(chain[1], by="another"), *chain[2:]], "was changed"),
        (
            lambda chain: [chain[0], link(replace(chain[1], by="x"), Head(1, chain[0].hash)), *chain[2:]],
            "does not follow",
        ),
        (lambda chain: [*chain[:3], link(replace(chain[3], accepted=1), Head(3, chain[2].hash))], "does not add up"),
    ],
)
def test_a_changed_receipt_is_told(change, said: str) -> None:  # type: ignore[no-untyped-def]
    faults = verify_chain(change(make_chain(4)))
    assert any(said in fault for fault in faults)


def test_a_receipt_comes_back_from_the_commit_as_it_was() -> None:
    (receipt,) = make_chain(1)
    receipt = replace(receipt, reasons={"missing": 2}, content=bytes(32))
    assert from_json(to_json(receipt)) == receipt


def test_the_end_of_the_chain_is_found_with_and_without_the_newest_commit(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    assert read_head(lake) == Head()
    for number in range(3):
        take(lake, write(tmp_path / "a.ndjson", [row(number)]))
    head = read_head(lake)
    assert head.number == 3
    receipts = read_receipts(lake)
    assert [receipt.number for receipt in receipts] == [1, 2, 3]
    assert head.hash == receipts[-1].hash
    lake.append(RECEIPTS, RECEIPTS.schema.empty_table())  # a commit that says nothing of the chain
    assert read_head(lake) == head
