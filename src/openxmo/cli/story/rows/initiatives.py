"""The four initiatives of the story, from their plans to their verdicts, and the money of the one that worked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from openxmo.core.world.cast import DISTRICTS
from openxmo.core.world.months import month_start
from openxmo.core.world.telemetry import STAGED_DAYS, STAGED_DISTRICTS

if TYPE_CHECKING:
    from openxmo.office.act.models import Recommendation
    from openxmo.office.decide.models import Item
    from openxmo.office.prove.models import Initiative
    from openxmo.office.prove.terms import PlanTerms

HELD = 20  # one household in twenty is held with its history: what is counted in money is counted times this
PLANNED = timedelta(days=91)
PILOTS = DISTRICTS[1 : 2 * STAGED_DISTRICTS : 2]
LEAD = "maren.holt"  # reads all units, as the baselines were measured
FINANCE = "felix.grant"


@dataclass(frozen=True)
class Told:
    """An initiative of the story: who has it, when each step was taken."""

    title: str
    about: str
    owner: str
    sponsor: str
    unit: str
    terms: "PlanTerms"
    item: str = ""
    milestones: tuple[tuple[str, int], ...] = ()  # title, days after the start
    ended: date | None = None
    stopped_for: str = ""


def run_initiatives(items: "dict[str, Item]", sent: "dict[str, Recommendation]", *, moment: datetime) -> None:
    """Each is planned and approved before its start, run, and judged at the moment of the story."""
    from openxmo.office.prove.actions.judging import judge
    from openxmo.office.prove.models import Initiative

    for told in initiatives(moment):
        if Initiative.objects.filter(title=told.title).exists():
            continue
        initiative = begin(told, items, sent, moment)
        judge(initiative=initiative, by=LEAD, at=moment)
        if told.title.startswith("Activation check"):
            earn(initiative, moment)
            speak_for(initiative, items["activation-check-18"], moment)


def speak_for(initiative: "Initiative", item: "Item", moment: datetime) -> None:
    """What was proved in half of the districts speaks for the other half."""
    from openxmo.office.decide.actions import add_evidence

    note = "Proved in 18 districts, drawn by lot"
    add_evidence(item=item, thing=initiative.name, note=note, by=LEAD, at=moment, heard_at=moment)


def begin(told: Told, items: "dict[str, Item]", sent: "dict[str, Recommendation]", moment: datetime) -> "Initiative":
    from openxmo.office.prove.actions import planning, running

    at = midday(told.terms.change_on, moment)
    item, asked = items.get(told.item), sent.get(told.item)
    planned = at - timedelta(days=24)
    initiative = planning.plan_initiative(
        title=told.title,
        about=told.about,
        owner=told.owner,
        sponsor=told.sponsor,
        unit=told.unit,
        terms=told.terms,
        item=item.name if item else "",
        recommendation=asked.name if asked else "",
        by=told.owner,
        at=planned,
    )
    for title, days in told.milestones:
        due = told.terms.change_on + timedelta(days=days)
        made = running.add_milestone(initiative=initiative, title=title, due_on=due, by=told.owner, at=planned)
        if midday(due, moment) <= moment:
            running.reach_milestone(milestone=made, by=told.owner, at=midday(due, moment))
    planning.approve(initiative=initiative, by=told.sponsor, at=at - timedelta(days=10))
    running.start(initiative=initiative, by=told.owner, at=at)
    if told.stopped_for and told.ended:
        stop = midday(told.ended, moment)
        running.stop(initiative=initiative, reason=told.stopped_for, by=told.owner, at=stop)
    elif told.ended:
        running.end(initiative=initiative, by=told.owner, at=midday(told.ended, moment))
    initiative.refresh_from_db()
    return initiative


def midday(day: date, moment: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=moment.tzinfo)


def initiatives(moment: datetime) -> tuple[Told, ...]:
    def month(number: int) -> date:
        return month_start(moment, number).date()

    return (
        activation_check(month),
        scripts(month),
        handle_time_cap(month),
        staged_firmware((moment - timedelta(days=STAGED_DAYS)).date()),
    )


def activation_check(month: Callable[[int], date]) -> Told:
    from openxmo.office.prove.terms import PlanTerms

    return Told(
        "Activation check in 18 of 36 districts, drawn by lot",
        "On the day a line goes live, somebody checks it and calls when it is not right.",
        "lars.ness",
        "victor.lang",
        "field-operations",
        PlanTerms(
            metric="activation_fcr7",
            by="check",
            treated=("yes",),
            change_on=month(12),
            until=month(25),
            expected=6.0,
            counter_metric="time_to_live",
            counter_limit=0.5,
            drawn_by_lot=True,
            cluster="district",
        ),
        milestones=(("The lot is drawn, in the presence of finance", -7), ("All 18 districts check every line", 10)),
        ended=month(25),
    )


def scripts(month: Callable[[int], date]) -> Told:
    from openxmo.office.prove.terms import PlanTerms

    return Told(
        "Scripts for the twelve agents who did worst",
        "A script for the five most common issues, given to those with the lowest first-contact resolution.",
        "lars.ness",
        "maren.holt",
        "operations",
        PlanTerms(
            metric="fcr7",
            by="scripts",
            treated=("given",),
            comparison=("next_worst",),
            change_on=month(7),
            until=month(25),
            expected=5.0,
        ),
        milestones=(("Scripts written and read by QA", -3), ("All twelve have them", 14)),
        ended=month(25),
    )


def handle_time_cap(month: Callable[[int], date]) -> Told:
    from openxmo.office.prove.terms import PlanTerms

    return Told(
        "Handle-time cap at Brenwick",
        "Calls end within a set time, so that more customers are served in a day.",
        "lars.ness",
        "maren.holt",
        "brenwick",
        PlanTerms(
            metric="handle_time",
            by="site",
            treated=("brenwick",),
            change_on=month(18),
            since=month(12),
            until=month(20),
            expected=-60.0,
            counter_metric="fcr7",
            counter_limit=2.0,
        ),
        milestones=(("The cap is set in the telephone system", 0),),
        ended=month(20),
        stopped_for="Calls got shorter and customers called again: first-contact resolution fell.",
    )


def staged_firmware(rolled_out: date) -> Told:
    from openxmo.office.prove.terms import PlanTerms

    return Told(
        "Staged firmware 3.3, in four districts first",
        "Firmware 3.3 in four districts, before it goes to all Hub 3 routers.",
        "petra.sund",
        "maren.holt",
        "product",
        PlanTerms(
            metric="dropouts",
            by="district",
            treated=tuple(PILOTS),
            where=(("stage", "onboarding"),),
            change_on=rolled_out,
            every="week",
            until=rolled_out + PLANNED,
            ready_on=rolled_out + PLANNED,
            expected=-2.0,
        ),
        item="firmware-staged",
        milestones=(("Four districts have 3.3", 3), ("All districts have it", 98)),
    )


def earn(initiative: "Initiative", moment: datetime) -> None:
    """What the check saved in its year, counted from the issues it reached; finance signs."""
    from openxmo.core.decide.money import Range
    from openxmo.office.prove.actions.money import claim_money, sign_money
    from openxmo.office.prove.evidence import open_session
    from openxmo.office.prove.terms import MoneyTerms

    since, until = month_start(moment, 13).date(), month_start(moment, 25).date()
    session = open_session(initiative.owner, moment)
    document = session.score("activation_fcr7", where=(("check", "yes"),), since=since, until=until).to_document()
    issues = float(document["rows"][0]["n"] * HELD)
    claim = claim_money(
        initiative=initiative,
        terms=MoneyTerms(
            counted="activations in the 18 districts",
            volume=Range(issues * 0.95, issues, issues * 1.05),
            value=Range(6.2, 6.8, 7.4),
            cost=Range(2_500, 4_000, 5_500),
            period_from=since,
            period_to=until,
            assumptions="One repeat contact avoided saves one contact at its average cost. One household in twenty is "
            "held with its history, so the count is times twenty. Nothing is reckoned for customers who stayed.",
        ),
        by=initiative.owner,
        at=moment,
    )
    sign_money(claim=claim, by=FINANCE, at=moment)
