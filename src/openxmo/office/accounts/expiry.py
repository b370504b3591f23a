"""What is past its time in sign-ins, keys and the audit."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from openxmo.office.accounts.models import ApiKey, AuditEvent
from openxmo.office.lib.terms import Terms, take_away


@transaction.atomic
def expire(terms: Terms, *, held: Collection[str], at: datetime) -> dict[str, int]:  # noqa: ARG001
    """A session ends by its own date; a key is kept as long as the audit tells of it."""
    return {
        "lines of the audit": take_away(AuditEvent, terms, at=at),
        "revoked keys": take_away(ApiKey, terms, at=at),
        "sessions": Session.objects.filter(expire_date__lt=at).delete()[0],
    }
