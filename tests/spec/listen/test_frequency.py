"""The survey frequency rules: who may be asked, from when on, and why not yet."""

from datetime import UTC, datetime, timedelta

import pytest

from openxmo.core.listen.frequency import Asked, Held, Limits, hold_back
from openxmo.core.listen.response_rate import response_rate

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LIMITS = Limits(days_between=30, days_between_relationship=90, most_a_year=4)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "relationship", "deep", "why"),
    [
        (29.9, False, False, "asked_lately"),
        (30, False, False, None),  # the end of a pause is allowed
        (31, False, True, None),  # a survey after a contact says nothing about the relationship
        (31, True, False, None),
        (89.9, True, True, "relationship_lately"),
        (90, True, True, None),
        (89, None, True, "relationship_lately"),  # of an unknown sort: the careful reading
    ],
)
def test_pauses_between_two_surveys(days: float, relationship: bool | None, deep: bool, why: str | None) -> None:
    held = hold_back(LIMITS, [Asked(ago(days), relationship)], at=NOW, relationship=deep)
    assert (held.why if held else None) == why


def test_four_a_year_and_from_when_on_the_fifth() -> None:
    before = [Asked(ago(days), False) for days in (364, 300, 200, 100)]
    assert hold_back(LIMITS, before, at=NOW, relationship=False) == Held("asked_often", NOW + timedelta(days=1))
    assert hold_back(LIMITS, before, at=NOW + timedelta(days=1), relationship=False) is None
    assert hold_back(LIMITS, before[1:], at=NOW, relationship=False) is None


def test_the_reason_that_lasts_longest_is_told() -> None:
    held = hold_back(LIMITS, [Asked(ago(10), True)], at=NOW, relationship=True)
    assert held == Held("relationship_lately", NOW + timedelta(days=80))


def test_refusal_and_an_open_complaint_hold_whatever_the_days() -> None:
    assert hold_back(LIMITS, [], at=NOW, relationship=False, refused=True) == Held("refused", None)
    assert hold_back(LIMITS, [], at=NOW, relationship=False, open_complaint=True) == Held("open_complaint", None)
    without = Limits(30, 90, 4, hold_on_open_complaint=False)
    assert hold_back(without, [], at=NOW, relationship=False, open_complaint=True) is None


def test_nobody_asked_before_may_be_asked() -> None:
    assert hold_back(LIMITS, [], at=NOW, relationship=True) is None


def test_a_response_rate_has_wilsons_interval() -> None:
    rate = response_rate(asked=10, answered=2)
    # Wilson 1927 for 2 of 10: 0.0567 to 0.5098 (Agresti & Coull 1998).
    assert (rate.value, rate.low, rate.high) == pytest.approx((20, 5.67, 50.98), abs=0.01)


@pytest.mark.parametrize(("asked", "answered"), [(0, 0), (0, 3), (2, 3)])
def test_counts_that_cannot_be_make_no_rate(asked: int, answered: int) -> None:
    assert response_rate(asked=asked, answered=answered).value is None
