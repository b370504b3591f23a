"""Reading recommendations: what a team is asked, how others answered, which levers take something up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Q, QuerySet

from openxmo.core.act.ageing import days_old
from openxmo.office.accounts.access import Access
from openxmo.office.act.models import Blocker, BlockerSort, Case, Quote, Recommendation
from openxmo.office.act.models.recommendations import Lever
from openxmo.office.act.states import UNANSWERED, RecommendationState
from openxmo.office.act.visibility import visible_to
from openxmo.office.lib.terms import GONE

FED_WITHIN = timedelta(days=90)
MOST = 200


@dataclass(frozen=True)
class Asked:
    """How one team, or one lever, answers. `days` is the median from asking to answering."""

    of: str
    sent: int
    answered: int
    accepted: int
    waiting: int
    silent: int
    days: float | None

    @property
    def acceptance(self) -> float | None:
        return self.accepted / self.answered if self.answered else None

    @property
    def fed(self) -> bool:
        """Something that reached it was taken up; a lever that only receives is decorative."""
        return self.accepted > 0


def asked_of(access: Access) -> QuerySet[Recommendation]:
    """What is asked of this person's units, the most pressing first."""
    return visible_to(access, Recommendation.objects.prefetch_related("quotes")).order_by("due_at", "id")


def asked_by(access: Access) -> QuerySet[Recommendation]:
    """What was asked of the units that this person sees, and what they asked themselves."""
    rows = Recommendation.objects.order_by("due_at", "id")
    return rows if access.units is None else rows.filter(Q(unit__in=sorted(access.units)) | Q(sent_by=access.name))


def still_unanswered(rows: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    return rows.filter(state__in=UNANSWERED)


def by_team(rows: Iterable[Recommendation]) -> list[Asked]:
    return grouped(rows, lambda row: row.unit)


def by_lever(rows: QuerySet[Recommendation], *, at: datetime) -> list[Asked]:
    """Every lever, also those that nothing reached, over the last 90 days."""
    rows = rows.filter(sent_at__gte=at - FED_WITHIN)
    found = {each.of: each for each in grouped(rows, lambda row: row.lever)}
    return [found.get(lever, Asked(lever, 0, 0, 0, 0, 0, None)) for lever in Lever.values]


def grouped(rows: Iterable[Recommendation], key: Callable[[Recommendation], str]) -> list[Asked]:
    groups: dict[str, list[Recommendation]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    found = [asked_in(of, each) for of, each in groups.items()]
    return sorted(found, key=lambda each: (-each.silent, -each.waiting, each.of))


def asked_in(of: str, rows: Sequence[Recommendation]) -> Asked:
    days = [(row.answered_at - row.sent_at).total_seconds() / 86_400 for row in rows if row.answered_at is not None]
    states = [row.state for row in rows]
    return Asked(
        of=of,
        sent=len(rows),
        answered=len(days),
        accepted=states.count(RecommendationState.ACCEPTED),
        waiting=states.count(RecommendationState.SENT),
        silent=states.count(RecommendationState.UNANSWERED),
        days=median(days) if days else None,
    )


@dataclass(frozen=True)
class Stuck:
    """One type of blocker: how many stand, and how old the oldest is."""

    sort: str
    label: str
    count: int
    oldest: int
    blockers: tuple[Blocker, ...]


def stuck(access: Access, *, at: datetime) -> list[Stuck]:
    """What stands in the way, by type, the type with the oldest first; types without any are left out."""
    return by_sort(visible_to(access, Blocker.objects.filter(cleared_at__isnull=True))[:MOST], at=at)


def by_sort(rows: Iterable[Blocker], *, at: datetime) -> list[Stuck]:
    """Blockers, the oldest first, as their types stand."""
    groups: dict[str, list[Blocker]] = {}
    for row in rows:
        groups.setdefault(row.sort, []).append(row)
    return [
        Stuck(sort, str(BlockerSort(sort).label), len(found), days_old(found[0].raised_at, at), tuple(found))
        for sort, found in groups.items()
    ]


def quotes_from(cases: Sequence[Case]) -> list[Quote]:
    """The words of up to three cases, as they will stand beside what is asked: those that say most."""
    worded = [case for case in cases if case.words not in ("", GONE)]
    told = sorted(worded, key=lambda case: len(case.words), reverse=True)[:3]
    return [
        Quote(said=case.name, words=case.words, stage=case.stage or case.reason, score=case.scored) for case in told
    ]
