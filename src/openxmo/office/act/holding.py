"""Telling whoever asks people that somebody has an open complaint: a survey now would be an insult."""

from datetime import datetime

from openxmo.office.act.models import Case
from openxmo.office.act.states import OPEN_CASES
from openxmo.office.listen.models import KnownComplaint


def tell_of_complaint(case: Case, *, at: datetime) -> None:
    """In the transaction of the deed: the row that the survey frequency rule reads says how this complaint stands."""
    if case.sort != Case.Sort.COMPLAINT or not case.subject:
        return
    KnownComplaint.objects.update_or_create(
        case=case.name,
        defaults={
            "subject": case.subject,
            "happened_at": case.happened_at,
            "settled_at": None if case.state in OPEN_CASES else at,
        },
    )
