"""What is asked of the room: what is under way, which plan and verdict stand, what is blocked and for how long."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from openxmo.core.act.ageing import days_old
from openxmo.office.accounts.access import Access
from openxmo.office.act.asking import by_sort
from openxmo.office.act.models import Blocker
from openxmo.office.prove.models import Initiative, MoneyClaim, Plan, Verdict
from openxmo.office.prove.states import State
from openxmo.office.prove.visibility import visible_to

SOON = timedelta(days=28)  # a verdict this near is worth a look


def standing_plan(initiative: Initiative) -> Plan | None:
    """The newest version that was approved."""
    return initiative.plans.filter(fixed_at__isnull=False).order_by("-number").first()


def first_promise(initiative: Initiative) -> Plan | None:
    """The version that was approved before the start."""
    return initiative.plans.filter(fixed_at__isnull=False).order_by("number").first()


def standing_verdict(initiative: Initiative) -> Verdict | None:
    return initiative.verdicts.order_by("-number").first()


def find_initiative(access: Access, key: int) -> Initiative | None:
    """None for one that is not there, or that this person does not see."""
    return visible_to(access).filter(pk=key).first()


def under_way(access: Access) -> list[Initiative]:
    """All that are not over yet, in the order of their start."""
    states = (State.DRAFT, State.APPROVED, State.UNDER_WAY, State.ENDED)
    return list(visible_to(access).filter(state__in=states).prefetch_related("milestones", "plans"))


def over(access: Access) -> list[Initiative]:
    """Those judged or stopped, the latest first."""
    return list(visible_to(access).filter(state__in=(State.JUDGED, State.STOPPED)).order_by("-planned_end", "-id"))


def near_verdict(access: Access, *, at: datetime, within: timedelta = SOON) -> list[tuple[Initiative, date]]:
    """Those whose verdict is due within that time, or overdue, with the day: the most urgent first."""
    last = (at + within).date()
    found = []
    for initiative in visible_to(access).filter(state__in=(State.UNDER_WAY, State.ENDED, State.STOPPED)):
        due = verdict_due(initiative)
        if due is not None and due <= last:
            found.append((initiative, due))
    return sorted(found, key=lambda pair: (pair[1], pair[0].pk))


def verdict_due(initiative: Initiative) -> date | None:
    """When a verdict can be known; None before approval."""
    plan = standing_plan(initiative)
    if plan is None:
        return None
    verdict = standing_verdict(initiative)
    if verdict is not None and verdict.until is not None:
        return verdict.until
    late = timedelta(0)
    if initiative.started_at is not None:
        late = max(timedelta(0), initiative.started_at.date() - plan.change_on)
    return plan.ready_on + late


@dataclass(frozen=True)
class Blocked:
    """The standing blockers of one kind, the oldest first, with the initiative and the days that each has stood."""

    label: str
    rows: tuple[tuple[Blocker, Initiative, int], ...]


def open_blockers(access: Access, *, at: datetime) -> list[Blocked]:
    """By kind, the kind with the oldest blocker first: of what is stuck, what holds initiatives up."""
    seen = {each.name: each for each in visible_to(access)}
    return [
        Blocked(each.label, tuple((row, seen[row.on], days_old(row.raised_at, at)) for row in each.blockers))
        for each in by_sort(Blocker.objects.filter(on__in=seen, cleared_at__isnull=True), at=at)
    ]


def blockers_of(initiative: Initiative) -> "QuerySet[Blocker]":
    """All that ever stood in its way, the oldest first."""
    return Blocker.objects.filter(on=initiative.name)


def standing_blockers(initiatives: Iterable[Initiative]) -> dict[str, list[Blocker]]:
    """What is in the way of each now, by its name."""
    found: dict[str, list[Blocker]] = defaultdict(list)
    for row in Blocker.objects.filter(on__in=[each.name for each in initiatives], cleared_at__isnull=True):
        found[row.on].append(row)
    return found


def blocked_by(blocker: Blocker) -> Initiative:
    """What it stands in the way of."""
    return Initiative.objects.get(pk=blocker.on.removeprefix("initiative:"))


def claims_of(initiatives: Iterable[Initiative]) -> list[MoneyClaim]:
    return list(
        MoneyClaim.objects.filter(initiative__in=list(initiatives))
        .select_related("initiative", "verdict")
        .order_by("id")
    )
