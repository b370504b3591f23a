"""Imports whose worker was killed are handed to one again; what it had done already counts once."""

from datetime import datetime

from openxmo.core.signals.store.home import Home
from openxmo.office.listen.actions.storing import left_over
from openxmo.office.listen.tasks import run_import


def run(home: Home, *, at: datetime) -> str:  # noqa: ARG001  (all jobs take the same)
    keys = left_over(at=at)
    for key in keys:
        run_import.enqueue(key)
    return f"{len(keys)} imports gone on with"
