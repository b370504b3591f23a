"""The first page's answers, worked out before the first person asks, and again after every change.

A change is a new version of the signals, another office, or an hour that has passed: answers that ripen
are judged anew each hour.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from datetime import datetime

from openxmo.core.errors import UserError
from openxmo.core.signals.store.home import Home
from openxmo.office.govern import session as govern
from openxmo.office.govern import store
from openxmo.office.govern.session import Rehearsal
from openxmo.office.home import standing
from openxmo.office.home.trusting import judge_trust
from openxmo.office.lib.clock import now
from openxmo.office.ui.periods import DEFAULT, read_period

LOOK_EVERY = 15.0  # seconds
REST = 9.0  # times as long as the last warm-up took: it never has more than a tenth of a processor

log = logging.getLogger("openxmo.web")


def warm_up(home: Home, *, clock: Callable[[], datetime] = now) -> None:
    """What whoever leads the office sees first: where it stands, twelve months, what moved, whether to trust it."""
    govern.warm_up(home)
    office = Rehearsal(home, clock=clock)
    today = office.today()
    period = read_period(DEFAULT, today=today)  # what a page asks for whose address names none
    found = standing.delivered(office, since=period.since, until=period.until)
    standing.with_trend(office, found, until=today.replace(day=1))
    office.moved(until=today)
    judge_trust(office, since=period.since, until=period.until)


def state_of(home: Home, *, at: datetime) -> Hashable:
    """What answers rest on: while it is the same, those that are kept are good."""
    engine = Rehearsal(home).engine
    engine.refresh()
    return engine.lake_version, store.newest_stamp(home), at.replace(minute=0, second=0, microsecond=0)


def keep_warm(home: Home, *, stop: threading.Event) -> None:
    """Warms up now and after each change until told to stop; what goes wrong is told and tried again later."""
    from django.db import close_old_connections

    ready: Hashable = None
    while True:
        began = time.monotonic()
        try:
            state = state_of(home, at=now())
            if state != ready:
                warm_up(home)
                ready = state
        except UserError as error:
            log.warning("%s", error)
        except Exception:
            if stop.is_set():
                return  # its engine was told to end
            log.exception("The first page's answers could not be made ready.")
        finally:
            close_old_connections()
        if stop.wait(max(LOOK_EVERY, REST * (time.monotonic() - began))):
            return
