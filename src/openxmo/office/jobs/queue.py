"""Work that somebody asked for and does not wait for: queued as rows, run one after the other by the worker."""

from datetime import timedelta

from django.db import transaction
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker  # type: ignore[import-not-found]
from django_tasks_db.models import DBTaskResult

from openxmo.office.jobs.timetable import is_alive

MOST_NAME = 64  # letters of a worker's name that the queue keeps


def waits() -> bool:
    return bool(DBTaskResult.objects.ready().exists())


def run_next(worker: str) -> bool:
    """Runs one queued task, if there is one. A task that fails keeps its error in its row."""
    if not waits():
        return False
    TaskWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=worker[:MOST_NAME],
        excluded_queue_names=[],
    ).run()
    return True


def put_back_orphans() -> int:
    """Tasks whose worker was killed wait again, so a task must be one that may begin twice."""
    back = 0
    with transaction.atomic():
        for row in DBTaskResult.objects.filter(status="RUNNING"):
            if row.worker_ids and not is_alive(row.worker_ids[-1], since=timedelta(0)):
                row.status, row.started_at = "READY", None
                row.save(update_fields=["status", "started_at"])
                back += 1
    return back
