"""Answers to several versions of one question are pooled where the scale is the same, and it is said."""

from datetime import date
from typing import Any

import pytest

from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.wordings import several
from openxmo.questions.score import Scores, score
from tests.spec.metrics.heard import AS_OF, Heard, answers, measure

CSAT = measure("mean", key="csat", min_n=1)


def ask(heard: Heard, metric: Metric = CSAT, **asked: Any) -> Scores:
    return score(metric, engine=heard.engine, definitions=Definitions(), as_of=AS_OF, **asked)


@pytest.fixture
def two(heard: Heard) -> Heard:
    """The first wording in March, the second in April."""
    heard.hear(*answers([4, 5], instrument="csat@1", channel="chat"))
    heard.hear(*answers([2, 3], instrument="csat@2", channel="phone", happened_at="2026-04-10"))
    return heard


def test_an_answer_that_pools_two_versions_says_which(two: Heard) -> None:
    found = ask(two)
    assert found.mixed == ("csat@1", "csat@2")
    (note,) = found.to_document()["notes"]
    assert note.startswith("Answers to several wordings are pooled: csat@1, csat@2.")
    assert found.rows[0].estimate.n == 4


@pytest.mark.parametrize(
    "asked",
    [
        {"by": ["instrument"]},
        {"where": [("instrument", "csat@1")]},
        {"where": [("channel", "chat")]},
        {"until": "2026-04-01"},
    ],
)
def test_nothing_is_noted_where_one_version_counts_in_each_number(two: Heard, asked: dict[str, Any]) -> None:
    asked = {name: date.fromisoformat(value) if isinstance(value, str) else value for name, value in asked.items()}
    found = ask(two, **asked)
    assert found.mixed == ()
    assert "notes" not in found.to_document()


def test_a_metric_of_one_version_alone_is_never_mixed(two: Heard) -> None:
    assert ask(two, measure("mean", key="first", min_n=1, where={"instrument": "csat@1"})).mixed == ()


def test_different_questions_are_no_versions_of_one_another() -> None:
    assert several(["csat@1", "nps@1", "nps@2"]) == ("nps@1", "nps@2")
    assert several(["csat@1", "ces@2"]) == ()


def test_of_protected_answers_the_versions_are_named_for_the_whole_and_never_for_a_part(heard: Heard) -> None:
    heard.hear(*answers([4, 5], instrument="csat@1", channel="chat", subject_kind="employee", protected=True))
    heard.hear(*answers([2, 3], instrument="csat@2", channel="phone", subject_kind="employee", protected=True))
    assert ask(heard).mixed == ask(heard, where=[("channel", "chat")]).mixed == ("csat@1", "csat@2")
