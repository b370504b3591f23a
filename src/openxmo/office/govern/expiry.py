"""Who left the office keeps no sign-in: theirs goes 30 days later, so that a mistaken change can be undone."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.accounts.actions import sessions_of
from openxmo.office.accounts.models import User
from openxmo.office.govern import store
from openxmo.office.govern.middleware import served_home
from openxmo.office.lib.terms import Terms

UNDONE_WITHIN = timedelta(days=30)


@transaction.atomic
def expire(terms: Terms, *, held: Collection[str], at: datetime) -> dict[str, int]:  # noqa: ARG001
    gone = 0
    for user in User.objects.filter(username__in=left_before(served_home(), at - UNDONE_WITHIN)):
        Session.objects.filter(session_key__in=[one.session_key for one in sessions_of(user)]).delete()
        audit.record("sign-in of somebody who left taken away", by="worker", at=at, on=[f"user:{user.pk}"])
        user.delete()
        gone += 1
    return {"sign-ins of people who left": gone}


def left_before(home: Home, moment: datetime) -> set[str]:
    """Who was one of the office's people, and has not been since before this moment."""
    standing = store.read_standings(home).values()
    people = [each for each in standing if each.kind == "person"]
    here = {each.object.name for each in people if not each.archived}
    return {each.object.name for each in people if each.archived and each.at < moment} - here
