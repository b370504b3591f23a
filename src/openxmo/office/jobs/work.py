"""What `xmo worker` does, for the command: once until nothing is left, or until it is told to stop."""

import signal
from typing import Any

from openxmo.core.progress import Progress, silent
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.session import Session
from openxmo.office.jobs.worker import Worker
from openxmo.office.lib.database import SERVED, database_of
from openxmo.office.lib.parents import end_with_parent
from openxmo.office.listen.actions import work


def drain(session: Session, *, progress: Progress = silent) -> dict[str, Any]:
    """Stores what waits in the inbox and does all that is due; returns what was done.

    A program that serves another office only stores: queue and timetable are the served office's.
    """
    done = work(session, progress=progress)
    if database_of(session.home.path) != SERVED:
        return done | {"cases": 0, "tasks": 0, "jobs": []}
    worker = Worker(session.home, clock=session.clock)
    turn = worker.turn()
    runs: list[Any] = turn.get("jobs", [])
    return done | {
        "cases": turn.get("cases", 0),
        "tasks": turn.get("tasks", 0),
        "jobs": [{"job": run.job, "slot": run.slot, "failed": run.failed, "told": run.told} for run in runs],
    }


def work_on(session: Session) -> dict[str, Any]:
    """Goes on until SIGTERM or Ctrl-C, and ends after the piece it is at."""
    session.require(Right.KEEP_SYSTEM)
    end_with_parent()
    worker = Worker(session.home, clock=session.clock)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    worker.run()
    return {"batches": worker.batches}
