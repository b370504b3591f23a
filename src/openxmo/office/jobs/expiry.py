"""What is past its time on the machine side: runs of jobs, answers kept for whoever asks again, tasks that are done."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from openxmo.office.jobs.models import JobRun, KeptResponse
from openxmo.office.lib.terms import Terms, take_away

TASKS = timedelta(days=30)  # letters that were sent, imports that were stored: with whom they concerned


@transaction.atomic
def expire(terms: Terms, *, held: Collection[str], at: datetime) -> dict[str, int]:  # noqa: ARG001
    """A task that still waits is never taken away."""
    return {
        "runs of jobs": take_away(JobRun, terms, at=at),
        "kept responses": take_away(KeptResponse, terms, at=at),
        "finished tasks": DBTaskResult.objects.finished().filter(finished_at__lt=at - TASKS).delete()[0],
    }
