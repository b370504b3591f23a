"""An answer taken in: durable before thanks are said, and once, however often it is sent."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.store.home import Home
from openxmo.office.listen.heard import as_lines, frame, invitation, kind_of_subject, rows_of
from openxmo.office.listen.links import Door
from openxmo.office.listen.models import ContactAddress, PersonalLink, Reply
from openxmo.office.listen.questionnaire import Answers, Questionnaire

RESPONDENT = "respondent"  # who `by` is where nobody is signed in


def take_answer(form: Questionnaire, answers: Answers, door: Door, *, response: str, home: Home, at: datetime) -> bool:
    """Put one response into the inbox; False where it was there already, and nothing is done.

    The row that says that it came in and the bytes in the inbox are written in one transaction: when
    this returns both are on the disk, and when it fails neither counts.
    """
    if Reply.objects.filter(response=response).exists():
        return False
    link = door.link
    subject = link.subject if link else f"respondent-{secrets.token_hex(10)}"
    kind = link.subject_kind if link else kind_of_subject(form.survey.experience)
    rows = rows_of(form, answers, door, response=response, subject=subject, subject_kind=kind, at=at)
    try:
        with transaction.atomic():
            reply = Reply.objects.create(
                opening=door.opening, link=link, response=response, subject=subject, receipt="", answered_at=at
            )
            if answers.address:
                ContactAddress.objects.create(
                    response=response, subject=subject, unit=door.opening.unit, address=answers.address, left_at=at
                )
            if link:
                PersonalLink.objects.filter(pk=link.pk).update(answered_at=at)
            reply.receipt = put_batch(home, as_lines(rows), source=None, by=RESPONDENT, at=at).receipt
            reply.save(update_fields=["receipt"])
    except IntegrityError:  # the same answer came twice at once, and the other one won
        return False
    return True


def refuse(door: Door, *, home: Home, at: datetime) -> None:
    """Somebody does not want to answer, nor to be asked again. Only whoever holds a personal link can say so."""
    link = door.link
    if link is None or link.refused_at or link.answered_at:
        return
    with transaction.atomic():
        PersonalLink.objects.filter(pk=link.pk).update(refused_at=at)
        response = f"p{link.pk}"
        common = frame(door, response=response, subject=link.subject, subject_kind=link.subject_kind, at=at)
        put_batch(home, as_lines([invitation("refused", common, response=response)]), source=None, by=RESPONDENT, at=at)
