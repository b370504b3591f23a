"""Calendar periods in the office's zone, also where its clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.periods import Every, Period, day_start, offset_segments, period_of, to_instant
from tests.spec.metrics.heard import Heard, answers, at, measure

COUNTED = measure("mean")


def labels(heard: Heard, every: str) -> dict[str, int]:
    return {cell.period.label: cell.tally.n for cell in heard.cells(COUNTED, every=every) if cell.period}


NAMES = {
    "day": {"2025-12-31": 1, "2026-01-01": 2, "2026-03-31": 1, "2026-04-01": 1},
    "week": {"2026-W01": 3, "2026-W14": 2},  # ISO: the week of a year's first Thursday is its first
    "month": {"2025-12": 1, "2026-01": 2, "2026-03": 1, "2026-04": 1},
    "quarter": {"2025-Q4": 1, "2026-Q1": 3, "2026-Q2": 1},
    "year": {"2025": 1, "2026": 4},
}


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns"])
def test_periods_have_their_calendar_names_in_the_offices_zone(heard: Heard, zone: str) -> None:
    heard.define(zone=zone)
    local = ZoneInfo(zone)
    moments = ("2025-12-31T23:59", "2026-01-01T00:00", "2026-01-01T12:00", "2026-03-31T23:30", "2026-04-01T00:00")
    heard.hear(*(answers([1.0], happened_at=datetime.fromisoformat(m).replace(tzinfo=local))[0] for m in moments))
    for every, expected in NAMES.items():
        assert labels(heard, every) == expected


def test_the_day_on_which_clocks_go_on_has_23_hours_and_loses_nothing(heard_everywhere: Heard) -> None:
    heard_everywhere.define(zone="Europe/Amsterdam")
    start = at("2026-03-28T22:30")  # half past eleven in the evening of the 28th
    heard_everywhere.hear(
        *(row for hour in range(26) for row in answers([1.0], happened_at=start + timedelta(hours=hour)))
    )
    assert labels(heard_everywhere, "day") == {"2026-03-28": 1, "2026-03-29": 23, "2026-03-30": 2}
    (_, sunday, _) = heard_everywhere.cells(COUNTED, every="day")
    assert sunday.period == Period(at("2026-03-28T23:00"), at("2026-03-29T22:00"), "2026-03-29")


def test_a_month_of_the_office_is_not_a_month_of_the_lake(heard: Heard) -> None:
    heard.define(zone="Pacific/Auckland")
    heard.hear(*answers([1.0], happened_at="2026-01-31T10:59"), *answers([1.0], happened_at="2026-01-31T11:00"))
    assert labels(heard, "month") == {"2026-01": 1, "2026-02": 1}


EVERIES: tuple[Every, ...] = ("day", "week", "month", "quarter", "year")


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Australia/Lord_Howe"])
def test_every_moment_falls_in_the_period_that_the_calendar_says(heard: Heard, zone: str) -> None:
    heard.define(zone=zone)
    chance = np.random.default_rng(11)
    moments = [at("2016-01-01") + timedelta(seconds=int(s)) for s in chance.integers(0, 6 * 366 * 86_400, size=120)]
    heard.hear(*(row for place, m in enumerate(moments) for row in answers([1.0], happened_at=m, channel=f"{place}")))
    local = {f"{place}": moment.astimezone(ZoneInfo(zone)) for place, moment in enumerate(moments)}
    for every in EVERIES:
        for cell in heard.cells(COUNTED, by=["channel"], every=every, as_of=at("2030-01-01")):
            moment = local[cell.by["channel"] or ""]
            assert cell.period is not None
            assert cell.period.start <= moment < cell.period.end
            assert cell.period.label == name_of(moment, every)


def name_of(moment: datetime, every: Every) -> str:
    year, week, _ = moment.isocalendar()
    return {
        "day": f"{moment:%Y-%m-%d}",
        "week": f"{year}-W{week:02d}",
        "month": f"{moment:%Y-%m}",
        "quarter": f"{moment.year}-Q{(moment.month + 2) // 3}",
        "year": f"{moment.year}",
    }[every]


def test_periods_follow_one_another_without_a_gap() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    for every in EVERIES:
        for number in range(500, 560):
            assert period_of(number, every, zone).end == period_of(number + 1, every, zone).start


def test_a_zone_that_skips_midnight_begins_its_day_when_clocks_go_on() -> None:
    zone = ZoneInfo("America/Sao_Paulo")  # 4 November 2018 began at one o'clock
    assert day_start(date(2018, 11, 4), zone) == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_the_offsets_of_a_zone_are_found_to_the_second() -> None:
    hour = 3600 * 1_000_000
    found = offset_segments(ZoneInfo("Europe/Amsterdam"), date(2026, 1, 1), date(2026, 12, 31))
    assert [offset // hour for _, offset in found] == [1, 2, 1]
    changes = [datetime.fromtimestamp(start / 1e6, UTC) for start, _ in found[1:]]
    assert changes == [at("2026-03-29T01:00"), at("2026-10-25T01:00")]


def test_a_date_is_a_day_of_the_office_and_a_time_without_zone_is_its_time() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    assert to_instant(date(2026, 7, 1), zone) == at("2026-06-30T22:00")
    assert to_instant(datetime(2026, 7, 1, 9), zone) == at("2026-07-01T07:00")  # noqa: DTZ001
    assert to_instant(None, zone) is None


def test_unknown_periods_and_zones_are_refused(heard: Heard) -> None:
    with pytest.raises(WrongUsage, match="no periods of a 'fortnight'"):
        heard.cells(COUNTED, every="fortnight")
    heard.define(zone="Europe/Amsterdm")
    with pytest.raises(WrongUsage, match="no time zone 'Europe/Amsterdm'"):
        heard.cells(COUNTED)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "Pacific/Auckland", "America/New_York"])
@pytest.mark.parametrize("every", [None, "month", "week"])
def test_ends_beyond_the_calendar_are_the_beginning_and_the_end_of_time(
    heard: Heard, zone: str, every: Every | None
) -> None:
    heard.define(zone=zone)
    heard.hear(*answers([1.0, 2.0]))
    first, last = date.min, date.max
    assert sum(cell.tally.n for cell in heard.cells(COUNTED, every=every, since=first, until=last)) == 2
    ends = {"since": datetime(1, 1, 1, tzinfo=ZoneInfo(zone)), "until": datetime(9999, 12, 31, tzinfo=ZoneInfo(zone))}
    assert sum(cell.tally.n for cell in heard.cells(COUNTED, every=every, **ends)) == 2
    assert sum(cell.tally.n for cell in heard.cells(COUNTED, every=every, until=first)) == 0
    assert sum(cell.tally.n for cell in heard.cells(COUNTED, every=every, since=last)) == 0


@pytest.mark.parametrize("year", [1, 9999])
def test_a_moment_to_judge_from_at_the_end_of_the_calendar_is_refused(heard: Heard, year: int) -> None:
    for zone in (UTC, ZoneInfo("Pacific/Auckland"), ZoneInfo("America/New_York")):
        for name in ("as_of", "known_at"):
            with pytest.raises(WrongUsage, match="Nothing can be judged from the year"):
                heard.cells(COUNTED, **{name: datetime(year, 1, 1, tzinfo=zone)})
