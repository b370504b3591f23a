"""Taking a person out of the sign-ins, the keys and the audit."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from openxmo.office.accounts import audit
from openxmo.office.accounts.actions import sessions_of
from openxmo.office.accounts.models import ApiKey, User

ERASED = "(erased)"


@transaction.atomic
def forget(names: Collection[str], *, by: str, at: datetime) -> int:
    """Delete the sign-ins of these people and name them nowhere; returns how many rows did."""
    touched = 0
    for user in User.objects.filter(username__in=names):
        Session.objects.filter(session_key__in=[one.session_key for one in sessions_of(user)]).delete()
        user.delete()
        touched += 1
    touched += _forget_in_keys(names, by=by, at=at)
    return touched + audit.forget(names, as_=ERASED)


def _forget_in_keys(names: Collection[str], *, by: str, at: datetime) -> int:
    """A key that acted as an erased person is revoked: it must never act as the operator instead."""
    acting = ApiKey.objects.filter(acts_as__in=names)
    acting.filter(revoked_at=None).update(revoked_at=at, revoked_by=ERASED if by in names else by)
    return sum(
        ApiKey.objects.filter(**{f"{field}__in": names}).update(**{field: ERASED})
        for field in ("acts_as", "made_by", "revoked_by")
    )
