"""Dates and what is computed from them."""

from tests.spec.mapping.conftest import Run
from tests.spec.mapping.forms import HEAD, codes, values


def at(zone: str, *dates: str) -> str:
    shown = ", ".join(f'"{form}"' for form in dates)
    return HEAD.replace('zone = "UTC"', f'zone = "{zone}"\ndates = [{shown}]')


def test_several_date_styles_are_tried_in_turn(mapped: Run) -> None:
    rows = mapped(at("UTC", "%m/%d/%Y", "%Y-%m-%d"), {"a.csv": "id,day\n1,3/9/2015\n2,2020-03-18\n3,18.3.2020\n"})
    assert codes(rows) == [None, None, "no_date"]
    assert values(rows[:2], "happened_at") == ["2015-03-09T00:00:00+00:00", "2020-03-18T00:00:00+00:00"]


def test_local_times_become_utc_on_both_sides_of_a_clock_change(mapped: Run) -> None:
    # New York went to summer time on 9 March 2025 at 02:00 and back on 2 November at 02:00.
    rows = mapped(
        at("America/New_York", "%Y-%m-%d %H:%M"),
        {"a.csv": "id,day\n1,2025-03-09 01:30\n2,2025-03-09 02:30\n3,2025-03-09 03:30\n4,2025-11-02 01:30\n"},
    )
    hours = [str(value)[11:16] for value in values(rows, "happened_at")]
    assert hours == ["06:30", "07:30", "07:30", "05:30"]  # the skipped time is read by the offset before it


def test_a_zone_in_the_text_wins_over_the_mapping(mapped: Run) -> None:
    rows = mapped(
        at("America/New_York", "iso"),
        {"a.csv": "id,day\n1,2011-10-11 13:45:40.276000+02:00\n2,2015-02-24T11:35:00-08:00\n"},
    )
    assert values(rows, "happened_at") == ["2011-10-11T11:45:40.276000+00:00", "2015-02-24T19:35:00+00:00"]


def test_a_field_may_have_its_own_style_and_zone(mapped: Run) -> None:
    mapping = HEAD + 'ended_at = { from = "{end}", dates = ["%d.%m.%Y"], zone = "Asia/Tokyo" }\n'
    rows = mapped(mapping, {"a.csv": "id,day,end\n1,2026-01-01,31.1.2026\n"})
    assert values(rows, "ended_at") == ["2026-01-30T15:00:00+00:00"]


def test_without_any_zone_the_time_stays_as_written_for_its_source_to_say(mapped: Run) -> None:
    rows = mapped(HEAD.replace('zone = "UTC"\n', ""), {"a.csv": "id,day\n1,2026-01-05 10:00\n"})
    assert values(rows, "happened_at") == ["2026-01-05T10:00:00"]


def test_seconds_since_1970_are_dates(mapped: Run) -> None:
    rows = mapped(at("UTC", "epoch_s"), {"a.csv": "id,day\n1,1500000000\n2,never\n"})
    assert codes(rows) == [None, "no_date"]
    assert values(rows[:1], "happened_at") == ["2017-07-14T02:40:00+00:00"]


def test_the_time_between_two_dates_passes_or_is_read_off_the_clock(mapped: Run) -> None:
    form = 'value = {{ between = ["{{day}}", "{{end}}"], unit = "{unit}", clock = "{clock}" }}\n'
    files: dict[str, str | bytes] = {"a.csv": "id,day,end\n1,2025-03-08 12:00,2025-03-09 12:00\n2,2025-03-08 12:00,\n"}
    head = at("America/New_York", "%Y-%m-%d %H:%M")
    assert values(mapped(head + form.format(unit="h", clock="elapsed"), files), "value") == [23.0, None]
    assert values(mapped(head + form.format(unit="h", clock="wall"), files), "value") == [24.0, None]
    assert values(mapped(head + form.format(unit="d", clock="wall"), files), "value") == [1.0, None]
    assert values(mapped(head + form.format(unit="s", clock="elapsed"), files), "value") == [82800.0, None]


def test_two_dates_are_compared_into_a_label(mapped: Run) -> None:
    mapping = HEAD + 'label = { compare = ["{day}", "{due}"], before = "early", same = "on_time", after = "late" }\n'
    rows = mapped(
        mapping,
        {
            "a.csv": "id,day,due\n1,2026-01-01,2026-01-02\n"
            "2,2026-01-02,2026-01-02\n3,2026-01-03,2026-01-02\n4,2026-01-03,\n"
        },
    )
    assert values(rows, "label") == ["early", "on_time", "late", None]


def test_moments_of_different_zones_are_compared_as_moments(mapped: Run) -> None:
    mapping = HEAD + 'label = { compare = ["{day}", "{due}"], before = "early", same = "same", after = "late" }\n'
    rows = mapped(
        mapping,
        {
            "a.csv": "id,day,due\n1,2026-01-01T12:00+02:00,2026-01-01T10:00Z\n"
            "2,2026-01-01T12:00+02:00,2026-01-01T11:00Z\n"
        },
    )
    assert values(rows, "label") == ["same", "early"]


def test_a_moment_outside_the_calendar_is_an_error_of_its_row(mapped: Run) -> None:
    rows = mapped(HEAD, {"a.csv": "id,day\n1,0001-01-01T00:00+05:00\n2,2026-02-30\n3,2026-02-28\n"})
    assert codes(rows) == ["no_date", "no_date", None]
