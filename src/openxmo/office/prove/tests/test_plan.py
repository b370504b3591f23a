"""What is promised is fixed before the start: nobody moves the target afterwards."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction
from tests.people import access

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.metrics.metric import Score
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit
from openxmo.office.govern import trail
from openxmo.office.govern.actions import put
from openxmo.office.govern.queries import definitions
from openxmo.office.prove import actions
from openxmo.office.prove.models import Plan
from openxmo.office.prove.states import State
from openxmo.office.prove.tests.conftest import AFTER, BEFORE, CHANGE, approved, judged, planned, started, terms

pytestmark = pytest.mark.usefixtures("home")


def standing(plan: Plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


@pytest.mark.capability("XMO-25")
def test_approval_freezes_the_baseline_with_its_numbers_and_version() -> None:
    made = approved()
    plan = made.plans.get()
    assert made.state == State.APPROVED
    assert (plan.fixed_by, plan.metric_version, plan.unit) == ("Lea", 1, "points")
    assert plan.baseline is not None
    reached, others = plan.baseline["before"]
    assert (reached["n"], others["n"]) == (800, 800)  # January to May: June was not over
    assert reached["low"] < reached["value"] < reached["high"]
    assert reached["value"] == pytest.approx(60, abs=2)
    assert plan.baseline["lake_version"] > 0
    assert plan.is_whole


def test_the_day_of_the_verdict_is_reckoned_from_what_the_design_can_show() -> None:
    soon, late = planned().plans.get(), planned(expected=0.5).plans.get()
    assert CHANGE < soon.ready_on < late.ready_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    "values", [{"expected": 1.0}, {"metric": "nps"}, {"treated": ["a"]}, {"ready_on": date(2026, 8, 1)}]
)
def test_an_approved_plan_cannot_be_edited_by_any_way_of_the_models(values: dict[str, Any]) -> None:
    plan = approved().plans.get()
    for name, value in values.items():
        setattr(plan, name, value)
    with pytest.raises(WrongUsage, match="fixed"):
        plan.save()
    with pytest.raises(WrongUsage, match="fixed"):
        Plan.objects.filter(pk=plan.pk).update(**values)
    with pytest.raises(WrongUsage, match="fixed"):
        Plan.objects.bulk_update([plan], list(values))
    with pytest.raises(WrongUsage, match="fixed"):
        standing(plan).delete()
    with pytest.raises(WrongUsage, match="fixed"):
        Plan.objects.filter(pk=plan.pk).delete()
    assert standing(plan).expected == 15.0
    assert standing(plan).is_whole


def test_a_change_past_the_office_breaks_the_seal_and_the_page_says_so(sign_in: Any) -> None:
    made = approved()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE prove_plan SET expected = 1.0")
    assert not made.plans.get().is_whole
    told = sign_in("Lea").get(f"/prove/initiatives/{made.pk}/").content.decode()
    assert "changed it past the office" in told


def test_a_change_of_an_approved_plan_is_a_new_version_with_a_reason_and_a_new_approval(sign_in: Any) -> None:
    made = approved()
    with pytest.raises(WrongUsage, match="only with a reason"):
        actions.rewrite_plan(initiative=made, terms=terms(expected=10.0), by="Rita", at=BEFORE)
    actions.rewrite_plan(
        initiative=made, terms=terms(expected=10.0), reason="Two sites fell out.", by="Rita", at=BEFORE
    )
    first, second = made.plans.order_by("number")
    assert (first.expected, second.expected, second.fixed_at) == (15.0, 10.0, None)
    actions.approve(initiative=made, by="Lea", at=BEFORE + timedelta(days=1))
    told = sign_in("Lea").get(f"/prove/initiatives/{made.pk}/").content.decode()
    assert "Two sites fell out." in told
    assert "What was changed, when and why" in told


def test_a_plan_changed_after_the_start_weakens_the_evidence() -> None:
    made = started()
    at = BEFORE + timedelta(days=60)
    actions.rewrite_plan(initiative=made, terms=terms(expected=10.0), reason="Too bold.", by="Rita", at=at)
    actions.approve(initiative=made, by="Lea", at=at)
    verdict = actions.judge(initiative=made, by="Lea", at=AFTER)
    assert verdict.grade == "weak comparison"
    assert "changed after the start" in verdict.document["evidence"]["doubts"]


def test_a_draft_is_simply_written_over() -> None:
    made = planned()
    actions.rewrite_plan(initiative=made, terms=terms(expected=12.0), by="Rita", at=BEFORE)
    assert [plan.expected for plan in made.plans.all()] == [12.0]


def test_what_is_approved_after_the_change_is_no_promise() -> None:
    made = planned()
    with pytest.raises(WrongUsage, match="no promise"):
        actions.approve(initiative=made, by="Lea", at=AFTER)
    assert made.plans.get().fixed_at is None


def test_nothing_starts_before_its_approval_nor_before_its_baseline_is_over() -> None:
    with pytest.raises(WrongUsage):
        actions.start(initiative=planned(), by="Rita", at=AFTER)
    with pytest.raises(WrongUsage, match="baseline runs until"):
        actions.start(initiative=approved(), by="Rita", at=BEFORE)


def test_a_late_start_moves_the_reading_and_is_recorded() -> None:
    verdict = actions.judge(initiative=started(on=date(2026, 7, 20)), by="Lea", at=AFTER)
    assert verdict.document["days"]["change"] == "2026-07-20"
    assert verdict.document["proof"]["left_out"] == ["2026-07"]
    assert verdict.document["days"]["until"] == "2026-11-20"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"metric": "cast"}, "Did you mean"),
        ({"treated": ()}, "Nobody is reached"),
        ({"comparison": ("a",)}, "both reached and compared"),
        ({"expected": 0.0}, "No effect is promised"),
        ({"expected": -5.0}, "worse"),
        ({"until": CHANGE}, "ends before"),
        ({"since": CHANGE}, "begins after"),
        ({"by": "agent"}, "by agent"),
        ({"cluster": "site"}, "within the groups"),
        ({"counter_metric": "csat"}, "watch over itself"),
        ({"counter_limit": -1.0}, "below zero"),
        ({"ready_on": date(2027, 1, 1)}, "due after the change"),
        ({"treated": ("nowhere",)}, "nothing measured"),
    ],
)
def test_a_plan_that_could_not_be_judged_is_refused_with_the_reason(given: dict[str, Any], told: str) -> None:
    with pytest.raises(WrongUsage, match=told):
        planned(**given)


def test_a_definition_that_changes_later_is_told_as_a_break_and_the_verdict_keeps_the_old_one(
    home: Home, sign_in: Any
) -> None:
    made = started()
    metric = definitions(home).metrics["csat"]

    put(home, msgspec.structs.replace(metric, score=Score(kind="top_box", top=1)), by="Lea", at=BEFORE)
    verdict = actions.judge(initiative=made, by="Lea", at=AFTER)
    assert verdict.document["redefined"]
    assert verdict.document["proof"]["effect"]["value"] == pytest.approx(25, abs=3)
    told = sign_in("Lea").get(f"/prove/initiatives/{made.pk}/").content.decode()
    assert "was defined anew since (version 1 then, 2 now)" in told


def test_the_trail_leads_from_the_initiative_to_its_verdict(home: Home) -> None:
    made = judged()
    assert [thing.name for thing in trail.find_later(made.name, access(home, "Lea"))] == [made.verdicts.get().name]


def test_every_step_leaves_a_line_in_the_audit() -> None:
    made = judged()
    deeds = [row.what for row in read_audit() if made.name in row.on]
    assert deeds == [
        "initiative planned", "plan approved", "initiative started", "initiative ended", "initiative judged",
    ]  # fmt: skip


def test_an_initiative_out_of_what_one_does_not_see_is_refused() -> None:
    with pytest.raises(NotAllowed, match="item:999"):
        actions.plan_initiative(
            title="X", owner="Rita", sponsor="Eve", unit="north", terms=terms(), item="item:999", by="Lea", at=BEFORE
        )


def test_the_database_itself_refuses_half_an_approval() -> None:
    made = planned()
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(initiative=made).update(fixed_by="Lea")
