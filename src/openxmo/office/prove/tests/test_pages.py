"""The pages as a person without JavaScript uses them, and who may do what on them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import get_resolver
from django.utils import timezone

from openxmo.office.lib.clock import now
from openxmo.office.prove import actions
from openxmo.office.prove.models import Initiative
from openxmo.office.prove.queries import blockers_of, verdict_due
from openxmo.office.prove.tests.conftest import AFTER, BEFORE, approved, judged, planned, started
from openxmo.office.prove.tests.test_money import money
from openxmo.office.prove.timeline import lay
from openxmo.office.prove.urls import urlpatterns

pytestmark = pytest.mark.usefixtures("home")
Browser = Callable[[str], Any]


def form(**more: Any) -> dict[str, Any]:
    """What the five steps send; the change is still to come."""
    change = timezone.localtime(now()).date() + timedelta(days=10)
    given = {
        "title": "Call ahead", "about": "", "owner": "Rita", "sponsor": "Eve", "unit": "north", "metric": "csat",
        "where": "", "by": "site", "treated": "b, d", "against": "others", "comparison": "", "drawn_by_lot": "on",
        "cluster": "", "change_on": change.isoformat(), "until": (change + timedelta(days=180)).isoformat(),
        "every": "month", "since": "2026-01-01", "expected": "25", "counter_metric": "handle_time",
        "counter_limit": "5", "step": "save",
    }  # fmt: skip
    return given | more


def page_of(made: Initiative) -> str:
    return f"/prove/initiatives/{made.pk}/"


# PLANNING


def test_an_initiative_is_planned_by_its_form_alone(sign_in: Browser) -> None:
    rita = sign_in("Rita")
    assert "Five steps" in rita.get("/prove/initiatives/new/").content.decode()
    answer = rita.post("/prove/initiatives/new/", form(), follow=True)
    assert answer.redirect_chain == [(page_of(Initiative.objects.get()), 302)]
    told = answer.content.decode()
    assert "Nothing is promised yet: the plan is a draft." in told
    assert "nobody approves what they own" in told


def test_before_anything_is_kept_the_page_tells_what_the_design_can_show(sign_in: Browser) -> None:
    lea = sign_in("Lea")
    able = lea.post("/prove/initiatives/new/", form(step="check")).content.decode()
    assert "it can show it" in able
    assert "Baseline, as it stands" in able
    unable = lea.post("/prove/initiatives/new/", form(step="check", expected="0.5")).content.decode()
    assert "it would often miss it" in unable
    assert "It may be missed." in unable
    assert not Initiative.objects.exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"treated": "nowhere"}, "Values that were heard of: a, b, c"),
        ({"expected": "-3"}, "The promised move makes CSAT worse."),
        ({"where": "stage"}, "is no condition"),
        ({"sponsor": "Rita"}, "Owner and sponsor are two people."),
        ({"against": "named"}, "Name those it is compared with."),
        ({"metric": ""}, "This field is required."),
        ({"until": "2026-01-01"}, "The reading ends before the change."),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_on_the_same_page(sign_in: Browser, given: dict[str, str], told: str) -> None:
    answer = sign_in("Lea").post("/prove/initiatives/new/", form(**given))
    assert answer.status_code == 422
    page = answer.content.decode().replace("&#x27;", "'")
    assert told in page
    assert 'value="Call ahead"' in page  # nothing that was typed is lost
    assert not Initiative.objects.exists()


def test_the_whole_way_from_draft_to_ledger_by_forms_alone(sign_in: Browser) -> None:
    lea, rita, fay = sign_in("Lea"), sign_in("Rita"), sign_in("Fay")
    change = timezone.localtime(now()).date()
    rita.post("/prove/initiatives/new/", form(change_on=change.isoformat()))
    made = Initiative.objects.get()
    assert lea.post(f"{page_of(made)}approve/", follow=True).status_code == 200
    told = rita.post(f"{page_of(made)}start/", follow=True).content.decode()
    assert "Nobody has judged it yet" in told
    rita.post(f"{page_of(made)}milestones/", {"title": "Rota stands", "due_on": change.isoformat()})
    rita.post(f"{page_of(made)}blockers/", {"kind": "budget", "what": "No money for telephones."})
    rita.post(f"{page_of(made)}affected/", {"who": "Technicians", "how_many": "34"})
    milestone, blocker, group = made.milestones.get(), blockers_of(made).get(), made.affected.get()
    assert "No money for telephones." in rita.get("/prove/").content.decode()
    rita.post(f"/prove/milestones/{milestone.pk}/reached/")
    rita.post(f"/prove/blockers/{blocker.pk}/cleared/", {"how": "The sponsor paid."})
    for what in ("told", "trained"):
        rita.post(f"/prove/affected/{group.pk}/{what}/")
    rita.post(f"/prove/affected/{group.pk}/adopting/", {"how_many": "20"})
    told = fay.get(page_of(made)).content.decode()
    for words in ("reached", "The sponsor paid.", "20 of 34 work the new way"):
        assert words in told
    group.refresh_from_db()
    assert (group.told_by, group.trained_by, group.adopting) == ("Rita", "Rita", 20)


def test_more_people_than_the_group_has_cannot_work_the_new_way(sign_in: Browser) -> None:
    made = approved()
    group = actions.add_affected(initiative=made, who="Technicians", how_many=3, by="Rita", at=BEFORE)
    told = sign_in("Rita").post(f"/prove/affected/{group.pk}/adopting/", {"how_many": "4"}, follow=True)
    assert "At most 3 of this group" in told.content.decode()
    group.refresh_from_db()
    assert group.adopting is None


def test_a_plan_is_changed_on_its_page_with_a_reason(sign_in: Browser) -> None:
    made, rita = approved(), sign_in("Rita")
    page = rita.get(f"{page_of(made)}plan/").content.decode()
    assert "Why the plan changes" in page
    sent = form(change_on="2026-07-01", until="2026-11-01", treated="a, c, e, g", drawn_by_lot="on", since="")
    assert rita.post(f"{page_of(made)}plan/", sent).status_code == 422
    rita.post(f"{page_of(made)}plan/", sent | {"reason": "The rota slipped."})
    assert [plan.reason for plan in made.plans.order_by("number")] == ["", "The rota slipped."]


def test_money_is_claimed_on_a_page_that_shows_what_it_comes_to_first(sign_in: Browser) -> None:
    made, rita = judged(), sign_in("Rita")
    sent = {
        "counted": "visits", "volume_likely": "1000", "value_likely": "10", "value_low": "8", "value_high": "12",
        "cost_likely": "500", "period_from": "2026-01-01", "period_to": "2027-01-01", "assumptions": "Unit costs.",
    }  # fmt: skip
    told = rita.post(f"{page_of(made)}money/", sent | {"step": "check"}).content.decode()
    assert "net, if finance signs" in told
    assert not made.claims.exists()
    wrong = rita.post(f"{page_of(made)}money/", sent | {"value_low": "11", "step": "send"})
    assert wrong.status_code == 422
    rita.post(f"{page_of(made)}money/", sent | {"step": "send"})
    assert made.claims.get().value_low == 8


# WHO MAY


def test_an_empty_page_teaches(sign_in: Browser) -> None:
    assert "Plan the first one" in sign_in("Lea").get("/prove/").content.decode()
    assert "Plan the first one" not in sign_in("Eve").get("/prove/").content.decode()
    assert "See what is under way" in sign_in("Eve").get("/prove/ledger/").content.decode()


def test_a_milestone_after_the_verdict_stands_within_the_time_line() -> None:
    made = started()
    due = verdict_due(made)
    assert due is not None
    late = due + timedelta(days=60)
    actions.add_milestone(initiative=made, title="Handed over", due_on=late, by="Rita", at=AFTER)
    line = lay([made], today=AFTER.date(), words={}, blockers={})
    assert line.last > late
    assert all(0 < at < 100 for at, _ in line.rows[0].marks)


def test_carl_of_the_south_is_refused_everywhere_in_the_north(sign_in: Browser) -> None:
    made, carl = judged(), sign_in("Carl")
    claim = actions.claim_money(
        initiative=made, terms=money(),
        by="Rita", at=AFTER,
    )  # fmt: skip
    milestone = actions.add_milestone(initiative=made, title="M", due_on=AFTER.date(), by="Rita", at=AFTER)
    blocker = actions.open_blocker(initiative=made, kind="budget", what="B", by="Rita", at=AFTER)
    group = actions.add_affected(initiative=made, who="G", how_many=1, by="Rita", at=AFTER)
    keys = {"milestones": milestone.pk, "blockers": blocker.pk, "affected": group.pk, "money": claim.pk}
    for pattern in urlpatterns:
        if "<int:pk>" not in str(pattern.pattern):
            continue
        kind = str(pattern.pattern).split("/", maxsplit=1)[0]
        address = "/prove/" + str(pattern.pattern).replace("<int:pk>", str(keys.get(kind, made.pk)))
        for method in ("get", "post"):
            assert getattr(carl, method)(address).status_code in (403, 405), address
    assert "Call ahead" not in carl.get("/prove/").content.decode()


@pytest.mark.parametrize("name", ["Root", "Dan"])
def test_who_sees_no_scores_sees_nothing_here(name: str, sign_in: Browser) -> None:
    made = judged()
    for address in ("/prove/", "/prove/ledger/", "/prove/ledger.csv", page_of(made), "/prove/initiatives/new/"):
        assert sign_in(name).get(address).status_code == 403


@pytest.mark.parametrize(
    ("name", "may"),
    [("Lea", True), ("Eve", True), ("Rita", False), ("Pete", False), ("Fay", False), ("Tom", False), ("Carl", False)],
)
def test_the_sponsor_or_the_xmo_lead_approves_and_nobody_else(name: str, may: bool, sign_in: Browser) -> None:
    made = planned(change_on=now().date() + timedelta(days=5), until=now().date() + timedelta(days=200))
    answer = sign_in(name).post(f"{page_of(made)}approve/")
    assert answer.status_code == (302 if may else 403)
    made.refresh_from_db()
    assert bool(made.approved_by) == may


def test_the_xmo_lead_does_not_approve_an_initiative_of_her_own(sign_in: Browser) -> None:
    made = planned(owner="Lea")
    answer = sign_in("Lea").post(f"{page_of(made)}approve/")
    assert answer.status_code == 403
    assert "Nobody approves an initiative of their own." in answer.content.decode()


def test_who_sees_other_units_than_the_approver_does_not_judge(sign_in: Browser) -> None:
    made = started()
    answer = sign_in("Rita").post(f"{page_of(made)}judge/")
    assert answer.status_code == 403
    assert "other units than the baseline" in answer.content.decode()
    assert not made.verdicts.exists()


@pytest.mark.parametrize("name", ["Eve", "Fay", "Ada", "Tom"])
def test_who_only_looks_is_offered_no_deed(name: str, sign_in: Browser) -> None:
    made = started()
    told = sign_in(name).get(page_of(made)).content.decode()
    assert f"{page_of(made)}judge/" not in told
    assert f"{page_of(made)}stop/" not in told
    for deed in ("start", "end", "stop", "judge"):
        assert sign_in(name).post(f"{page_of(made)}{deed}/", {"reason": "x"}).status_code == 403


def test_no_page_says_our_own_words(sign_in: Browser) -> None:
    made, lea = judged(), sign_in("Lea")
    for address in ("/prove/", "/prove/ledger/", page_of(made), "/prove/initiatives/new/", f"{page_of(made)}money/"):
        told = lea.get(address).content.decode().lower()
        main = told[told.index("<main") : told.index("</main>")]
        for word in ("lake", "receipt", " house", " room"):
            assert word not in main, (address, word)
        assert " style=" not in main
        assert " onclick=" not in main


def test_every_route_of_the_room_is_served_below_prove() -> None:
    names = set(get_resolver().reverse_dict)
    assert {pattern.name for pattern in urlpatterns} <= names
