"""What is a metric, by what and when: the answer as the command, the API and pages give it."""

import json
from datetime import date
from typing import Any

import pytest

from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Ambition, Metric
from openxmo.core.release import MemoryHistory, Rules, release
from openxmo.questions.catalogue import catalogue
from openxmo.questions.score import Scores, score
from tests.cast import ADA
from tests.spec.metrics.heard import AS_OF, Heard, answers, at, measure

NPS = measure("nps", key="nps", unit="points", min_n=3)


def ask(heard: Heard, metric: Metric = NPS, **asked: Any) -> Scores:
    definitions = Definitions(versions={"metric:nps": 4})
    return score(metric, engine=heard.engine, definitions=definitions, as_of=AS_OF, **asked)


def test_the_document_is_the_contracts(heard: Heard) -> None:
    heard.hear(*answers([10, 9, 8, 0], channel="chat"), *answers([10, None], channel="phone", excluded=None))
    found = ask(heard, by=["channel"], every="month")
    document = found.to_document()
    assert list(document) == ["metric", "version", "unit", "rows", "lake_version"]
    assert (document["metric"], document["version"], document["unit"]) == ("nps", 4, "points")
    assert document["lake_version"] == heard.lake.version
    chat, phone = document["rows"]
    assert list(chat) == [
        *("by", "period", "n", "effective_n", "value", "low", "high"),
        *("method", "detectable", "suppressed", "excluded"),
    ]
    assert (chat["by"], chat["period"]) == ({"channel": "chat"}, "2026-03")
    assert (chat["n"], chat["effective_n"], chat["value"], chat["suppressed"]) == (4, 4.0, 25.0, None)
    assert chat["low"] < 25 < chat["high"]
    assert chat["method"] == "adjusted Wald"
    assert chat["detectable"] > 0
    # Below min_n the value is withheld, n and the interval are not.
    assert (phone["n"], phone["value"], phone["suppressed"]) == (1, None, "too_few")
    assert phone["low"] < phone["high"]
    assert phone["excluded"] == {"missing": 1}


def test_without_cut_and_period_there_is_one_row_even_of_nothing(heard: Heard) -> None:
    (row,) = ask(heard).to_document()["rows"]
    assert (row["by"], row["period"], row["n"], row["value"], row["low"]) == ({}, None, 0, None, None)
    assert (row["suppressed"], row["excluded"]) == ("too_few", {})


def test_rows_come_by_period_and_then_by_cut(heard: Heard) -> None:
    for day in ("2026-04-01", "2026-03-01"):
        for channel in ("phone", None, "chat"):
            heard.hear(*answers([10.0], channel=channel, happened_at=day))
    rows = ask(heard, by=["channel"], every="month").to_document()["rows"]
    assert [(row["period"], row["by"]["channel"]) for row in rows] == [
        *(("2026-03", channel) for channel in ("chat", "phone", None)),
        *(("2026-04", channel) for channel in ("chat", "phone", None)),
    ]


def test_records_are_flat(heard: Heard) -> None:
    heard.hear(*answers([10, 9, 8, 0], channel="chat"), *answers([1.0], channel="chat", excluded="pilot"))
    (record,) = ask(heard, by=["channel"]).to_records()
    assert (record["channel"], record["n"], record["value"], record["excluded"]) == ("chat", 4, 25.0, 1)
    assert not any(isinstance(value, dict | list) for value in record.values())


def test_what_is_withheld_holds_no_number(heard: Heard) -> None:
    heard.hear(*answers([10, 9, 8, 0], channel="chat"), *answers([1.0], channel="chat", excluded="pilot"))
    heard.hear(*answers([10, 9, 8], channel="phone"))
    chat, phone = ask(heard, by=["channel"]).withhold({0: "privacy"}).to_document()["rows"]
    assert chat == {
        "by": {"channel": "chat"},
        "period": None,
        **dict.fromkeys(("n", "effective_n", "value", "low", "high", "detectable")),
        "method": "adjusted Wald",
        "suppressed": "privacy",
        "excluded": {},
    }
    assert phone["n"] == 3


def test_the_exit_door_hears_what_each_row_would_disclose(heard: Heard) -> None:
    pulse = {"name": "pulse", "scale": "1..5", "protected": True, "subject_kind": "employee"}
    heard.hear(*answers([4.0, 4.0], **pulse, team="a"), *answers([1.0, 5.0], **pulse, team="b"))
    metric = measure("mean", signal="pulse")
    since, until = date(2026, 3, 1), date(2026, 4, 1)
    a, b = ask(heard, metric, by=["team"], since=since, until=until, where=[("kind", "X")]).disclosures()
    assert (a.metric, a.by, a.n, a.uniform, b.uniform) == ("measured", {"team": "a"}, 2, True, False)
    assert (a.start, a.end) == (at("2026-03-01"), at("2026-04-01"))
    assert a.siblings == b.siblings
    assert a.people == b.people  # the same two people, in two teams
    assert a.people is not None
    assert a.months == {"2026-03": a.people}
    assert a.narrowed_by == (("kind", "X"),)
    (march,) = ask(heard, metric, every="month").disclosures()
    assert (march.start, march.end) == (at("2026-03-01"), at("2026-04-01"))


