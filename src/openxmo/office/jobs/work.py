"""What `xmo worker` does, for the command: once until nothing is left, or until it is told to stop."""

from collections.abc import Callable
from typing import Any

from openxmo.core.progress import Progress, silent
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.session import Session
from openxmo.office.jobs.stopping import listen_for_stop
from openxmo.office.jobs.worker import Worker
from openxmo.office.lib.database import SERVED, database_of
from openxmo.office.lib.parents import end_with_parent
from openxmo.office.listen.actions import work

MOST_TURNS = 100  # of one draining


def drain(session: Session, *, progress: Progress = silent) -> dict[str, Any]:
    """Stores what waits in the inbox and does all that is due; returns what was done.

    A program that serves another office only stores: queue and timetable are the served office's.
    """
    done = work(session, progress=progress)
    if database_of(session.home.path) != SERVED:
        return done | {"cases": 0, "tasks": 0, "jobs": []}
    worker = Worker(session.home, clock=session.clock)
    counts, runs = {"batches": done["batches"], "cases": 0, "tasks": 0}, list[Any]()
    for _ in range(MOST_TURNS):  # what is done may leave more to do: an import is a task, and opens cases
        turn = worker.turn()
        runs += turn.get("jobs", [])
        counts = {name: count + turn.get(name, 0) for name, count in counts.items()}
        if not any(turn.get(name) for name in counts):
            break
    return done | counts | {"jobs": [describe(run) for run in runs]}


def describe(run: Any) -> dict[str, Any]:
    return {"job": run.job, "slot": run.slot, "failed": run.failed, "told": run.told}


def work_on(session: Session, *, begun: Callable[[], None]) -> dict[str, Any]:
    """Goes on until SIGTERM or Ctrl-C, and ends after the piece it is at; `begun` is called once it listens to them."""
    session.require(Right.KEEP_SYSTEM)
    end_with_parent()
    worker = Worker(session.home, stop=listen_for_stop(), clock=session.clock)
    begun()
    worker.run()
    return {"batches": worker.batches}
