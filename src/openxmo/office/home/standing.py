"""Where the office stands: what is delivered of each ambition, and what waits for somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from openxmo.core.errors import UserError
from openxmo.office.accounts.access import Access
from openxmo.office.act.asking import asked_of, still_unanswered
from openxmo.office.act.models import Recommendation
from openxmo.office.act.queries import Clocks, clocks_of, open_cases_of, waiting_possible
from openxmo.office.govern.gaps import better_of, relative_gap, state_of
from openxmo.office.govern.opening import trend_of
from openxmo.office.govern.session import Session
from openxmo.office.prove.models import Initiative
from openxmo.office.prove.queries import near_verdict

EXPERIENCES = ("customer", "employee", "partner", "product")
NEAR = timedelta(days=60)


@dataclass(frozen=True)
class Delivered:
    """One ambition: the gap's row, on which side of the target it lies for sure, and its last twelve months."""

    row: Mapping[str, Any]
    better: str
    state: str
    trend: Mapping[str, Any] | None = None

    @property
    def values(self) -> Sequence[float | None]:
        series = self.trend["series"] if self.trend else []
        return series[0]["values"] if series else []


def delivered(office: Session, *, since: date | None, until: date | None) -> list[Delivered]:
    """Every ambition in its order by experience, the widest gap first in each."""
    found = []
    for row in office.gap(since=since, until=until).to_document()["rows"]:
        better = better_of(office, row)
        found.append(Delivered(row, better, state_of(row, better)))
    return sorted(found, key=lambda each: (place_of(each.row["experience"]), -reach_of(each)))


def place_of(experience: str | None) -> int:
    return EXPERIENCES.index(experience) if experience in EXPERIENCES else len(EXPERIENCES)


def reach_of(each: Delivered) -> float:
    return relative_gap(each.row) if each.row["gap"] is not None else -1.0


def widest(found: Sequence[Delivered]) -> list[Delivered]:
    """For each experience the ambition with the widest gap."""
    first: dict[str | None, Delivered] = {}
    for each in found:
        first.setdefault(each.row["experience"], each)
    return list(first.values())


def with_trend(office: Session, found: Sequence[Delivered], *, until: date) -> list[Delivered]:
    """The same with twelve months each; left out where somebody may not see that."""
    ambitions = office.definitions.ambitions
    told = []
    for each in found:
        try:
            trend = trend_of(office, ambitions[each.row["ambition"]], until=until)
        except UserError:
            trend = None
        told.append(Delivered(each.row, each.better, each.state, trend))
    return told


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody: cases, possible complaints, silent teams, verdicts."""

    clocks: Clocks
    possible: int
    unanswered: Sequence[Recommendation]
    verdicts: Sequence[tuple[Initiative, date]]


def waiting(access: Access, *, at: datetime) -> Waiting:
    return Waiting(
        clocks=clocks_of(open_cases_of(access), at=at),
        possible=waiting_possible(access).count(),
        unanswered=list(still_unanswered(asked_of(access))),
        verdicts=near_verdict(access, at=at, within=NEAR),
    )
