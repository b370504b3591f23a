"""Business time: between two instants, and until an amount of it is used up, also on days when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.act.calendar import ALWAYS, BusinessHours, Calendar, business_hours, due, elapsed
from openxmo.core.errors import WrongUsage

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
NIGHT: dict[str, tuple[str, ...]] = dict.fromkeys((*WORKDAYS, "sat", "sun"), ("00:00-06:00", "22:00-24:00"))


def office(zone: str = "UTC", holidays: tuple[date, ...] = ()) -> BusinessHours:
    return business_hours(
        Calendar(key="office", zone=zone, hours=dict.fromkeys(WORKDAYS, ("09:00-17:00",)), holidays=holidays)
    )


def nights(zone: str) -> BusinessHours:
    return business_hours(Calendar(key="nights", zone=zone, hours=NIGHT))


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


CALENDARS = st.sampled_from(
    [
        office("Europe/Berlin", (date(2026, 3, 30), date(2026, 12, 25))),
        office("America/New_York"),
        nights("Europe/Berlin"),
        nights("America/New_York"),
        ALWAYS,
        business_hours(Calendar(key="split", zone="Asia/Kolkata", hours={"wed": ("08:30-12:00", "13:15-17:45")})),
    ]
)
MOMENTS = st.integers(0, 11 * 30 * 86_400).map(lambda s: datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=s))
AMOUNTS = st.timedeltas(timedelta(), timedelta(hours=60))


def test_only_open_hours_count() -> None:
    friday, monday = local("2025-03-07T16:30", "UTC"), local("2025-03-10T09:15", "UTC")
    assert elapsed(office(), friday, monday) == hours(0.75)


def test_a_holiday_does_not_count() -> None:
    start, end = local("2026-12-24T16:00", "UTC"), local("2026-12-28T10:00", "UTC")
    assert elapsed(office(holidays=(date(2026, 12, 25),)), start, end) == hours(2)


def test_the_clock_starts_at_the_next_opening() -> None:
    assert due(office(), local("2026-01-10T12:00", "UTC"), hours(4)) == local("2026-01-12T13:00", "UTC")


def test_an_amount_that_ends_at_closing_time_is_due_then_and_not_the_next_morning() -> None:
    assert due(office(), local("2026-01-12T13:00", "UTC"), hours(4)) == local("2026-01-12T17:00", "UTC")


def test_the_office_is_open_by_its_own_clock_on_both_sides_of_a_change() -> None:
    # Berlin went from UTC+1 to UTC+2 on 29 March 2026: 9:00 on Friday is 8:00 UTC, 9:00 on Monday 7:00 UTC.
    berlin = office("Europe/Berlin")
    friday, monday = datetime(2026, 3, 27, 15, tzinfo=UTC), datetime(2026, 3, 30, 8, tzinfo=UTC)
    assert elapsed(berlin, friday, monday) == hours(2)
    assert due(berlin, friday, hours(2)) == monday


@pytest.mark.parametrize(
    ("zone", "short", "long"),
    [("Europe/Berlin", "2026-03-29", "2026-10-25"), ("America/New_York", "2026-03-08", "2026-11-01")],
)
def test_a_night_on_which_clocks_change_is_an_hour_shorter_or_longer(zone: str, short: str, long: str) -> None:
    shift = nights(zone)
    assert elapsed(shift, local(f"{short}T00:00", zone), local(f"{short}T12:00", zone)) == hours(5)
    assert elapsed(shift, local(f"{long}T00:00", zone), local(f"{long}T12:00", zone)) == hours(7)


def test_hours_that_open_inside_the_skipped_hour_open_when_it_ends() -> None:
    early = business_hours(Calendar(key="early", zone="Europe/Berlin", hours={"sun": ("02:30-04:00",)}))
    day = (local("2026-03-29T00:00", "Europe/Berlin"), local("2026-03-29T12:00", "Europe/Berlin"))
    assert elapsed(early, *day) == hours(1)  # 03:00 to 04:00


def test_hours_that_close_at_a_time_shown_twice_close_at_the_first() -> None:
    late = business_hours(Calendar(key="late", zone="Europe/Berlin", hours={"sun": ("01:00-02:30",)}))
    day = (local("2026-10-25T00:00", "Europe/Berlin"), local("2026-10-25T12:00", "Europe/Berlin"))
    assert elapsed(late, *day) == hours(1.5)


def test_around_the_clock_is_clock_time() -> None:
    start, end = local("2026-03-28T12:00", "Europe/Berlin"), local("2026-03-30T12:00", "Europe/Berlin")
    assert elapsed(ALWAYS, start, end) == hours(47)
    assert due(ALWAYS, start, hours(47)) == end


@given(CALENDARS, st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_elapsed_time_adds_up(calendar: BusinessHours, moments: list[datetime]) -> None:
    first, second, third = moments
    assert elapsed(calendar, first, third) == elapsed(calendar, first, second) + elapsed(calendar, second, third)
    assert elapsed(calendar, third, first) == -elapsed(calendar, first, third)
    assert timedelta() <= elapsed(calendar, first, third) <= third - first


@given(CALENDARS, MOMENTS, AMOUNTS)
def test_what_is_due_has_elapsed_exactly_then_and_not_before(
    calendar: BusinessHours, start: datetime, amount: timedelta
) -> None:
    end = due(calendar, start, amount)
    assert elapsed(calendar, start, end) == amount
    if amount:
        assert elapsed(calendar, start, end - timedelta(microseconds=1)) < amount


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        (Calendar(key="x", zone="Mars/Base", hours={"mon": ("09:00-17:00",)}), "no time zone"),
        (Calendar(key="x", hours={"monday": ("09:00-17:00",)}), "no weekday"),
        (Calendar(key="x", hours={"mon": ("17:00-09:00",)}), "no span"),
        (Calendar(key="x", hours={"mon": ("9-17",)}), "no span"),
        (Calendar(key="x", hours={"mon": ("24:30-24:40",)}), "no span"),
        (Calendar(key="x", hours={"mon": ("09:00-12:00", "11:00-13:00")}), "overlap"),
        (Calendar(key="x", hours={"mon": ()}), "never open"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(calendar: Calendar, said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        business_hours(calendar)


def test_a_calendar_closed_for_years_is_refused_and_does_not_run_on() -> None:
    shut = tuple(date(2026, 1, 1) + timedelta(days=place) for place in range(800))
    with pytest.raises(WrongUsage, match="closed"):
        due(office(holidays=shut), local("2026-01-12T13:00", "UTC"), hours(4))
