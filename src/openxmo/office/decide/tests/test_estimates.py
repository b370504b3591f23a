"""Estimates: ranges that hold together, several authors at once, and what it turned out to be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from openxmo.core.decide.money import Range
from openxmo.core.errors import WrongUsage
from openxmo.office.decide import calibration, estimating, queries
from openxmo.office.decide.models import Actual, Estimate, Feelings, Item
from openxmo.office.decide.tests.backlog import AT, FACETS, MONEY, WORDS, estimate, propose

Sign = Callable[[str], Client]
pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    ("quantity", "numbers", "said"),
    [
        ("rice.reach", (5, 3, 8), "from low over likely to high"),
        ("rice.impact", (0.7, 1, 2), "has no step 0.7"),
        ("rice.effort", (0, 1, 2), "above 0"),
        ("wsjf.size", (0.5, 1, 2), "at least 1"),
        ("money.cost", (-5, 1, 2), "at least 0"),
        ("wsjf.beauty", (1, 2, 3), "No ranking asks"),
        ("money.customer", (1, 2, 3), "No ranking asks"),
        ("money.customer.11", (1, 2, 3), "No ranking asks"),
    ],
)
def test_a_range_that_does_not_hold_together_is_refused(
    quantity: str, numbers: tuple[float, float, float], said: str
) -> None:
    item = propose("Any")
    with pytest.raises(WrongUsage, match=said):
        estimating.record_estimates(
            item=item, estimates={quantity: numbers}, units={quantity: "people"}, currency=MONEY, by="Ada", at=AT
        )
    assert not Estimate.objects.exists()


def test_an_estimate_in_another_unit_is_refused() -> None:
    item = propose("Any")
    with pytest.raises(WrongUsage, match="told in person-months, and not in days"):
        estimating.record_estimates(
            item=item,
            estimates={"rice.effort": (1, 2, 3)},
            units={"rice.effort": "days"},
            currency=MONEY,
            by="Ada",
            at=AT,
        )


@pytest.mark.capability("XMO-21")
def test_two_people_who_estimate_at_once_are_both_kept_and_widen_the_range(sign_in: Sign) -> None:
    item = propose("Any", facets=FACETS)
    ada, pete = sign_in("Ada"), sign_in("Pete")
    address = f"/decide/items/{item.pk}/estimate/"
    assert ada.get(address).status_code == pete.get(address).status_code == 200
    first = {"low:rice.effort": "1", "likely:rice.effort": "2", "high:rice.effort": "3", "note": "as last year"}
    second = {"low:rice.effort": "4", "likely:rice.effort": "5", "high:rice.effort": "9"}
    assert ada.post(address, first).status_code == pete.post(address, second).status_code == 302
    assert set(Estimate.objects.values_list("made_by", "likely", "note")) == {
        ("Ada", 2, "as last year"),
        ("Pete", 5, ""),
    }
    entry = queries.read_entries([item], words=WORDS, at=AT)[0]
    assert entry.ranges["rice.effort"] == Range(1, 3.5, 9)


def test_the_newest_of_each_author_counts_and_the_older_stays() -> None:
    item = propose("Any")
    estimate(item, rice_reach=(1, 2, 3))
    estimate(item, rice_reach=(10, 20, 30))
    assert queries.read_entries([item], words=WORDS, at=AT)[0].ranges["rice.reach"] == Range(10, 20, 30)
    assert Estimate.objects.count() == 2


def test_a_wrong_form_comes_back_with_what_was_written_and_saves_nothing(sign_in: Sign) -> None:
    item = propose("Any")
    given = {"low:rice.reach": "9", "likely:rice.reach": "5", "high:rice.reach": "1", "likely:wsjf.size": "3"}
    answer = sign_in("Ada").post(f"/decide/items/{item.pk}/estimate/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A range goes from low over likely to high" in page
    assert 'name="likely:wsjf.size" value="3"' in page
    assert not Estimate.objects.exists()
    assert sign_in("Ada").post(f"/decide/items/{item.pk}/estimate/", {}).status_code == 422
    text = sign_in("Ada").post(f"/decide/items/{item.pk}/estimate/", {"likely:rice.reach": "many"})
    assert "“many” is no number." in text.content.decode()


def test_kanos_answers_are_counted_by_category_or_by_pair_and_not_both(sign_in: Sign) -> None:
    item = propose("Any")
    address, ada = f"/decide/items/{item.pk}/estimate/", sign_in("Ada")
    assert ada.post(address, {"kano:M": "4", "pair:LD": "3"}).status_code == 422
    assert ada.post(address, {"pair:LD": "30", "pair:MD": "5"}).status_code == 302
    assert Feelings.objects.get().given == {"pairs": {"LD": 30, "MD": 5}}


@pytest.mark.capability("XMO-21")
def test_how_good_our_estimates_are_by_author(sign_in: Sign) -> None:
    items = [propose(f"Idea {number}") for number in range(12)]
    for number, item in enumerate(items):
        estimate(item, by="Ada", rice_reach=(90, 100, 110))
        estimate(item, by="Pete", rice_reach=(99, 100, 101))
        estimating.record_actual(
            item=item,
            quantity="rice.reach",
            value=100 + number,
            unit="people",
            currency=MONEY,
            by="Fay",
            at=AT + timedelta(hours=3),
        )
    people = {one.author: one for one in calibration.judge(calibration.compare(Item.objects.all()))}
    assert (people["Ada"].inside, people["Ada"].n) == (11, 12)
    assert (people["Pete"].inside, people["Pete"].n) == (2, 12)
    assert people["Ada"].off == pytest.approx(1.055)
    page = sign_in("Lea").get("/decide/estimates/").content.decode()
    assert "13 of 24 actuals fell inside the range" in page


def test_an_estimate_made_after_the_actual_is_no_estimate() -> None:
    item = propose("Any")
    Actual.objects.create(
        item=item, quantity="rice.reach", value=7, unit="people", measured_at=AT - timedelta(days=1), measured_by="Fay"
    )
    estimate(item, rice_reach=(7, 7, 7))
    assert calibration.compare(Item.objects.all()) == []


def test_few_comparisons_say_so_and_relative_points_have_no_actual(sign_in: Sign) -> None:
    item = propose("Any", facets=FACETS)
    estimate(item, rice_effort=(1, 2, 3))
    ada = sign_in("Ada")
    assert ada.post(f"/decide/items/{item.pk}/actual/", {"quantity": "rice.effort", "value": "5"}).status_code == 302
    assert ada.post(f"/decide/items/{item.pk}/actual/", {"quantity": "wsjf.size", "value": "5"}).status_code == 422
    assert "0 of 1" in ada.get("/decide/estimates/").content.decode()
    assert "too few to say" in ada.get("/decide/estimates/").content.decode()
