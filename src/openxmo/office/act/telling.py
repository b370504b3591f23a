"""You said, we did; and what holds things up: two short acts of the office's lead."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.act.models import Blocker, BlockerSort, Note
from openxmo.office.govern import trail


@transaction.atomic
def write_note(
    *,
    you_said: str,
    we_did: str,
    about: Sequence[str] = (),
    unit: str = "",
    heard_in: date | None = None,
    by: str,
    at: datetime,
) -> Note:
    """A draft that nobody outside sees before it is published."""
    if not you_said.strip() or not we_did.strip():
        raise WrongUsage(_("A note says what was said and what was done."), mend=_("Fill in both."))
    made = Note.objects.create(
        slug=secrets.token_urlsafe(12),
        you_said=you_said.strip(),
        we_did=we_did.strip(),
        about=list(about),
        unit=unit,
        heard_in=heard_in,
        written_at=at,
        written_by=by,
    )
    for thing in about:
        trail.link(thing, made.name, by=by, at=at)
    audit.record("note written", by=by, at=at, on=[made.name])
    return made


@transaction.atomic
def publish_note(*, note: Note, by: str, at: datetime) -> Note:
    """From now on whoever has the link reads it."""
    if not Note.objects.filter(pk=note.pk, published_at__isnull=True).update(published_at=at, published_by=by):
        raise WrongUsage(_("This note is published already."), where=note.name)
    audit.record("note published", by=by, at=at, on=[note.name])
    return Note.objects.get(pk=note.pk)


@transaction.atomic
def count_told(*, note: Note, told_to: int, by: str, at: datetime) -> Note:
    """How many people were told, in all."""
    if told_to < 0:
        raise WrongUsage(_("The number of people told is not below zero."))
    Note.objects.filter(pk=note.pk).update(told_to=told_to)
    audit.record("note told", by=by, at=at, on=[note.name])
    return Note.objects.get(pk=note.pk)


@transaction.atomic
def raise_blocker(*, on: str, unit: str, sort: str, said: str, by: str, at: datetime) -> Blocker:
    """What holds a thing up (`recommendation:3`, `item:4`, `initiative:1`), by type."""
    if sort not in BlockerSort.values:
        raise WrongUsage(_("A blocker is one of %(sorts)s.") % {"sorts": ", ".join(BlockerSort.values)})
    if not said.strip():
        raise WrongUsage(_("Say in a sentence what holds it up."))
    made = Blocker.objects.create(
        on=on, unit=unit, sort=sort, said=" ".join(said.split())[:300], raised_at=at, raised_by=by
    )
    audit.record("blocker raised", by=by, at=at, on=[on])
    return made


@transaction.atomic
def clear_blocker(*, blocker: Blocker, how: str = "", by: str, at: datetime) -> None:
    """It is out of the way; `how`, because others meet the same."""
    standing = Blocker.objects.filter(pk=blocker.pk, cleared_at__isnull=True)
    if not standing.update(cleared_at=at, cleared_by=by, how_cleared=" ".join(how.split())[:300]):
        raise WrongUsage(_("This is cleared already."), where=blocker.on)
    audit.record("blocker cleared", by=by, at=at, on=[blocker.on])
    blocker.refresh_from_db()
