"""What the clock starts: the folders are the timetable, and each slot of a job is run by one worker only."""

import os
import pkgutil
import socket
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from openxmo.core.signals.store.home import Home
from openxmo.office.govern.queries import read_office
from openxmo.office.jobs.models import JobRun

EVERY: dict[str, str] = {
    "minutely": "%Y-%m-%dT%H:%M",
    "hourly": "%Y-%m-%dT%H",
    "daily": "%Y-%m-%d",
    "weekly": "%G-W%V",
}
LONGEST = 4000  # letters of an error that are kept
GIVEN_UP = timedelta(days=1)  # after which a run on another machine is taken for dead
Run = Callable[..., Any]


@dataclass(frozen=True)
class Job:
    """`every` is the folder it lies in."""

    name: str
    every: str
    run: Run

    def slot(self, local: datetime) -> str:
        return local.strftime(EVERY[self.every])


@cache
def list_jobs() -> tuple[Job, ...]:
    """The jobs of all folders, in the order of their names."""
    return tuple(
        Job(f"{every}/{found.name}", every, import_module(f"openxmo.office.jobs.{every}.{found.name}").run)
        for every in EVERY
        for found in pkgutil.iter_modules([str(Path(__file__).parent / every)])
    )


def run_due(
    home: Home, *, at: datetime, worker: str, goes_on: Callable[[], bool] = lambda: True, jobs: tuple[Job, ...] = ()
) -> list[JobRun]:
    """Runs each job whose slot nobody has taken. One that fails is told in its row and comes again in the next slot."""
    zone = ZoneInfo(read_office(home).settings.zone)
    return list(_run_each(home, at, worker, goes_on, jobs or list_jobs(), zone))


def _run_each(
    home: Home, at: datetime, worker: str, goes_on: Callable[[], bool], jobs: tuple[Job, ...], zone: ZoneInfo
) -> Iterator[JobRun]:
    for job in jobs:
        if not goes_on():
            return
        taken = take(job, job.slot(at.astimezone(zone)), at=at, worker=worker)
        if taken is not None:
            yield run_one(home, job, taken, at=at)


def take(job: Job, slot: str, *, at: datetime, worker: str) -> JobRun | None:
    """The slot's row if this worker may run it: nobody else has taken it, or whoever did was killed."""
    found = JobRun.objects.filter(job=job.name, slot=slot).first()
    if found is None:
        try:
            with transaction.atomic():
                return JobRun.objects.create(job=job.name, slot=slot, worker=worker, started_at=at)
        except IntegrityError:
            return None
    if found.ended_at is not None or found.worker == worker or is_alive(found.worker, since=at - found.started_at):
        return None
    orphaned = JobRun.objects.filter(pk=found.pk, worker=found.worker, ended_at=None)
    return JobRun.objects.get(pk=found.pk) if orphaned.update(worker=worker, started_at=at) else None


def run_one(home: Home, job: Job, taken: JobRun, *, at: datetime) -> JobRun:
    from openxmo.office.lib.clock import now

    try:
        taken.told = str(job.run(home, at=at) or "")[:LONGEST]
    except Exception:
        taken.failed = True
        taken.told = traceback.format_exc()[-LONGEST:]
    taken.ended_at = max(now(), at)
    taken.save(update_fields=["told", "failed", "ended_at"])
    return taken


# WHO RUNS IT


def worker_name() -> str:
    """This process, so that another one on this machine can tell whether it still runs."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{begun(os.getpid())}"


def is_alive(worker: str, *, since: timedelta) -> bool:
    """Whether a worker still runs; of one on another machine that is believed for a day."""
    host, _, rest = worker.rpartition(":")[0].rpartition(":")
    number = worker.rpartition(":")[2]
    if host != socket.gethostname()[:30] or not rest.isdigit():
        return since < GIVEN_UP
    return begun(int(rest)) == number


def begun(process: int) -> str:
    """When a process began, in the kernel's ticks; empty if there is none. Its number alone may be another's by now."""
    try:
        words = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return words[19]
