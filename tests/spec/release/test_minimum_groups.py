"""Small groups of employees, and what totals and earlier answers would tell of them."""

from dataclasses import replace

import pytest

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Dimension
from openxmo.core.release import MemoryHistory, Rules, release, rules_of
from tests.cast import ADA, OTTO
from tests.spec.release.results import AT, DECLARED, Cells, cell, month, shown

TEAMS = {"T1": range(34), "T2": range(34, 40), "T3": range(40, 55), "T4": range(55, 66)}


def ask(*cells: object, history: MemoryHistory | None = None, rules: Rules = DECLARED) -> Cells:
    result = Cells(tuple(cells))  # type: ignore[arg-type]
    return release(result, ADA, history=history or MemoryHistory(), at=AT, rules=rules).result


def by_team() -> list[object]:
    return [cell(people, team=team) for team, people in TEAMS.items()]


def test_the_smallest_sibling_of_a_small_group_is_withheld_with_it() -> None:
    # Hundepool et al. 2012: 66 - 34 - 15 - 11 would give T2 (6) away; with T4 hidden 17 stay together.
    assert shown(ask(*by_team())) == ["T1", "T3"]


def test_a_total_asked_earlier_changes_nothing_because_it_was_reckoned_with() -> None:
    history = MemoryHistory()
    assert shown(ask(cell(range(66)), history=history)) == ["all"]
    assert shown(ask(*by_team(), history=history)) == ["T1", "T3"]
    assert shown(ask(cell(range(66)), history=history)) == ["all"]


def test_teams_asked_one_by_one_block_the_total_that_would_give_the_rest_away() -> None:
    history = MemoryHistory()
    for team in ("T1", "T3", "T4"):
        assert shown(ask(cell(TEAMS[team], team=team, siblings=team), history=history)) == [team]
    assert shown(ask(cell(range(66)), history=history)) == []


def test_two_small_groups_that_are_small_together_hide_a_third() -> None:
    cells = [cell(range(30), team="a"), cell(range(30, 34), team="b"), cell(range(34, 38), team="c")]
    assert shown(ask(*cells)) == []
    assert shown(ask(*cells, cell(range(38, 58), team="d"))) == ["a"]


def test_rows_and_columns_of_a_table_are_reckoned_with() -> None:
    # Row x = {20, 6}, row y = {20, 20}: the column total gives x2 away too, so a square is hidden.
    cells = [
        cell(range(0, 20), team="x", site="1"),
        cell(range(20, 26), team="x", site="2"),
        cell(range(30, 50), team="y", site="1"),
        cell(range(50, 70), team="y", site="2"),
        cell(range(70, 95), team="z", site="1"),
        cell(range(95, 120), team="z", site="2"),
    ]
    assert shown(ask(*cells)) == ["z/1", "z/2"]


def test_a_group_that_all_answered_the_same_is_withheld_and_no_subtraction_gives_it_back() -> None:
    cells = [cell(range(20), team="a", uniform=True), cell(range(20, 50), team="b"), cell(range(50, 70), team="c")]
    assert shown(ask(*cells)) == ["b"]


@pytest.mark.parametrize(
    ("second", "allowed"),
    [
        (range(30), True),  # the same again
        (range(29), False),  # one left
        (range(31), False),  # one joined
        (range(39), False),
        (range(40), True),  # ten joined
        (range(5, 35), True),  # five left and five joined: ten are left over
        (range(4, 34), False),  # four and four
        (range(30, 60), True),  # nobody in common
    ],
)
def test_an_answer_that_differs_from_an_earlier_one_by_few_people_is_withheld(second: range, allowed: bool) -> None:
    history = MemoryHistory()
    assert shown(ask(cell(range(30)), history=history)) == ["all"]
    assert bool(shown(ask(cell(second), history=history))) is allowed


def test_more_answers_of_the_same_people_are_withheld_as_nobody_knows_of_how_few() -> None:
    history = MemoryHistory()
    ask(cell(range(30)), history=history)
    assert shown(ask(cell(range(30), n=31), history=history)) == []


def test_another_month_and_another_metric_are_other_answers() -> None:
    history = MemoryHistory()
    ask(cell(range(30)), history=history)
    assert shown(ask(cell(range(29), first=1, last=2), history=history)) == ["all"]
    assert shown(ask(cell(range(29), metric="ees"), history=history)) == ["all"]


