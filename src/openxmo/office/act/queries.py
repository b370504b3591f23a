"""Reading cases: whose turn it is, how near the clocks are, what one customer has open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q, QuerySet

from openxmo.core.act.ageing import SOON, TODAY
from openxmo.office.accounts.access import Access
from openxmo.office.act.models import Case, Cause, PossibleComplaint, Problem
from openxmo.office.act.states import WAITING_FOR_REPLY
from openxmo.office.act.visibility import visible_to

PAGE = 50
LIST_COLUMNS = (
    *("id", "unit", "team", "subject", "owner", "taken_by", "state", "sort", "severe", "due_at", "words", "score"),
    *("score_of", "scale", "product", "channel", "reason", "happened_at", "first_reply_at", "cause_id", "rounds"),
    *("first_reply_due_at", "resolve_due_at", "final_due_at", "update_due_at", "regulator"),
)


@dataclass(frozen=True)
class Customer:
    """The open cases of one customer as one row: `case` is the one whose clock is nearest."""

    case: Case
    others: tuple[Case, ...] = ()

    @property
    def count(self) -> int:
        return 1 + len(self.others)


@dataclass(frozen=True)
class Clocks:
    """How many open cases are how near their clock."""

    late: int
    soon: int
    today: int
    later: int
    replies: int

    @property
    def open(self) -> int:
        return self.late + self.soon + self.today + self.later


def open_cases_of(access: Access) -> QuerySet[Case]:
    """The open cases that this person may see, by their clocks."""
    return visible_to(access, Case.objects.filter(due_at__isnull=False)).only(*LIST_COLUMNS).order_by("due_at", "id")


def mine(access: Access) -> QuerySet[Case]:
    return open_cases_of(access).filter(owner=access.name)


def unowned(access: Access) -> QuerySet[Case]:
    """What nobody has yet: of the team of an agent, of the teams of a lead, else of all their units."""
    rows = open_cases_of(access).filter(owner="")
    teams = [*access.leads, *([access.team] if access.team else [])]
    return rows.filter(Q(team__in=teams) | Q(team="")) if teams else rows


def search(cases: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Cases by number, by the key of the customer, by product, reason, or a word that the customer used."""
    words = words.strip()
    if not words:
        return cases
    found = Q(subject=words) | Q(account=words) | Q(product__iexact=words) | Q(reason__iexact=words)
    found |= Q(words__icontains=words)
    return cases.filter(found | Q(pk=int(words)) if words.isdecimal() and len(words) < 10 else found)


def by_customer(cases: Iterable[Case]) -> list[Customer]:
    """Cases in their order, those of one customer joined under the first of them."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.subject or f"case {case.pk}", []).append(case)
    return [Customer(first, tuple(others)) for first, *others in groups.values()]


def clocks_of(cases: QuerySet[Case], *, at: datetime) -> Clocks:
    """One look at the clocks of many."""
    late, soon, today = Q(due_at__lt=at), Q(due_at__lte=at + SOON), Q(due_at__lte=at + TODAY)
    found = cases.order_by().aggregate(
        late=Count("id", filter=late),
        soon=Count("id", filter=soon & ~late),
        today=Count("id", filter=today & ~soon),
        later=Count("id", filter=~today),
        replies=Count("id", filter=Q(state__in=WAITING_FOR_REPLY)),
    )
    return Clocks(**found)


@dataclass(frozen=True)
class Holder:
    owner: str
    open: int
    late: int
    next_due: datetime | None


def by_owner(cases: QuerySet[Case], *, at: datetime) -> list[Holder]:
    """Who has how many, and whose clocks press most."""
    rows = (
        cases.order_by()
        .values("owner")
        .annotate(open=Count("id"), late=Count("id", filter=Q(due_at__lt=at)), next_due=Min("due_at"))
    )
    return [Holder(**row) for row in rows.order_by("-late", "next_due")]


def others_of_customer(access: Access, case: Case) -> list[Case]:
    """The other cases of this customer, the newest first."""
    if not case.subject:
        return []
    rows = visible_to(access, Case.objects.filter(subject=case.subject).exclude(pk=case.pk))
    return list(rows.order_by("-happened_at")[:10])


def waiting_possible(access: Access) -> QuerySet[PossibleComplaint]:
    rows = PossibleComplaint.objects.filter(state=PossibleComplaint.State.WAITING)
    return visible_to(access, rows).order_by("due_at", "id")


def complaints(access: Access) -> QuerySet[Case]:
    """Open complaints by their nearest clock."""
    return open_cases_of(access).filter(sort=Case.Sort.COMPLAINT)


def offered_causes() -> QuerySet[Cause]:
    return Cause.objects.filter(archived_at__isnull=True)


def problems(access: Access) -> list[Problem]:
    """Problems of which this person may see a case, the newest first."""
    rows = Problem.objects.select_related("cause").annotate(size=Count("cases")).order_by("-opened_at")
    if access.units is not None:
        seen = visible_to(access, Case.objects.filter(problem__isnull=False)).values("problem")
        rows = rows.filter(pk__in=seen)
    return list(rows[:PAGE])


def people_for(cases: Sequence[Case], names: Iterable[str]) -> list[str]:
    """Whom a case could be given to, whoever has one of these first."""
    holders = {case.owner for case in cases if case.owner}
    return sorted(set(names), key=lambda name: (name not in holders, name))


def answered_in_time(access: Access, *, at: datetime, days: int = 30) -> tuple[int, int]:
    """Of the cases of the last days that were answered or are late: how many were answered in time, and of how many."""
    rows = visible_to(access, Case.objects.filter(happened_at__gte=at - timedelta(days=days)))
    rows = rows.exclude(state="dismissed")
    found = rows.order_by().aggregate(
        judged=Count("id", filter=Q(first_reply_at__isnull=False) | Q(first_reply_due_at__lt=at)),
        met=Count("id", filter=Q(first_reply_at__lte=F("first_reply_due_at"))),
    )
    return found["met"], found["judged"]
