"""Taking people out of what this room keeps: a customer's words and keys go, a colleague's name is put out."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from openxmo.office.accounts import audit
from openxmo.office.act.models import (
    Blocker,
    Case,
    Cause,
    ConversationEntry,
    EscalationEvent,
    Firing,
    Note,
    PossibleComplaint,
    Problem,
    Quote,
    Recommendation,
)
from openxmo.office.govern.erasure import ERASED

DOERS = (
    *((Case, f"{deed}_by") for deed in ("taken", "first_reply", "resolved", "closed", "cause")),
    (Case, "owner"),
    (ConversationEntry, "said_by"),
    (PossibleComplaint, "judged_by"),
    (Cause, "changed_by"),
    (Cause, "archived_by"),
    (Problem, "closed_by"),
    *((Recommendation, f"{deed}_by") for deed in ("sent", "answered", "settled")),
    *((Blocker, f"{deed}_by") for deed in ("raised", "cleared")),
    *((Note, f"{deed}_by") for deed in ("written", "published")),
)


@transaction.atomic
def forget(names: Collection[str], *, by: str, at: datetime) -> int:
    """Delete the cases, words and quotes of these people, and put "(erased)" where they did something."""
    names = set(names)
    touched = forget_customers(names)
    for model, field in DOERS:
        touched += model._default_manager.filter(**{f"{field}__in": names}).update(**{field: ERASED})
    for event in EscalationEvent.objects.exclude(told=[]):
        if names & set(event.told):
            event.told = [ERASED if name in names else name for name in event.told]
            event.save(update_fields=["told"])
            touched += 1
    if touched:
        audit.record("person erased from cases", by=ERASED if by in names else by, at=at)
    return touched


def forget_customers(names: set[str]) -> int:
    """What was opened from their words goes as a whole: counts of problems and items keep standing without it."""
    theirs = Case.objects.filter(Q(subject__in=names) | Q(account__in=names))
    cases = list(theirs.values_list("pk", "opened_from", "answer"))
    possible = PossibleComplaint.objects.filter(Q(facts__subject__in=names) | Q(facts__account__in=names))
    said = {opened_from for _, opened_from, _ in cases} | set(possible.values_list("signal", flat=True))
    on = said | {f"response:{answer}" for _, _, answer in cases if answer}
    on |= {f"response:{answer}" for answer in possible.values_list("answer", flat=True) if answer}
    said |= {f"case:{key}" for key, _, _ in cases}
    touched, _ = Firing.objects.filter(on__in=on).delete()
    touched += Quote.objects.filter(said__in=said).delete()[0]
    touched += possible.delete()[0]
    return touched + theirs.delete()[0]
