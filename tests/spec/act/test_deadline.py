"""When a length of time has passed: business hours and days, clock days, over weekends, holidays, clock jumps."""

from datetime import UTC, date, datetime, timedelta

import pytest

from openxmo.core.act.ageing import count_by_nearness, days_old, nearness
from openxmo.core.act.calendar import ALWAYS, BusinessHours, Calendar, business_hours
from openxmo.core.act.deadline import deadline
from openxmo.core.act.ladder import rungs
from openxmo.core.errors import WrongUsage

WEEK: dict[str, tuple[str, ...]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:00", "13:00-17:00"))
MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)


def london(*holidays: date) -> BusinessHours:
    return business_hours(Calendar(key="office", zone="Europe/London", hours=WEEK, holidays=holidays))


def test_business_hours_leave_out_the_lunch_break() -> None:
    assert deadline(london(), MONDAY, amount=4, unit="hour", business=True) == MONDAY.replace(hour=15)


def test_clock_hours_run_through_the_night() -> None:
    late = MONDAY.replace(hour=23, minute=30)
    assert deadline(london(), late, amount=1, unit="hour", business=False) == late + timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (MONDAY, 1, datetime(2026, 11, 17, 17, tzinfo=UTC)),
        (MONDAY.replace(hour=23), 1, datetime(2026, 11, 17, 17, tzinfo=UTC)),
        (datetime(2026, 11, 20, 10, tzinfo=UTC), 1, datetime(2026, 11, 23, 17, tzinfo=UTC)),  # Friday to Monday
        (
            datetime(2026, 11, 21, 10, tzinfo=UTC),
            1,
            datetime(2026, 11, 23, 17, tzinfo=UTC),
        ),  # from a Saturday
        (MONDAY, 10, datetime(2026, 11, 30, 17, tzinfo=UTC)),
    ],
)
def test_business_days_end_with_the_close_of_an_open_day(start: datetime, days: int, due: datetime) -> None:
    assert deadline(london(), start, amount=days, unit="day", business=True) == due


def test_holidays_are_no_business_days() -> None:
    eve = datetime(2026, 12, 24, 10, tzinfo=UTC)
    found = deadline(london(date(2026, 12, 25), date(2026, 12, 28)), eve, amount=1, unit="day", business=True)
    assert found == datetime(2026, 12, 29, 17, tzinfo=UTC)


def test_clock_days_keep_the_time_on_the_wall_over_a_jump_of_the_clock() -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)  # the day before summer time: noon on the wall
    assert deadline(london(), before, amount=2, unit="day", business=False) == datetime(2027, 3, 29, 11, tzinfo=UTC)


def test_a_calendar_that_never_opens_again_is_told() -> None:
    closed = tuple(date(2026, 11, 17) + timedelta(days=n) for n in range(900))
    with pytest.raises(WrongUsage, match="closed for more than a year"):
        deadline(london(*closed), MONDAY, amount=1, unit="day", business=True)


def test_the_rungs_of_a_clock_stand_at_shares_of_its_open_time() -> None:
    due_at = deadline(london(), MONDAY, amount=4, unit="hour", business=True)
    found = rungs(london(), start=MONDAY, due_at=due_at, warn_at=0.75, lead_at=1, head_at=2)
    assert [(rung.step, rung.at) for rung in found] == [
        ("warn", MONDAY.replace(hour=14)),  # three of four open hours: 10-12, 13-14
        ("lead", due_at),
        ("head", datetime(2026, 11, 17, 11, tzinfo=UTC)),
    ]


def test_how_near_a_clock_is_stands_in_words() -> None:
    hours = (-1, 0, 1, 2, 12, 13)
    dues = [None, *(MONDAY + timedelta(hours=hour) for hour in hours)]
    assert [nearness(due, MONDAY) for due in dues] == ["none", "late", "soon", "soon", "today", "today", "later"]
    assert count_by_nearness(dues, MONDAY) == {"late": 1, "soon": 2, "today": 2, "later": 1, "none": 1}
    assert days_old(MONDAY - timedelta(hours=47), MONDAY) == 1
    assert deadline(ALWAYS, MONDAY, amount=0, unit="hour", business=True) == MONDAY
