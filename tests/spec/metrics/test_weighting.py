"""Weights: the survey's own, and what a metric weighs by; and what they leave of n."""

import pytest

from openxmo.core.metrics.estimates import estimate
from openxmo.core.metrics.metric import Dimension
from openxmo.core.metrics.tally import Tally
from tests.spec.metrics.heard import Heard, answers, mean_of, measure

NPS = measure("nps")


def test_survey_weights_count_where_they_are_asked_for(heard_everywhere: Heard) -> None:
    heard_everywhere.hear(*answers([10.0, 9.0], weight=2.0), *answers([0.0], weight=0.5), *answers([5.0]))
    assert heard_everywhere.mean(NPS) == 0
    cell = heard_everywhere.cell(NPS, weighted=True)
    # Weights 2, 2, 0.5 and, where the source gives none, 1: (200 + 200 - 50 - 100) / 5.5.
    assert mean_of(cell) == pytest.approx(250 / 5.5)
    assert cell.tally == Tally(n=4, w=5.5, w2=9.25, ws=250, ws2=55e3, w2s=675, w2s2=92_500)
    assert estimate(cell.tally, NPS).effective_n == pytest.approx(5.5**2 / 9.25)


def test_a_weighted_mean_of_values(heard_everywhere: Heard) -> None:
    heard_everywhere.hear(*answers([1.0], weight=3.0), *answers([5.0]), *answers([None], weight=9.0))
    cell = heard_everywhere.cell(measure("mean"), weighted=True)
    assert cell.tally == Tally(n=2, w=4, w2=10, ws=8, ws2=28, w2s=14, w2s2=34)
    assert cell.excluded == {"missing": 1}


def test_equal_weights_change_nothing(heard: Heard) -> None:
    heard.hear(*answers([10.0, 3.0, 8.0], weight=2.5))
    plain, weighted = (estimate(heard.cell(NPS, weighted=w).tally, NPS) for w in (False, True))
    assert (plain.value, plain.low, plain.high) == pytest.approx((weighted.value, weighted.low, weighted.high))
    assert weighted.effective_n == 3


def test_a_metric_may_weigh_by_a_fact_and_leaves_out_who_has_none(heard: Heard) -> None:
    heard.define(Dimension(key="revenue", link="subject", signal="revenue", take="value"))
    heard.hear(
        {"name": "revenue", "subject": "big", "value": 90.0, "happened_at": "2026-01-01"},
        {"name": "revenue", "subject": "small", "value": 10.0, "happened_at": "2026-01-01"},
        *answers([10.0], subject="big"),
        *answers([0.0], subject="small"),
        *answers([10.0], subject="unknown"),
    )
    cell = heard.cell(measure("nps", weight_by="revenue"))
    assert mean_of(cell) == 80
    assert (cell.tally.n, cell.excluded) == (2, {"unweighted": 1})


@pytest.mark.capability("CXM-11")
def test_the_answers_of_an_account_weigh_its_newest_revenue(heard: Heard) -> None:
    heard.define(Dimension(key="revenue", link="account", signal="revenue", take="value"))
    heard.hear(
        {"name": "revenue", "account": "big", "value": 10.0, "happened_at": "2025-01-01"},
        {"name": "revenue", "account": "big", "value": 90.0, "happened_at": "2026-01-01"},
        {"name": "revenue", "account": "small", "value": 10.0, "happened_at": "2026-01-01"},
        *answers([10.0], subject="her", account="big"),
        *answers([0.0], subject="him", account="small"),
        *answers([10.0], subject="who", account="new"),
    )
    cell = heard.cell(measure("nps", weight_by="revenue"))
    assert mean_of(cell) == 80
    assert (cell.tally.n, cell.excluded) == (2, {"unweighted": 1})
    assert heard.mean(NPS) == pytest.approx(100 / 3)


def test_an_attribute_weighs_as_the_number_it_holds(heard: Heard) -> None:
    for value, seats in ((10.0, "3"), (0.0, "1"), (10.0, "many"), (10.0, "-4")):
        heard.hear(*answers([value], attrs=[("seats", seats)], weight=2.0))
    metric = measure("mean", weight_by="attrs.seats")
    cell = heard.cell(metric)
    assert (mean_of(cell), cell.excluded) == (7.5, {"unweighted": 2})
    both = heard.cell(metric, weighted=True).tally
    assert isinstance(both, Tally)
    assert (both.w, both.w2) == (8, 40)  # each weight twice


def test_a_weighted_ratio_and_a_weighted_quantile(heard: Heard) -> None:
    heard.hear(
        {"name": "cost", "issue": "a", "value": 10.0, "weight": 3.0},
        {"name": "cost", "issue": "b", "value": 2.0},
        {"name": "contact", "issue": "a", "value": None, "weight": 3.0},
        {"name": "contact", "issue": "b", "value": None},
    )
    assert heard.mean(measure("ratio", signal="cost", over="contact"), weighted=True) == 8
    quantile = measure("quantile", signal="cost", q=0.5)
    assert estimate(heard.cell(quantile, weighted=True).tally, quantile).value == 10
