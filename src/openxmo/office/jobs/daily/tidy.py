"""Fewer, larger files; and rows of the machine side that are past their time."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.keeping.compaction import FILES_KEPT, keep_tidy, vacuum
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.jobs.models import JobRun, KeptResponse

ANSWERS = timedelta(hours=24)
RUNS = timedelta(days=30)


def run(home: Home, *, at: datetime) -> str:
    lake = Lake.open(home)
    with writing(home, what="the daily tidying"):
        merged = keep_tidy(lake, at=at, most=FILES_KEPT)
        files = vacuum(lake)
    rows = KeptResponse.objects.filter(at__lt=at - ANSWERS).delete()[0]
    rows += JobRun.objects.filter(started_at__lt=at - RUNS).delete()[0]
    rows += DBTaskResult.objects.finished().filter(finished_at__lt=at - RUNS).delete()[0]
    rows += Session.objects.filter(expire_date__lt=at).delete()[0]
    return f"{merged.partitions if merged else 0} months merged, {files} old files and {rows} old rows gone"
