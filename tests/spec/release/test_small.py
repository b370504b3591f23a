"""An organisation of few employees: one pulse of the whole, no cut, no words, whoever asks."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.release import MemoryHistory, Rules, release
from tests.cast import ADA, OTTO, TOM
from tests.spec.release.results import AT, DECLARED, Cells, cell, shown, visible

CUTS = ("team", "site", "tenure")


def ask(*cells: object, employees: int, viewer: object = OTTO, rules: Rules = DECLARED, **more: object) -> Cells:
    result = Cells(tuple(cells), **more)  # type: ignore[arg-type]
    return release(
        result,
        viewer,  # type: ignore[arg-type]
        history=MemoryHistory(),
        at=AT,
        rules=rules,
        headcount=lambda most: min(most, employees),
    ).result


@given(
    employees=st.integers(min_value=1, max_value=60),
    cuts=st.lists(st.sampled_from(CUTS), min_size=1, max_size=3, unique=True),
    ends=st.lists(st.integers(min_value=1, max_value=59), max_size=4, unique=True),
    words=st.booleans(),
)
def test_below_thirty_employees_no_cut_and_no_words_get_out_and_from_thirty_on_the_minimum_group_decides(
    employees: int, cuts: list[str], ends: list[int], words: bool
) -> None:
    places = [0, *sorted(end for end in ends if end < employees), employees]
    groups = [range(first, last) for first, last in pairwise(places)]
    cells = [
        replace(
            replace(cell(group), by={name: f"{name}{number}" for name in cuts}),
            shows="words" if words else "numbers",
        )
        for number, group in enumerate(groups)
    ]
    whole = replace(cell(range(employees)), shows="words" if words else "numbers")
    seen = visible(ask(whole, employees=employees))
    if employees < 30:
        assert bool(seen) == (employees >= 10 and not words)
        with pytest.raises(NotAllowed, match="Fewer than 30 employees"):
            ask(*cells, employees=employees)
    else:
        assert seen
        least = 20 if words else 10
        assert all(len(each.people or ()) >= least for each in visible(ask(*cells, employees=employees)))


def test_with_twenty_nine_the_cut_is_refused_and_with_thirty_it_is_shown() -> None:
    halves = [cell(range(15), team="a"), cell(range(15, 30), team="b")]
    assert shown(ask(*halves, employees=30)) == ["a", "b"]
    with pytest.raises(NotAllowed, match=r"not cut by team: in so small a group people are recognised") as refused:
        ask(*halves, employees=29)
    assert refused.value.mend == "Ask for the whole organisation, without a cut and without comments."


def test_narrowing_is_a_cut_also_where_nobody_meets_it() -> None:
    narrowed = replace(cell(range(20)), narrowed_by=(("site", "a"),))
    empty = replace(cell(None, n=0), narrowed_by=(("site", "b"),), guarded=True)
    for asked in (narrowed, empty):
        with pytest.raises(NotAllowed, match="not cut by site"):
            ask(asked, employees=29)


def test_who_sees_some_units_only_sees_no_part_of_a_small_organisation() -> None:
    part = cell(range(12))
    assert shown(ask(part, employees=29, viewer=TOM, scope=TOM.units)) == []
    assert shown(ask(part, employees=30, viewer=TOM, scope=TOM.units)) == ["all"]


def test_customers_answers_are_cut_however_few_employees_there_are() -> None:
    coast = cell(None, n=50, region="coast")
    assert shown(ask(coast, employees=0, viewer=ADA)) == ["coast"]


def test_employees_are_counted_only_where_their_answers_are_asked_for() -> None:
    def never(_: int) -> int:
        raise AssertionError("counted")

    result = Cells((cell(None, n=50, region="coast"),))
    assert release(result, ADA, history=MemoryHistory(), at=AT, rules=DECLARED, headcount=never).to_records()


def test_the_office_may_ask_for_more_employees_and_never_for_fewer_than_ten() -> None:
    rules = replace(DECLARED, organisation=100)
    with pytest.raises(NotAllowed, match="Fewer than 100 employees"):
        ask(cell(range(40), team="a"), employees=99, rules=rules)
    with pytest.raises(WrongUsage, match="organisation is never below 10"):
        Rules(organisation=9)
