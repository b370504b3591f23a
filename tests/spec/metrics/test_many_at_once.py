"""What is asked for many metrics or months at once says the same as asked for each."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from openxmo.core.metrics import horizon
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Ambition
from openxmo.core.metrics.periods import periods_between
from openxmo.core.metrics.scoring import is_heard, prepare
from openxmo.questions.gap import course, gap
from openxmo.questions.moved import moved
from tests.spec.metrics.heard import AS_OF, Heard, answers, measure
from tests.spec.metrics.test_gap import METRICS, SHIFT, XLA, definitions

RATIO = measure("ratio", key="cost_to_serve", signal="cost", over="contact")
LARGE = measure("mean", key="turnover", signal="turnover")
UNHEARD = measure("mean", key="unheard", signal="unheard")
BEGIN, END = date(2025, 12, 1), date(2026, 6, 1)


def hear_much(heard: Heard) -> None:
    heard.hear(
        *answers([4.0, 5.0, 3.0], name="csat", scale="1..5", happened_at="2026-01-31T23:30"),
        *answers([4.0, 4.0, 2.0], name="csat", scale="1..5", happened_at="2026-03-10"),
        *answers([2.0, 3.0], name="ces", scale="5..1", happened_at="2026-03-31T22:30"),
        *answers([38.0, 40.0], name="login_time", kind="T", scale=None, happened_at="2026-02-10"),
        *answers([90_000.0, None], name="turnover", kind="O", scale=None, happened_at="2026-02-10", excluded="test"),
        *answers([7.0], name="cost", kind="T", scale=None, happened_at="2026-02-10", issue="i-1"),
        *answers([None, None], name="contact", kind="O", scale=None, happened_at="2026-02-10", issue="i-1"),
    )
    heard.hear(
        *answers([4.0, 5.0], name="csat", scale="1..5", happened_at="2026-04-30T21:00"),
        *answers([2.0, 3.0], name="ces", scale="5..1", happened_at="2026-04-02"),
        {"name": "ticket", "kind": "O", "value": None, "label": "met", "happened_at": "2026-04-02"},
    )
    heard.mark(1, "2026-01")


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "America/St_Johns"])
def test_the_course_of_an_agreement_is_its_gap_in_each_month(heard: Heard, zone: str) -> None:
    hear_much(heard)
    office = Definitions(
        zone=zone,
        metrics={metric.key: metric for metric in METRICS},
        xlas={XLA.key: XLA},
        ambitions=definitions(SHIFT).ambitions,
    )
    asked: dict[str, Any] = {"engine": heard.engine, "definitions": office, "as_of": AS_OF}
    found = course(SHIFT.key, since=BEGIN, until=END, every="month", **asked).to_document()["rows"]
    assert [row.pop("period") for row in found] == ["2025-12", *(f"2026-0{month}" for month in range(1, 6))]
    firsts = [BEGIN, *(date(2026, month, 1) for month in range(1, 7))]
    each = [gap(SHIFT.key, since=first, until=end, **asked).to_document()["rows"][0] for first, end in pairwise(firsts)]
    assert found == each
    assert sum(row["delivered"] is not None for row in found) > 0


def test_the_course_of_a_metric_is_withheld_month_by_month(heard: Heard) -> None:
    hear_much(heard)
    office = definitions(Ambition(key="content", metric="satisfaction", target=4.5))
    found = course(
        "content", since=BEGIN, until=END, every="month", engine=heard.engine, definitions=office, as_of=AS_OF
    )
    assert len(found.disclosures()) == 6
    told = found.withhold({3: "privacy"}).to_document()["rows"]
    assert [row["suppressed"] for row in told].count("privacy") == 1
    assert told[3]["suppressed"] == "privacy"
    assert told[3]["delivered"] is None
    assert told[1]["delivered"] == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("every", "labels"),
    [
        ("day", ["2026-03-28", "2026-03-29", "2026-03-30"]),
        ("week", ["2026-W13", "2026-W14"]),
        ("month", ["2026-03"]),
        ("quarter", ["2026-Q1"]),
        ("year", ["2026"]),
    ],
)
def test_periods_between_touch_the_days_also_where_clocks_change(every: str, labels: list[str]) -> None:
    from zoneinfo import ZoneInfo

    found = periods_between(date(2026, 3, 28), date(2026, 3, 31), every, ZoneInfo("Europe/London"))  # type: ignore[arg-type]
    assert [period.label for period in found] == labels
    assert all(one.end == other.start for one, other in pairwise(found))


def test_what_is_learned_of_many_names_is_what_each_would_learn(heard_everywhere: Heard) -> None:
    heard = heard_everywhere
    hear_much(heard)
    metrics = [*METRICS, RATIO, LARGE, UNHEARD]
    names = ["csat", "ces", "ticket", "login_time", "cost", "contact", "turnover", "unheard"]

    def known() -> list[object]:
        return [
            (
                sorted(map(str, horizon.kinds_of(heard.engine, name))),
                horizon.first_value_of(heard.engine, name),
                horizon.carried_by(heard.engine, name),
            )
            for name in names
        ]

    one_by_one = known()
    horizon._KNOWN.clear()
    prepare(metrics, heard.engine)
    assert known() == one_by_one
    assert [is_heard(metric, heard.engine) for metric in metrics] == [True, True, True, True, True, True, False]
    assert horizon.first_value_of(heard.engine, "turnover") == 90_000.0
    assert horizon.carried_by(heard.engine, "contact") == {"issue"} | (
        horizon.carried_by(heard.engine, "contact") & {"subject", "contact"}
    )


def test_a_change_of_the_lake_is_learned_anew(heard: Heard) -> None:
    hear_much(heard)
    prepare([UNHEARD, LARGE], heard.engine)
    assert not is_heard(UNHEARD, heard.engine)
    heard.hear(*answers([1.0], name="unheard", scale=None))
    assert is_heard(UNHEARD, heard.engine)


def test_what_was_never_heard_is_no_metric_that_moved(heard: Heard) -> None:
    heard.hear(
        *answers([4.0, 4.0, 5.0] * 5, name="csat", scale="1..5", happened_at="2026-04-10"),
        *answers([2.0, 1.0, 2.0] * 5, name="csat", scale="1..5", happened_at="2026-05-10"),
    )
    found = moved(
        engine=heard.engine,
        definitions=definitions(),
        metrics=[*METRICS, UNHEARD, RATIO],
        until=date(2026, 6, 2),
        as_of=AS_OF,
    )
    assert [row.metric.key for row in found.rows] == ["satisfaction"]
