"""What the office may no longer keep goes: by the terms of `[office.retention]`."""

from datetime import datetime, timedelta

from openxmo.core.signals.door.batches import purge_raw
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.keeping.expiry import ANSWERS, COMMENTS, days_kept, expire
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.accounts.models import AuditEvent
from openxmo.office.govern.queries import read_office

BY = "worker"


def run(home: Home, *, at: datetime) -> str:
    settings = read_office(home).settings
    terms = settings.retention
    lake = Lake.open(home)
    months = {ANSWERS: terms.answers_months, COMMENTS: terms.comments_months}
    gone = expire(lake, months=months, zone=settings.zone, by=BY, at=at)
    with writing(home, what="taking away raw files past their time"):
        raw = purge_raw(home, at=at, days=terms.raw_days)
    logs = AuditEvent.objects.filter(at__lt=at - timedelta(days=days_kept(at.date(), terms.logs_months))).delete()[0]
    return f"{gone.answers} answers, {gone.comments} comments, {raw} raw files and {logs} audit rows past their time"
