"""The closed loop's clock: what counts as in time, what as late, and what as not yet known."""

from datetime import UTC, datetime, timedelta

import pytest

from openxmo.core.act.calendar import Calendar, business_hours, elapsed
from openxmo.core.act.service_level import Case, read_clock, service_level
from openxmo.core.errors import WrongUsage

WEEK = business_hours(
    Calendar(key="office", hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",)))
)
FOUR_HOURS = timedelta(hours=4)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


CASES = (
    Case("q1", moment("2025-03-03T09:00"), moment("2025-03-03T10:30"), moment("2025-03-04T12:00")),
    Case("q2", moment("2025-03-03T16:00"), moment("2025-03-04T09:30")),
    Case("q3", moment("2025-03-07T16:30"), moment("2025-03-10T09:15"), moment("2025-03-10T15:00")),
    Case("q4", moment("2025-03-10T08:00")),
)
AS_OF = moment("2025-03-10T16:00")


def test_an_open_breached_case_counts_as_breached() -> None:
    # Worked by hand: 1.5, 1.5 and 0.75 business hours, and 7 so far; three of four met.
    found = service_level(CASES, hours=WEEK, target=FOUR_HOURS, at=AS_OF)
    assert [clock.elapsed / timedelta(hours=1) for clock in found.clocks] == [1.5, 1.5, 0.75, 7.0]
    assert [clock.state for clock in found.clocks] == ["met", "met", "met", "breached"]
    assert (found.rate, found.recovered, found.recovery_rate) == (0.75, 2, 0.5)


def test_clock_hours_between_the_same_moments_are_other_hours() -> None:
    hours = [(case.first_response - case.opened) / timedelta(hours=1) for case in CASES if case.first_response]
    assert hours == [1.5, 17.5, 64.75]
    assert elapsed(WEEK, CASES[2].opened, CASES[2].first_response or AS_OF) == timedelta(hours=0.75)


def test_an_open_case_within_its_time_counts_for_neither_side() -> None:
    found = service_level(CASES, hours=WEEK, target=timedelta(hours=8), at=AS_OF)
    assert (found.met, found.breached, found.pending, found.rate) == (3, 0, 1, 1.0)


def test_leaving_the_open_case_out_would_show_a_perfect_rate() -> None:
    assert service_level(CASES[:3], hours=WEEK, target=FOUR_HOURS, at=AS_OF).rate == 1.0


@pytest.mark.parametrize(
    ("at", "alert"),
    [
        ("2025-03-10T11:59", None),
        ("2025-03-10T12:00", "warn"),
        ("2025-03-10T13:00", "lead"),
        ("2025-03-10T16:59", "lead"),
        ("2025-03-10T17:00", "unit_head"),
        ("2025-03-11T09:00", "unit_head"),
    ],
)
def test_an_open_case_is_raised_at_three_quarters_at_its_time_and_at_twice_it(at: str, alert: str | None) -> None:
    assert read_clock(CASES[3], hours=WEEK, target=FOUR_HOURS, at=moment(at)).alert == alert


def test_an_answered_case_raises_nobody_any_more() -> None:
    late = Case("late", moment("2025-03-03T09:00"), moment("2025-03-06T09:00"))
    clock = read_clock(late, hours=WEEK, target=FOUR_HOURS, at=AS_OF)
    assert (clock.state, clock.alert, clock.open) == ("breached", None, False)


def test_what_happened_after_the_moment_of_judging_has_not_happened() -> None:
    found = service_level(CASES, hours=WEEK, target=FOUR_HOURS, at=moment("2025-03-03T10:00"))
    assert [(clock.key, clock.state) for clock in found.clocks] == [("q1", "pending")]
    assert (found.rate, found.recovered) == (None, 0)


def test_the_last_moment_is_in_time() -> None:
    exact = Case("exact", moment("2025-03-03T09:00"), moment("2025-03-03T13:00"))
    assert read_clock(exact, hours=WEEK, target=FOUR_HOURS, at=AS_OF).state == "met"


def test_a_late_opening_starts_the_clock_the_next_day_and_says_when_it_is_due() -> None:
    clock = read_clock(CASES[2], hours=WEEK, target=FOUR_HOURS, at=AS_OF)
    assert clock.due == moment("2025-03-10T12:30")
    assert clock.used == pytest.approx(0.75 / 4)


def test_no_cases_have_no_rate() -> None:
    found = service_level((), hours=WEEK, target=FOUR_HOURS, at=AS_OF)
    assert (found.rate, found.recovery_rate) == (None, None)


def test_a_target_of_no_time_is_refused() -> None:
    with pytest.raises(WrongUsage, match="allows none"):
        service_level(CASES, hours=WEEK, target=timedelta(), at=AS_OF)
