"""Clocks of cases and recommendations: whoever must hear that one runs out is told."""

from datetime import datetime

from openxmo.core.signals.store.home import Home
from openxmo.office.act.clocks import tick


def run(home: Home, *, at: datetime) -> str:  # noqa: ARG001  (the rows are those of the served office)
    return f"{tick(at=at)} steps told"
