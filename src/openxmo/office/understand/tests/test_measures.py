"""*What do we measure, and what is each number worth?*"""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.people import access

from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import put
from openxmo.office.govern.queries import definitions
from openxmo.office.lib.things import find_thing
from openxmo.office.understand.formulas import formula
from openxmo.office.understand.tests.heard import HEARD_AT, answer_of, hear, row, words_of

SignIn = Callable[[str], Client]


@pytest.mark.capability("XMO-08")
def test_the_catalogue_says_of_each_metric_what_it_is_worth(home: Home, sign_in: SignIn) -> None:
    client = sign_in("Ada")
    page = client.get("/understand/measures/")
    rows = {each["key"]: each for each in page.context["rows"]}
    assert rows.keys() == definitions(home).metrics.keys()
    for key, each in rows.items():
        for name in ("formula", "unit", "better", "cadence", "owner", "weakness", "counter_metric", "min_n"):
            assert each[name] != "", f"{key} has no {name}"
    hear(home, *(row(number, source="survey-tool") for number in range(40)))
    one = words_of(client.get("/understand/measures/csat/"))
    for said in (
        "of 4 or more",
        "higher is better",
        "judged per month",
        "told by survey-tool",
        "Version 1",
        "from 30 answers or events",
    ):
        assert said in one


def test_a_metric_without_an_owner_stands_out(home: Home, sign_in: SignIn) -> None:
    put(home, Metric(key="bare", signal="bare", score=Score(kind="mean")), by="operator", at=HEARD_AT)
    page = sign_in("Ada").get("/understand/measures/")
    assert "1 lacks an owner" in answer_of(page)
    assert [each["key"] for each in page.context["lacking"]] == ["bare"]


@pytest.mark.usefixtures("home")
def test_an_unknown_metric_is_a_usage_error_and_root_sees_none(sign_in: SignIn) -> None:
    assert sign_in("Ada").get("/understand/measures/csta/").status_code == 400
    assert sign_in("Root").get("/understand/measures/").status_code == 403


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (Score(kind="nps"), "Share of 9 and 10 less share of 0 to 6"),
        (Score(kind="bottom_box", bottom=2), "of 2 or less"),
        (Score(kind="share", of=("yes", "part")), "that are yes or part"),
        (Score(kind="ratio", over="contact"), "over sum of contact"),
        (Score(kind="repeat_free", days=7), "not heard of again within 7 days"),
        (Score(kind="quantile", q=0.9), "that 90 % stay below"),
        (Score(kind="index", items=("a", "b")), "share of favourable answers"),
        (Score(kind="mean"), "Mean of thing."),
    ],
)
def test_each_kind_of_score_is_told_in_words(score: Score, said: str) -> None:
    assert said in formula(Metric(key="k", signal="thing", score=score))


def test_a_metric_is_named_with_its_page_wherever_it_speaks_for_something(home: Home) -> None:
    found = find_thing("metric:csat", access(home, "Ada"))
    assert found is not None
    assert (found.what, found.address, found.hidden) == ("Metric", "/understand/measures/csat/", False)
    assert found.label
    assert find_thing("metric:no-such", access(home, "Ada")) is None
    hidden = find_thing("metric:csat", access(home, "Root"))
    assert hidden is not None
    assert (hidden.hidden, hidden.address) == (True, "")
