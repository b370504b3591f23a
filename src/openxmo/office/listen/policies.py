"""What state an opening or a link must be in to be answered, and an import to be started or stopped."""

from datetime import datetime
from typing import Literal

from django.utils.translation import gettext

from openxmo.core.errors import WrongUsage
from openxmo.office.listen.links import Door
from openxmo.office.listen.models import FileImport
from openxmo.office.listen.states import LABELS, ImportState, may_follow

Shut = Literal["closed", "early", "late", "answered", "refused"]


def find_shut(door: Door, *, at: datetime) -> Shut | None:
    """Why nothing can be answered here now; None while the door is open."""
    opening, link = door.opening, door.link
    if link and link.answered_at:
        return "answered"
    if link and link.refused_at:
        return "refused"
    if opening.closed_at:
        return "closed"
    if opening.valid_from > at:
        return "early"
    if (opening.valid_to and opening.valid_to <= at) or (link and link.expires_at <= at):
        return "late"
    return None


def check_may_become(record: FileImport, following: ImportState) -> None:
    if not can_become(record, following):
        raise WrongUsage(
            gettext("This import is %(state)s, so that cannot be done.") % {"state": LABELS[ImportState(record.state)]},
            mend=gettext("Reload the page to see how it stands."),
        )


def can_become(record: FileImport, following: ImportState) -> bool:
    return may_follow(record.state, following)
