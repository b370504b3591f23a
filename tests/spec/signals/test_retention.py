"""Retention and the time an erasure is given."""

from datetime import date

import pytest

from openxmo.core.signals.keeping.retention import Kept, due_for_deletion, erasure_due_by

# Worked answer gdpr_erasure_retention: five records on 2025-06-15, one person asks to be erased.
RECORDS = [
    Kept("r1", "raw_response", "S1", date(2024, 1, 10)),
    Kept("r2", "verbatim", "S1", date(2024, 1, 10)),
    Kept("r3", "contact_log", "S2", date(2024, 5, 20)),
    Kept("r4", "raw_response", "S2", date(2023, 6, 15)),
    Kept("r5", "raw_response", "S3", date(2025, 1, 1)),
]
DAYS = {"raw_response": 730, "verbatim": 365, "contact_log": 395}


def test_records_go_when_their_days_are_over_or_their_person_asks() -> None:
    due = due_for_deletion(RECORDS, today=date(2025, 6, 15), retention_days=DAYS, erasure_requests={"S3"})
    assert due.by_retention == ("r2", "r4")
    assert due.by_erasure == ("r5",)
    assert due.keep == ("r1", "r3")


def test_the_last_day_of_the_retention_is_still_kept() -> None:
    record = Kept("r", "raw_response", None, date(2023, 6, 16))
    assert due_for_deletion([record], today=date(2025, 6, 15), retention_days=DAYS).keep == ("r",)
    assert due_for_deletion([record], today=date(2025, 6, 16), retention_days=DAYS).by_retention == ("r",)


def test_a_type_without_days_is_kept() -> None:
    record = Kept("r", "profile", "S1", date(1990, 1, 1))
    assert due_for_deletion([record], today=date(2025, 6, 15), retention_days=DAYS).keep == ("r",)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2025, 6, 1), date(2025, 7, 1)),
        (date(2025, 1, 31), date(2025, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2025, 12, 15), date(2026, 1, 15)),
    ],
)
def test_an_erasure_is_due_within_a_month(received: date, due: date) -> None:
    assert erasure_due_by(received) == due
