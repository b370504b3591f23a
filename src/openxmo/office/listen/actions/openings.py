"""Opening a survey, handing out personal links by the survey frequency rules, closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.core.listen.frequency import Held
from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.govern.queries import read_office
from openxmo.office.listen.heard import as_lines, frame, invitation, kind_of_subject
from openxmo.office.listen.links import Door, address_of, token_of
from openxmo.office.listen.models import Asking, Opening, PersonalLink
from openxmo.office.listen.queries.asked import who_is_held
from openxmo.office.listen.queries.surveys import get_survey

MOST_LINKS = 5_000  # in one transaction, which other writers wait for


@dataclass(frozen=True)
class Invitee:
    """One line of the list of people to ask."""

    subject: str
    account: str = ""
    contact: str = ""
    issue: str = ""
    agent: str = ""
    team: str = ""


@dataclass(frozen=True)
class Invited:
    """What came of one line: the address to send, or why this person is not asked."""

    invitee: Invitee
    address: str = ""
    held: Held | None = None
    known: bool = False  # had this link before


@transaction.atomic
def open_survey(opening: Opening, *, home: Home, by: str, at: datetime) -> Opening:
    """Make a survey answerable: at one public link, or ready for personal ones."""
    get_survey(read_office(home), opening.survey)
    if opening.valid_to and opening.valid_to <= opening.valid_from:
        raise WrongUsage(_("The survey would close before it opens."), mend=_("Choose a later end, or none."))
    opening.made_at, opening.made_by = at, by
    opening.save()
    audit.record("survey opened", by=by, at=at, on=[f"opening:{opening.pk}"])
    return opening


@transaction.atomic
def close_opening(opening: Opening, *, by: str, at: datetime) -> None:
    """Take no more answers; those that were given stay. Closing twice is closing once."""
    if opening.closed_at is None:
        opening.closed_at, opening.closed_by = at, by
        opening.save(update_fields=["closed_at", "closed_by"])
        audit.record("survey closed", by=by, at=at, on=[f"opening:{opening.pk}"])


def invite(
    opening: Opening, people: Sequence[Invitee], *, home: Home, expires_at: datetime, by: str, at: datetime
) -> list[Invited]:
    """A personal link for each person whom the frequency rules let us ask; for the others the reason.

    Who has a link of this opening already gets the same one again and is not counted as asked twice.
    """
    if not opening.personal:
        raise WrongUsage(_("This survey was opened with a public link."), mend=_("Open it with personal links."))
    if opening.closed_at:
        raise WrongUsage(_("This survey is closed: nobody can answer it."), mend=_("Open it anew."))
    if not people or len(people) > MOST_LINKS:
        raise WrongUsage(
            _("The list names %(count)s people; from 1 to %(most)s can be asked at once.")
            % {"count": f"{len(people):,}", "most": f"{MOST_LINKS:,}"},
            mend="Part the list." if people else "Write one person a line.",
        )
    office = read_office(home)
    survey = get_survey(office, opening.survey)
    subjects = list(dict.fromkeys(person.subject for person in people))
    held = who_is_held(home, office, subjects, relationship=survey.relationship, at=at)
    with transaction.atomic():
        found = [
            _invite_one(opening, person, held, kind_of_subject(survey.experience), expires_at, by, at)
            for person in people
        ]
        _record_askings(opening, found, survey.relationship, by=by, at=at)
        _tell_sent(home, [one for one in found if one.address and not one.known], opening, by=by, at=at)
        audit.record("people asked", by=by, at=at, on=[f"opening:{opening.pk}"])
    return found


def _invite_one(
    opening: Opening, person: Invitee, held: dict[str, Held], kind: str, expires_at: datetime, by: str, at: datetime
) -> Invited:
    own = PersonalLink.objects.filter(opening=opening, subject=person.subject, contact=person.contact).first()
    if own:
        return Invited(person, address_of(own), known=True)
    if person.subject in held:
        return Invited(person, held=held[person.subject])
    link = PersonalLink.objects.create(
        opening=opening,
        subject=person.subject,
        subject_kind=kind,
        account=person.account,
        contact=person.contact,
        issue=person.issue,
        agent=person.agent,
        team=person.team,
        expires_at=expires_at,
        made_at=at,
        made_by=by,
    )
    held[person.subject] = Held("asked_lately", None)  # a second line of the same person is not asked again
    return Invited(person, address_of(link))


def _record_askings(opening: Opening, found: Sequence[Invited], relationship: bool, *, by: str, at: datetime) -> None:
    Asking.objects.bulk_create(
        Asking(
            opening=opening,
            subject=one.invitee.subject,
            relationship=relationship,
            held=one.held.why if one.held else "",
            held_until=one.held.until if one.held else None,
            asked_at=at,
            asked_by=by,
        )
        for one in found
        if not one.known
    )


def _tell_sent(home: Home, found: Sequence[Invited], opening: Opening, *, by: str, at: datetime) -> None:
    """The invitations as signals. A letter that is later not sent is told by the sender, as bounced."""
    rows = []
    subjects = {one.invitee.subject for one in found}
    for link in PersonalLink.objects.filter(opening=opening, subject__in=subjects, made_at=at):
        response = f"p{link.pk}"
        door = Door(token_of(link), opening, link)
        common = frame(door, response=response, subject=link.subject, subject_kind=link.subject_kind, at=at)
        rows.append(invitation("sent", common, response=response))
    if rows:
        put_batch(home, as_lines(rows), source=None, by=by, at=at)
