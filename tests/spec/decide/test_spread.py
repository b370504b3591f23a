"""How sure a ranking is: shares of draws in which an item comes first, and the range of its score."""

import msgspec
import pytest

from openxmo.core.decide.appraisal import appraise
from openxmo.core.decide.items import Benefits, Item, KanoInput, MoneyInput, RiceInput, WsjfInput
from openxmo.core.decide.spread import Spread, spreads, worth_together
from openxmo.core.errors import WrongUsage


def item(key: str, value: float | tuple[float, float, float], **more: KanoInput | RiceInput) -> Item:
    made = Item(key=key, wsjf=WsjfInput(value=value, time=1, risk=1, size=1))
    return msgspec.structs.replace(made, **more)


def by_wsjf(*items: Item) -> dict[str, Spread]:
    return spreads([appraise(one, rate=0.08, seed=1) for one in items], rate=0.08, seed=1)["wsjf"]


def test_sure_estimates_have_no_spread_and_the_first_leads_always() -> None:
    found = by_wsjf(item("a", 8), item("b", 5))
    assert (found["a"].low, found["a"].high, found["a"].leads) == (10, 10, 1)
    assert found["b"].leads == 0


def test_two_items_with_the_same_range_lead_half_of_the_time_each() -> None:
    found = by_wsjf(item("a", (1, 5, 9)), item("b", (1, 5, 9)))
    assert found["a"].leads == pytest.approx(0.5, abs=0.04)
    assert found["a"].leads + found["b"].leads == pytest.approx(1)


def test_nine_tenths_of_a_triangle_lie_within_the_range() -> None:
    # By hand for the triangle 0, 5, 10 moved up by 1: its 5 % point is 10·sqrt(0.05/2) = 1.58 above the low end.
    found = by_wsjf(item("a", (1, 6, 11)))["a"]
    assert found.low == pytest.approx(1 + 1.58 + 2, abs=0.15)
    assert found.high == pytest.approx(11 - 1.58 + 2, abs=0.15)


def test_a_neighbour_changes_no_range_and_the_seed_does() -> None:
    alone = by_wsjf(item("a", (1, 5, 9)))["a"]
    beside = by_wsjf(item("b", 3), item("a", (1, 5, 9)))["a"]
    assert (alone.low, alone.high) == (beside.low, beside.high)
    other = spreads([appraise(item("a", (1, 5, 9)), rate=0.08, seed=2)], rate=0.08, seed=2)["wsjf"]["a"]
    assert other.low != alone.low


def test_few_answers_to_kano_leave_it_open_and_many_do_not() -> None:
    def share(scale: int) -> float:
        must = item("must", 1, kano=KanoInput(counts={"M": 6 * scale, "O": 5 * scale}))
        one = item("one", 1, kano=KanoInput(counts={"O": 11 * scale}))
        appraised = [appraise(each, rate=0.08, seed=1) for each in (must, one)]
        return spreads(appraised, rate=0.08, seed=1)["kano"]["must"].leads

    assert 0.5 < share(1) < 0.8
    assert share(100) > 0.99


def test_an_effort_that_could_be_nought_is_refused() -> None:
    nought = RiceInput(reach=5, impact=1, confidence=1, effort=(0, 1, 2))
    with pytest.raises(WrongUsage, match=r"rice\.effort is above 0"):
        by_wsjf(item("a", 1, rice=nought))


def test_items_added_up_are_surer_than_each_alone() -> None:
    money = MoneyInput(cost=10.0, benefits=Benefits(customer=((0.0, 50.0, 100.0),)))
    items = [Item(key=key, money=money) for key in "abcd"]
    appraised = [appraise(one, rate=0.0, seed=1) for one in items]
    one, four = (worth_together(some, rate=0.0, seed=1) for some in (appraised[:1], appraised))
    assert one is not None
    assert four is not None
    # By hand: the sum of four has mean 4·40; its spread is half of four times one's.
    assert sum(four) / 2 == pytest.approx(160, abs=6)
    assert (four[1] - four[0]) / (4 * (one[1] - one[0])) == pytest.approx(0.5, abs=0.06)
    assert worth_together([appraise(item("plain", 1), rate=0.0, seed=1)], rate=0.0, seed=1) is None