def test_a_quarter_is_shown_beside_its_months_unless_a_month_was_too_small() -> None:
    months = {"2026-01": frozenset(range(30)), "2026-02": frozenset(range(25)), "2026-03": frozenset(range(30))}
    quarter = cell(range(30), last=3, n=85, months=months)
    history = MemoryHistory()
    for place, people in enumerate(months.values()):
        assert shown(ask(cell(people, first=place, last=place + 1), history=history))
    assert shown(ask(quarter, history=history)) == ["all"]

    small = {**months, "2026-03": frozenset(range(4))}
    history = MemoryHistory()
    for place, people in enumerate(small.values()):
        assert bool(shown(ask(cell(people, first=place, last=place + 1), history=history))) is (place < 2)
    assert shown(ask(replace(quarter, n=59, months=small), history=history)) == []


def test_a_quarter_whose_months_are_not_known_is_not_shown_beside_one_of_them() -> None:
    history = MemoryHistory()
    ask(cell(range(30)), history=history)
    assert shown(ask(cell(range(40), last=3), history=history)) == []
    assert shown(ask(cell(range(40), first=1, last=3), history=history)) == ["all"]


def test_what_was_shown_under_a_lower_minimum_is_not_shown_under_a_higher_one() -> None:
    history = MemoryHistory()
    low = replace(DECLARED, employees=5)
    assert shown(ask(cell(range(6)), history=history, rules=low)) == ["all"]
    assert shown(ask(cell(range(6)), history=history)) == []


def test_words_need_a_larger_group_than_numbers() -> None:
    words = replace(cell(range(15)), shows="words")
    assert shown(ask(words)) == []
    assert shown(ask(replace(words, shows="numbers"))) == ["all"]


def test_withheld_cells_hold_no_number() -> None:
    assert ask(cell(range(6), team="a")).to_records() == [
        {"team": "a", "n": None, "value": None, "suppressed": "privacy"}
    ]


def test_customers_are_not_counted_as_employees() -> None:
    assert shown(ask(cell(None, n=3, region="coast"))) == ["coast"]


def test_the_operator_is_held_to_the_same_groups() -> None:
    found = release(Cells((cell(range(6)),)), OTTO, history=MemoryHistory(), at=AT, rules=DECLARED)
    assert shown(found.result) == []


@pytest.mark.parametrize("by", [{"attrs.birthday": "1 May"}, {"team": "T1", "grade": "7"}])
def test_employees_are_cut_by_declared_dimensions_only(by: dict[str, str]) -> None:
    with pytest.raises(NotAllowed, match="declared for employees: site, team, tenure"):
        ask(cell(range(40), **by))  # type: ignore[arg-type]


def test_narrowing_by_an_undeclared_column_is_a_cut_as_well() -> None:
    with pytest.raises(NotAllowed, match="not cut by grade"):
        ask(replace(cell(range(40)), narrowed_by=(("grade", "7"),)))


@pytest.mark.parametrize(("start", "end"), [(month(0).replace(day=5), month(1)), (month(0), month(0).replace(day=8))])
def test_employees_are_not_shown_over_weeks_or_days(start: object, end: object) -> None:
    with pytest.raises(NotAllowed, match="whole months"):
        ask(replace(cell(range(40)), start=start, end=end))  # type: ignore[arg-type]


def test_a_month_begins_at_the_offices_midnight() -> None:
    berlin = replace(DECLARED, zone="Europe/Berlin")
    local = replace(cell(range(40)), start=month(0).replace(year=2025, month=12, day=31, hour=23), end=None)
    assert shown(ask(local, rules=berlin)) == ["all"]
    with pytest.raises(NotAllowed, match="whole months"):
        ask(local)


def test_an_open_range_is_allowed() -> None:
    assert shown(ask(replace(cell(range(40)), start=None, end=None))) == ["all"]


@pytest.mark.parametrize("setting", [{"employees": 4}, {"comments": 9}, {"agent_answers": 29}])
def test_no_setting_goes_below_its_floor(setting: dict[str, int]) -> None:
    with pytest.raises(WrongUsage, match="never below"):
        Rules(**setting)  # type: ignore[arg-type]


def test_the_offices_dimensions_say_what_employees_may_be_cut_by() -> None:
    dimensions = [
        Dimension(key="crew", column="team", employees=True),
        Dimension(key="late", link="issue", signal="order_delivered"),
        Dimension(key="adviser", column="agent"),
    ]
    rules = rules_of(Definitions(zone="Europe/Berlin", dimensions={each.key: each for each in dimensions}))
    assert rules.employee_cuts == {"crew", "team"}
    assert rules.agent_cuts == {"agent", "about", "objects", "adviser"}
    assert rules.zone == "Europe/Berlin"