def test_customers_are_not_protected_as_staff_are(heard: Heard) -> None:
    heard.hear(*answers([10.0]))
    (only,) = ask(heard).disclosures()
    assert only.people is None
    assert only.start is None


@pytest.mark.parametrize(
    ("metric", "rows"),
    [
        (measure("quantile", q=0.5), answers([3.0, 3.0])),
        (measure("mean"), answers([3.0, 3.0, 3.0])),
        (measure("ratio", over="answer"), answers([3.0, 4.0], issue="i")),
        (measure("index", items=("q",)), answers([5.0, 4.0], item="q", scale="1..5")),
    ],
)
def test_a_cell_in_which_all_scored_alike_is_told_apart(heard: Heard, metric: Metric, rows: list[Any]) -> None:
    heard.hear(*rows)
    assert [row.uniform for row in ask(heard, metric).rows] == [True]


def test_the_catalogue_says_what_each_number_is_worth() -> None:
    metric = measure("nps", key="nps", weakness="says nothing of one contact", counter_metric="ces", family="lagging")
    other = measure("mean", key="ces", owner="XMO lead")
    found = catalogue(
        definitions=Definitions(
            metrics={"nps": metric, "ces": other},
            ambitions={"loved": Ambition(key="loved", metric="nps", target=50)},
            versions={"metric:nps": 2},
            breaks={"metric:nps": ("2026-02-01",)},
        )
    )
    ces, nps = found.to_document()["rows"]
    assert (ces["key"], ces["owner"], ces["version"], ces["breaks"]) == ("ces", "XMO lead", None, [])
    assert (nps["weakness"], nps["counter_metric"]) == ("says nothing of one contact", "ces")
    assert (nps["family"], nps["version"], nps["breaks"], nps["ambitions"]) == ("lagging", 2, ["2026-02-01"], ["loved"])
    assert found.to_records()[1]["breaks"] == "2026-02-01"
    assert found.disclosures() == ()


@pytest.mark.parametrize("values", [[1e300], [1e300] * 3, [1e300, -1e300], [1e308, 1e308, 3.0], [3.0, 1e160]])
@pytest.mark.parametrize(
    "metric",
    [
        measure("mean", min_n=1),
        measure("quantile", q=0.4, min_n=1),
        measure("ratio", over="answer", min_n=1),
        measure("mean", weight_by="value", min_n=1),
        measure("quantile", q=0.4, weight_by="value", min_n=1),
    ],
    ids=lambda metric: f"{metric.score.kind}-{metric.weight_by}",
)
def test_values_near_the_largest_number_give_an_answer_in_json(
    heard: Heard, metric: Metric, values: list[float]
) -> None:
    heard.hear(*({**row, "scale": None, "protected": True} for row in answers(values)))
    found = ask(heard, metric)
    (row,) = json.loads(json.dumps(found.to_document(), allow_nan=False))["rows"]
    if row["value"] is None and row["n"] and metric.score.kind != "ratio":  # a ratio over nothing is unknown, too
        assert row["method"] == "none: beyond the largest number"
    assert found.disclosures()[0].n == row["n"]


def test_a_sum_beyond_the_largest_number_is_no_number_and_says_so(heard: Heard) -> None:
    heard.hear(*answers([3.0, 1e308, 1e308], scale=None))
    (row,) = ask(heard, measure("mean", min_n=1)).to_document()["rows"]
    assert (row["value"], row["low"], row["high"], row["n"]) == (None, None, None, 3)
    assert row["method"] == "none: beyond the largest number"


def test_the_columns_are_the_same_with_and_without_rows(heard: Heard) -> None:
    heard.hear(*answers([10, 9, 8, 0], channel="chat"))
    told = [
        release(ask(heard, by=["channel"], where=where), ADA, history=MemoryHistory(), at=AS_OF, rules=Rules())
        for where in ([], [("channel", "fax")])
    ]
    full, empty = told[0].to_arrow(), told[1].to_arrow()
    assert (full.num_rows, empty.num_rows) == (1, 0)
    assert full.schema == empty.schema
    assert str(full.schema.field("channel").type) == "string"
    assert list(told[0].to_pandas().dtypes.items()) == list(told[1].to_pandas().dtypes.items())
    assert list(told[0].to_records()[0]) == list(empty.column_names)
