"""Quantities: taken apart and put together without loss, pooled without growing narrower."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.decide.items import load_items
from openxmo.core.decide.money import Range
from openxmo.core.decide.quantities import assemble, check_estimate, missing, pool, take_apart
from openxmo.core.errors import WrongUsage
from openxmo.core.world.files import BACKLOG_FILE

NUMBERS = st.floats(1, 1e6)
RANGES = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda three: Range(*sorted(three)))


def test_an_item_taken_apart_and_put_together_is_the_same() -> None:
    for item in load_items(BACKLOG_FILE).item:
        again = assemble(item.key, title=item.title, facets=item.facets, ranges=take_apart(item), kano=item.kano)
        assert take_apart(again) == take_apart(item)
        assert (again.wsjf is None, again.rice is None, again.money is None) == (
            item.wsjf is None,
            item.rice is None,
            item.money is None,
        )


@given(st.lists(RANGES, min_size=1, max_size=6))
def test_what_several_think_together_is_never_narrower_than_one_of_them(ranges: list[Range]) -> None:
    together = pool("rice.reach", ranges)
    assert all(together.low <= one.low and one.high <= together.high for one in ranges)
    assert together.low <= together.likely <= together.high


@given(st.lists(st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0]), min_size=1, max_size=6))
def test_the_middle_of_steps_is_a_step(steps: list[float]) -> None:
    together = pool("rice.impact", [Range(step, step, step) for step in steps])
    assert check_estimate("rice.impact", together.likely, together.likely, together.likely)


def test_a_framework_waits_for_what_is_missing() -> None:
    assert missing("wsjf", ["wsjf.value", "wsjf.size"]) == ("wsjf.time", "wsjf.risk")
    held = {"wsjf.value": Range(1, 2, 3)}
    assert assemble("a", title="", facets={}, ranges=held).wsjf is None


def test_a_year_that_nobody_estimated_before_one_that_somebody_did_is_nought() -> None:
    held = {"money.cost": Range(1, 1, 1), "money.customer.3": Range(4, 5, 6)}
    money = assemble("a", title="", facets={}, ranges=held).money
    assert money is not None
    assert money.benefits.customer == (0, 0, (4, 5, 6))


@pytest.mark.parametrize("key", ["money.customer", "money.cost.1", "money.customer.0", "kano.M", ""])
def test_a_quantity_that_no_ranking_asks_for_is_refused(key: str) -> None:
    with pytest.raises(WrongUsage, match="No ranking asks for"):
        check_estimate(key, 1, 1, 1)
