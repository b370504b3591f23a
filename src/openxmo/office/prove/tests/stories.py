"""The four initiatives of the sample organisation, planned, approved, started and judged at their own past moments."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openxmo.core.decide.money import Range
from openxmo.core.world.cast import DISTRICTS
from openxmo.core.world.months import month_start
from openxmo.core.world.telemetry import STAGED_DAYS, STAGED_DISTRICTS
from openxmo.office.prove import actions
from openxmo.office.prove.models import Initiative, MoneyClaim
from openxmo.office.prove.terms import MoneyTerms, PlanTerms

LEAD, RUNNER, SPONSOR, FINANCE = "maren.holt", "lars.ness", "victor.lang", "felix.grant"
PILOTS = DISTRICTS[1 : 2 * STAGED_DISTRICTS : 2]
WEEKS = 13  # that the plan of the staged firmware reads


@dataclass(frozen=True)
class Stories:
    check: Initiative
    scripts: Initiative
    cap: Initiative
    firmware: Initiative


def tell(now: datetime) -> Stories:
    """All four, each approved three days before its change and judged when its reading was over."""

    def month(number: int) -> date:
        return month_start(now, number).date()

    def moment(number: int, days: int = 0) -> datetime:
        return month_start(now, number) + timedelta(days=days, hours=9)

    rolled_out = (now - timedelta(days=STAGED_DAYS)).date()
    return Stories(
        check=_run(
            "Activation check in 18 of 36 districts",
            "operations",
            PlanTerms(
                metric="activation_fcr7", by="check", treated=("yes",), drawn_by_lot=True, cluster="district",
                change_on=month(12), until=month(25), expected=6.0, counter_metric="time_to_live", counter_limit=0.5,
            ),
            moment(12, -3), moment(12), ended=moment(25), judged=now,
        ),
        scripts=_run(
            "Scripts for the twelve agents who did worst",
            "operations",
            PlanTerms(
                metric="fcr7", by="scripts", treated=("given",), comparison=("next_worst",), change_on=month(7),
                until=month(25), expected=5.0,
            ),
            moment(7, -3), moment(7), ended=moment(25), judged=now,
        ),
        cap=_run(
            "Handle-time cap at Brenwick",
            "operations",
            PlanTerms(
                metric="handle_time", by="site", treated=("brenwick",), change_on=month(18), since=month(12),
                until=month(20), expected=-60.0, counter_metric="fcr7", counter_limit=2.0,
            ),
            moment(18, -3), moment(18), stopped=moment(20), judged=moment(21),
        ),
        firmware=_run(
            "Staged firmware 3.3, in four districts first",
            "it",
            PlanTerms(
                metric="dropouts", by="district", treated=tuple(PILOTS), where=(("stage", "onboarding"),), every="week",
                change_on=rolled_out, until=rolled_out + timedelta(weeks=WEEKS),
                ready_on=rolled_out + timedelta(weeks=WEEKS), expected=-1.0,
            ),
            now - timedelta(days=STAGED_DAYS + 3), now - timedelta(days=STAGED_DAYS) + timedelta(hours=1), judged=now,
        ),
    )  # fmt: skip


def _run(
    title: str,
    unit: str,
    terms: PlanTerms,
    approved: datetime,
    started: datetime,
    *,
    judged: datetime,
    ended: datetime | None = None,
    stopped: datetime | None = None,
) -> Initiative:
    made = actions.plan_initiative(
        title=title, owner=RUNNER, sponsor=SPONSOR, unit=unit, terms=terms, by=RUNNER, at=approved - timedelta(days=4)
    )
    actions.approve(initiative=made, by=LEAD, at=approved)
    actions.start(initiative=made, by=RUNNER, at=started)
    if ended:
        actions.end(initiative=made, by=RUNNER, at=ended)
    if stopped:
        actions.stop(initiative=made, reason="More people called twice.", by=RUNNER, at=stopped)
    actions.judge(initiative=made, by=LEAD, at=judged)
    return made


def claim(initiative: Initiative, at: datetime, *, volume: float, value: float, cost: float = 0) -> MoneyClaim:
    """Its money for one year, claimed by the owner."""
    return actions.claim_money(
        initiative=initiative,
        terms=MoneyTerms(
            counted="activation issues a year",
            volume=flat(volume),
            value=Range(0.9 * value, value, 1.1 * value),
            cost=flat(cost),
            period_from=at.date() - timedelta(days=365),
            period_to=at.date(),
            assumptions="Each repeat is one contact more, at the unit cost of finance.",
        ),
        by=RUNNER,
        at=at,
    )


def flat(amount: float) -> Range:
    return Range(amount, amount, amount)
