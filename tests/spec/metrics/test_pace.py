"""How fine a metric is shown over time hangs on how it is judged: one step finer, and no finer."""

import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.metrics.pace import PACES, check_pace, paces_of


def judged_per(pace: str | None, kind: str = "mean", **more: object) -> Metric:
    return Metric(key="m", signal="m", score=Score(kind=kind), label="CSAT", judged_per=pace, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("judged", "shown"),
    [
        (None, PACES),
        ("day", PACES),
        ("week", PACES),
        ("month", ("week", "month", "quarter", "year")),
        ("quarter", ("month", "quarter", "year")),
        ("year", ("quarter", "year")),
    ],
)
def test_a_metric_is_shown_at_most_one_step_finer_than_it_is_judged(judged: str | None, shown: tuple[str, ...]) -> None:
    metric = judged_per(judged)
    assert paces_of(metric) == shown
    for every in PACES:
        if every in shown:
            check_pace(metric, every)
        else:
            with pytest.raises(WrongUsage, match=f"judged per {judged}, so it is not shown by {every}"):
                check_pace(metric, every)
    check_pace(metric, None)


def test_the_refusal_says_what_why_and_how_to_mend() -> None:
    with pytest.raises(WrongUsage) as refused:
        check_pace(judged_per("quarter"), "week")
    assert refused.value.what == (
        "CSAT is judged per quarter, so it is not shown by week: what a single week says is chance more than change."
    )
    assert (refused.value.where, refused.value.mend) == ("metric m", "Ask by month, quarter or year, or as a whole.")


def test_a_cut_that_is_refused_by_name_keeps_its_own_sentence() -> None:
    check_pace(judged_per("quarter", refused_by=("day",)), "day")
    check_pace(judged_per("quarter", kind="nps"), "day")
