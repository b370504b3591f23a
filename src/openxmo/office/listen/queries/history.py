"""Why was this person (not) asked? Every time we did or held back, and whether they may be asked now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.core.listen.frequency import Held
from openxmo.core.signals.reading import read_signals
from openxmo.office.accounts.access import Access
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.session import Session
from openxmo.office.listen.models import Asking, PersonalLink
from openxmo.office.listen.queries.asked import told_elsewhere, who_is_held
from openxmo.office.listen.visibility import openings_for
from openxmo.office.listen.words import held_in_words


@dataclass(frozen=True)
class Turn:
    """One moment at which the person was asked, or was to be."""

    at: datetime
    survey: str
    asked: bool
    why: str


@dataclass(frozen=True)
class History:
    subject: str
    turns: Sequence[Turn]
    now: Held | None
    now_relationship: Held | None

    @property
    def now_in_words(self) -> str:
        return held_in_words(self.now.why, self.now.until) if self.now else ""

    @property
    def relationship_in_words(self) -> str:
        return held_in_words(self.now_relationship.why, self.now_relationship.until) if self.now_relationship else ""


def why_asked(session: Session, access: Access, subject: str, *, at: datetime) -> History:
    """What is known of asking this person, within the openings that the viewer sees. `NotAllowed` for an employee."""
    if is_employee(session, subject):
        raise NotAllowed(
            _("What an employee was asked, and whether they answered, is nobody's to look up."),
            mend=_("The funnel tells of groups."),
        )
    mine = Asking.objects.filter(subject=subject, opening__in=openings_for(access)).select_related("opening")
    turns = [
        Turn(
            row.asked_at,
            row.opening.survey,
            not row.held,
            held_in_words(row.held, row.held_until) if row.held else "",
        )
        for row in mine
    ]
    if access.units is None:
        before, _refused, _complaining = told_elsewhere(session.home, [subject], at=at)
        turns += [Turn(one.at, "", True, "") for one in before[subject]]
    office = read_office(session.home)
    held = who_is_held(session.home, office, [subject], relationship=False, at=at)
    deeper = who_is_held(session.home, office, [subject], relationship=True, at=at)
    return History(
        subject, sorted(turns, key=lambda turn: turn.at, reverse=True), held.get(subject), deeper.get(subject)
    )


def is_employee(session: Session, subject: str) -> bool:
    """Whether we ever asked them as one, or anything that was heard of them is protected, in whatever unit."""
    if PersonalLink.objects.filter(subject=subject).exclude(subject_kind__in=("customer", "partner")).exists():
        return True
    session.engine.refresh()
    heard = read_signals(session.engine, as_of=session.clock())
    return bool(session.engine.fetch(heard.filter((heard.subject == subject) & heard.protected).limit(1)).num_rows)
