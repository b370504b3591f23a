"""Did it work: effect, none, harm, or not yet knowable, each with its reason."""

from datetime import date, timedelta
from typing import Any

import pytest

from openxmo.core.errors import WrongUsage
from openxmo.office.prove import actions, queries
from openxmo.office.prove.models import Verdict, Word
from openxmo.office.prove.states import State
from openxmo.office.prove.tests.conftest import AFTER, BEFORE, SITES, approved, ended, judged, started

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.capability("XMO-25")
def test_an_effect_is_found_with_its_interval_and_its_grade() -> None:
    made = judged()
    verdict = made.verdicts.get()
    effect = verdict.document["proof"]["effect"]
    assert (verdict.word, verdict.grade, made.state) == (Word.EFFECT, "drawn by lot", State.JUDGED)
    assert effect["low"] < 25 < effect["high"]
    assert (effect["errors"], effect["clusters"]) == ("cluster", len(SITES))


def test_without_a_lot_the_grade_rests_on_what_was_seen_before() -> None:
    verdict = judged(drawn_by_lot=False).verdicts.get()
    assert verdict.grade == "comparison group"
    assert verdict.document["proof"]["pre_trend"]["periods"] == 6


@pytest.mark.capability("XMO-25")
def test_where_nothing_moved_the_verdict_bounds_the_effect() -> None:
    verdict = judged(treated=("b", "d"), comparison=("f", "h"), expected=15.0).verdicts.get()
    assert verdict.word == Word.NONE
    assert verdict.bound is not None
    assert 0 < verdict.bound < 15


def test_before_and_after_alone_is_no_evidence() -> None:
    verdict = judged(comparison=(), drawn_by_lot=False).verdicts.get()
    assert (verdict.word, verdict.grade) == (Word.NO_EVIDENCE, "not evidence of effect")
    assert verdict.document["proof"]["moved"]["change"] == pytest.approx(25, abs=3)


@pytest.mark.capability("XMO-25")
def test_before_the_planned_day_nothing_is_knowable_and_the_work_goes_on() -> None:
    made = started(ready_on=date(2026, 11, 1))
    verdict = actions.judge(initiative=made, by="Lea", at=AFTER - timedelta(days=30))
    assert (verdict.word, verdict.until, made.state) == (Word.NOT_YET, date(2026, 11, 1), State.UNDER_WAY)


@pytest.mark.capability("XMO-25")
def test_a_counter_metric_that_pays_for_the_effect_makes_it_harm() -> None:
    verdict = judged(counter_metric="handle_time", counter_limit=10.0).verdicts.get()
    assert (verdict.word, verdict.harmed_by) == (Word.HARM, "handle_time")
    assert verdict.document["proof"]["verdict"]["word"] == "effect"
    assert verdict.document["counter"]["check"]["finding"] == "harm"


def test_a_loss_within_the_limit_leaves_the_effect_standing() -> None:
    verdict = judged(counter_metric="handle_time", counter_limit=60.0).verdicts.get()
    assert (verdict.word, verdict.harmed_by) == (Word.EFFECT, "")
    assert verdict.document["counter"]["check"]["finding"] == "worse within the limit"


def test_a_counter_metric_that_nobody_measured_is_told_as_unknown(sign_in: Any) -> None:
    made = judged(counter_metric="nps")
    assert made.verdicts.get().word == Word.EFFECT
    told = sign_in("Lea").get(f"/prove/initiatives/{made.pk}/").content.decode()
    assert "it could not be read in both groups" in told


def test_a_verdict_is_never_changed_only_followed_by_another() -> None:
    made = judged()
    verdict = made.verdicts.get()
    verdict.word = Word.HARM
    with pytest.raises(WrongUsage, match="fixed"):
        verdict.save()
    with pytest.raises(WrongUsage, match="fixed"):
        Verdict.objects.filter(pk=verdict.pk).update(word=Word.HARM)
    with pytest.raises(WrongUsage, match="fixed"):
        verdict.delete()
    actions.judge(initiative=made, by="Lea", at=AFTER + timedelta(days=7))
    assert list(made.verdicts.values_list("number", "word")) == [(1, "effect"), (2, "effect")]


def test_what_has_not_started_is_not_judged() -> None:
    with pytest.raises(WrongUsage, match="not started"):
        actions.judge(initiative=approved(), by="Lea", at=AFTER)


def test_what_was_stopped_is_judged_all_the_same() -> None:
    made = started()
    with pytest.raises(WrongUsage, match="only with a reason"):
        actions.stop(initiative=made, reason=" ", by="Rita", at=AFTER)
    actions.stop(initiative=made, reason="The money went elsewhere.", by="Rita", at=AFTER)
    actions.judge(initiative=made, by="Lea", at=AFTER)
    assert (made.state, made.stop_reason) == (State.JUDGED, "The money went elsewhere.")


def test_verdicts_near_are_those_due_within_four_weeks(home: Any) -> None:
    from openxmo.office.govern.queries import access_of

    made = started(ready_on=date(2026, 11, 1))
    lea = access_of(home, "Lea", at=AFTER)
    due = date(2026, 11, 1)
    assert queries.near_verdict(lea, at=AFTER) == [(made, due)]
    assert queries.near_verdict(lea, at=BEFORE) == []
    carl = access_of(home, "Carl", at=AFTER)
    assert queries.near_verdict(carl, at=AFTER) == []


def test_the_page_says_promise_effect_evidence_and_what_nobody_knows(sign_in: Any) -> None:
    made = judged()
    told = sign_in("Eve").get(f"/prove/initiatives/{made.pk}/").content.decode()
    for words in (
        "Did “Call ahead” work?",
        "Yes. It moved CSAT by +",
        "Promised on 20 Jun 2026",
        "Drawn by lot.",
        "What happened, and what would have happened without it?",
        "What would have to be true",
        "Whether this lasts beyond 1 Nov 2026",
        "Baseline, frozen on 20 Jun 2026",
        "the lot was drawn fairly".capitalize(),
    ):
        assert words in told, words


def test_the_counterfactual_is_the_comparison_moved_to_the_same_start() -> None:
    from openxmo.office.prove import drawing

    found = ended()
    document = actions.judge(initiative=found, by="Lea", at=AFTER).document
    spec = drawing.draw(document["series"], document["proof"]["groups"], found.plans.get())
    changed, without = spec["series"]
    means = {(row["treated"], row["after"]): row["mean"] for row in document["proof"]["groups"]}
    others = {point["period"]: point["value"] for point in document["series"]["points"] if not point["treated"]}
    shift = means[True, False] - means[False, False]
    assert without["values"] == pytest.approx([others[label] + shift for label in spec["x"]])
    assert spec["marks"] == [{"at": "2026-07", "label": "change"}]
    assert changed["values"][-1] - without["values"][-1] == pytest.approx(25, abs=10)
    assert without["low"][0] < without["values"][0] < without["high"][0]


def test_a_share_is_never_drawn_below_none_or_above_all() -> None:
    from openxmo.office.prove import drawing

    moved = drawing.line(
        "without it",
        ["a", "b", "c"],
        {"a": {"value": 2.0, "low": 0.5, "high": 4.0}, "b": {"value": 97.0, "low": 95.0, "high": 99.0}},
        -3.0,
    )
    assert drawing.within(moved, "%") == {
        "name": "without it",
        "values": [0.0, 94.0, None],
        "low": [0.0, 92.0, None],
        "high": [1.0, 96.0, None],
    }
    assert drawing.within(moved, "points") == moved
