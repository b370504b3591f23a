"""The worker: stores what arrives, lets the rules look at it, runs what was queued and what the clock starts."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import close_old_connections

from openxmo.core.signals.store.home import Home
from openxmo.office.jobs import inbox, queue, timetable
from openxmo.office.jobs.stopping import Stop
from openxmo.office.lib.clock import now

PAUSE = 1.0  # seconds between two turns
BREATH = 0.25  # seconds between two turns while more waits: other writers try twenty times a second
STORES = 5.0  # seconds after which storing lets cases, tasks and other writers have their turn
RESTS = 5.0  # seconds that a piece rests after it failed, twice as long after each further time
LONGEST_REST = 300.0
logger = logging.getLogger("openxmo.worker")


@dataclass
class Worker:
    """Each piece of work is whole when it ends; between two pieces `stop` is looked at."""

    home: Home
    stop: Stop = field(default_factory=Stop)
    clock: Callable[[], datetime] = now
    name: str = field(default_factory=timetable.worker_name)
    batches: int = 0
    resting: dict[str, tuple[float, float]] = field(default_factory=dict)  # by piece: until when, and how long

    def goes_on(self) -> bool:
        return not self.stop.is_set()

    def run(self) -> None:
        """Until it is told to stop."""
        queue.put_back_orphans()
        while self.goes_on():
            self.turn()
            self.stop.wait(BREATH if inbox.waits(self.home) and not self.rests("batches") else PAUSE)

    def turn(self) -> dict[str, Any]:
        """All that is due now. A piece that fails is logged, rests for a while, and is tried again."""
        close_old_connections()
        pieces: dict[str, Callable[[], Any]] = {
            "batches": self.store,
            "cases": self.open_cases,
            "tasks": self.run_queue,
            "jobs": self.run_due,
        }
        done = {}
        for name, piece in pieces.items():
            if not self.goes_on():
                break
            if self.rests(name):
                continue
            try:
                done[name] = piece()
                self.resting.pop(name, None)
            except Exception:
                self.let_rest(name)
                logger.exception("the worker could not do one piece of its work: %s", name)
        close_old_connections()
        return done

    def rests(self, piece: str) -> bool:
        return time.monotonic() < self.resting.get(piece, (0.0, 0.0))[0]

    def let_rest(self, piece: str) -> None:
        before = self.resting.get(piece, (0.0, 0.0))[1]
        long = min(LONGEST_REST, 2 * before or RESTS)
        self.resting[piece] = (time.monotonic() + long, long)

    def store(self) -> int:
        if not inbox.waits(self.home):
            return 0
        stored = len(inbox.store_waiting(self.home, at=self.clock(), goes_on=self.for_a_while(STORES)))
        self.batches += stored
        return stored

    def for_a_while(self, seconds: float) -> Callable[[], bool]:
        """Whether a long piece goes on: the first step always does, then until the time is over."""
        until: list[float] = []

        def goes_on() -> bool:
            until.append(time.monotonic() + seconds)
            return self.goes_on() and (len(until) == 1 or time.monotonic() < until[0])

        return goes_on

    def open_cases(self) -> int:
        return inbox.open_cases(self.home, at=self.clock())

    def run_queue(self) -> int:
        done = 0
        while self.goes_on() and queue.run_next(self.name):
            done += 1
        return done

    def run_due(self) -> list[Any]:
        runs = timetable.run_due(self.home, at=self.clock(), worker=self.name, goes_on=self.goes_on)
        for run in runs:
            if run.failed:
                logger.error("%s failed in its slot %s and comes again in the next:\n%s", run.job, run.slot, run.told)
        return runs
