"""Whether one person may be asked now: the survey frequency rules, applied to when they were asked before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Why = Literal["open_complaint", "asked_lately", "relationship_lately", "asked_often", "refused"]
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Limits:
    """Days between any two surveys and between two of the relationship; how many in any 365 days."""

    days_between: int
    days_between_relationship: int
    most_a_year: int
    hold_on_open_complaint: bool = True


@dataclass(frozen=True)
class Asked:
    """That somebody was asked before; `relationship` None where the source does not say of what sort it was."""

    at: datetime
    relationship: bool | None = None


@dataclass(frozen=True)
class Held:
    """Why somebody is not asked, and from when on they may be (None: not by time alone)."""

    why: Why
    until: datetime | None


def hold_back(
    limits: Limits,
    before: Iterable[Asked],
    *,
    at: datetime,
    relationship: bool,
    open_complaint: bool = False,
    refused: bool = False,
) -> Held | None:
    """The reason not to ask this person at `at`, None where nothing speaks against it.

    An earlier survey of an unknown sort counts as one of the relationship, for asking too often
    cannot be undone. Of several reasons the one that lasts longest is told. What happens at exactly
    the end of a pause is allowed. No rule here may delay the answer to a complaint: it only holds
    back questions.
    """
    if refused:
        return Held("refused", None)
    if open_complaint and limits.hold_on_open_complaint:
        return Held("open_complaint", None)
    held = [found for found in _pauses(limits, tuple(before), relationship) if found.until and found.until > at]
    return max(held, key=lambda one: one.until or at, default=None)


def _pauses(limits: Limits, before: tuple[Asked, ...], relationship: bool) -> Iterable[Held]:
    for one in before:
        yield Held("asked_lately", one.at + timedelta(days=limits.days_between))
        if relationship and one.relationship is not False:
            yield Held("relationship_lately", one.at + timedelta(days=limits.days_between_relationship))
    latest = sorted((one.at for one in before), reverse=True)
    if len(latest) >= limits.most_a_year:
        yield Held("asked_often", latest[limits.most_a_year - 1] + YEAR)
