"""The data-quality score of a source, by hand."""

from datetime import timedelta
from pathlib import Path

import pytest

from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.keeping.quality import SourceQuality, measure_quality
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt
from tests.spec.signals.lakes import add, day, make_lake, signal, supersede

SOURCES = {"survey": Source(key="survey", fresh_within_hours=24)}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return make_lake(tmp_path)


def receipt(number: int, source: str | None, received: int, accepted: int, duplicates: int = 0) -> Receipt:
    rejected = received - accepted - duplicates
    return Receipt(
        receipt=f"R{number}",
        number=number,
        source=source,
        heard_at=day(6),
        by="ann",
        received=received,
        accepted=accepted,
        duplicates=duplicates,
        rejected=rejected,
        reasons={"value": rejected} if rejected else {},
    )


def measure(lake: Lake, *receipts: Receipt, hours: float = 1) -> dict[str, SourceQuality]:
    engine = DuckdbEngine(lake)
    found = measure_quality(engine, receipts=receipts, sources=SOURCES, at=day(6) + timedelta(hours=hours))
    return {one.source: one for one in found}


def test_a_column_that_is_usually_there_is_missed_where_it_is_not(lake: Lake) -> None:
    add(
        lake,
        *(signal(row, day(1), channel="web" if row < 3 else None, text="hm" if row < 1 else None) for row in range(4)),
    )
    # `value` in 4 of 4, `channel` in 3 of 4; `text` in 1 of 4 is not expected
    assert measure(lake)["survey"].completeness == (4 + 3) / (4 + 4)


def test_what_is_expected_is_judged_for_each_name(lake: Lake) -> None:
    add(lake, signal(1, day(1)), signal(2, day(1), name="contact", value=None, contact="c1"))
    assert measure(lake)["survey"].completeness == 1.0


def test_validity_is_the_share_received_that_was_neither_rejected_nor_in_conflict(lake: Lake) -> None:
    add(lake, signal(1, day(1)), signal(2, day(1), source="desk", receipt="R3"))
    found = measure(lake, receipt(1, "survey", 10, 8), receipt(2, "survey", 10, 0, 10), receipt(3, None, 4, 1))
    assert found["survey"].validity == 18 / 20
    assert found["desk"].validity == 1 / 4


@pytest.mark.parametrize(("hours", "expected"), [(0, 1.0), (24, 1.0), (48, 0.5), (240, 0.1)])
def test_freshness_falls_with_silence_beyond_the_declared_hours(lake: Lake, hours: float, expected: float) -> None:
    add(lake, signal(1, day(1)), signal(2, day(1), source="desk"))
    found = measure(lake, hours=hours)
    assert found["survey"].freshness == pytest.approx(expected)
    assert found["desk"].freshness is None


def test_a_signal_is_linked_if_another_shares_its_subject_contact_or_issue(lake: Lake) -> None:
    add(lake, signal(1, day(1), subject="a"), signal(2, day(2), subject="a", source="desk"))
    add(lake, signal(3, day(1), contact="c"), signal(4, day(1), issue="c"), signal(5, day(1)), signal(6, day(1)))
    add(lake, signal(7, day(1), issue="i", contact="x"), signal(8, day(1), issue="i", contact="y", source="desk"))
    found = measure(lake)
    assert found["survey"].links == 2 / 6
    assert found["desk"].links == 1.0


def test_superseded_signals_do_not_count(lake: Lake) -> None:
    add(lake, signal(1, day(1), subject="a"), signal(2, day(1), subject="a"))
    supersede(lake, 2, "2026-01", day(6))
    assert (measure(lake)["survey"].signals, measure(lake)["survey"].links) == (1, 0.0)


def test_the_score_is_the_mean_of_what_is_known() -> None:
    known = SourceQuality("s", 1, day(6), completeness=1.0, validity=0.5, freshness=None, links=0.0)
    assert known.quality == 0.5
    assert SourceQuality("s", 1, day(6), 1.0, 0.5, 1.0, 0.5).quality == 0.75


def test_an_empty_office_has_no_sources_to_judge(lake: Lake) -> None:
    assert measure(lake) == {}
