"""The time line: where each initiative stands between the first start and the last verdict, in hundredths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openxmo.office.act.models import Blocker
from openxmo.office.prove.models import Initiative, Milestone
from openxmo.office.prove.queries import verdict_due

MARGIN = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """`start` to `reach` is what has passed of it, `width` all of it; places and widths are in hundredths."""

    initiative: Initiative
    start: float
    width: float
    reach: float
    marks: tuple[tuple[float, Milestone], ...]
    verdict: float | None
    due: date | None
    next: Milestone | None
    late: bool
    blockers: tuple[Blocker, ...]
    oldest_blocker: int  # in days
    last_word: str
    last_tone: str


@dataclass(frozen=True)
class TimeLine:
    first: date
    last: date
    today: float
    rows: tuple[Row, ...]


def lay(
    initiatives: Sequence[Initiative],
    *,
    today: date,
    words: Mapping[int, tuple[str, str]],
    blockers: Mapping[str, Sequence[Blocker]],
) -> TimeLine:
    """`words` are the last verdict's words and tone by initiative; `blockers` what stands in its way, by its name."""
    days = [day for each in initiatives for day in (start_of(each), each.planned_end, verdict_due(each)) if day]
    days += [one.due_on for each in initiatives for one in each.milestones.all()]
    first, last = min([*days, today]) - MARGIN, max([*days, today]) + MARGIN

    def place(day: date) -> float:
        return 100 * (day - first).days / (last - first).days

    rows = []
    for each in initiatives:
        start, end, due = start_of(each), each.planned_end, verdict_due(each)
        milestones = list(each.milestones.all())
        waiting = [one for one in milestones if one.done_at is None]
        standing = tuple(blockers.get(each.name, ()))
        word, tone = words.get(each.pk, ("", "quiet"))
        begun = each.started_at is not None
        rows.append(
            Row(
                initiative=each,
                start=place(start),
                width=max(place(end) - place(start), 0.5),
                reach=max(min(place(today), place(end)) - place(start), 0.0) if begun else 0.0,
                marks=tuple((place(one.due_on), one) for one in milestones),
                verdict=place(due) if due else None,
                due=due,
                next=min(waiting, key=lambda one: one.due_on, default=None),
                late=any(one.due_on < today for one in waiting),
                blockers=standing,
                oldest_blocker=max(((today - one.raised_at.date()).days for one in standing), default=0),
                last_word=word,
                last_tone=tone,
            )
        )
    return TimeLine(first, last, place(today), tuple(rows))


def start_of(initiative: Initiative) -> date:
    return initiative.started_at.date() if initiative.started_at else initiative.planned_start
