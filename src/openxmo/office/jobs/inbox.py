"""What arrives: from the inbox into storage, and from there to the rules that look at what is new."""

import os
import time
from collections.abc import Callable
from datetime import datetime

from openxmo.core.signals.door.importing import drain_inbox
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.door.open_batches import LASTS, OPEN
from openxmo.core.signals.keeping.compaction import keep_tidy
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.receipts import Receipt
from openxmo.office.act import opening
from openxmo.office.govern.lakes import open_lake
from openxmo.office.govern.queries import definitions

ORPHANED = 5 * LASTS  # seconds after which an open batch is one that nobody closes


def waits(home: Home) -> bool:
    """Whether anything lies in the inbox that should be stored: one look at a folder."""
    with os.scandir(home.inbox) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                return True
            if entry.name.startswith(OPEN) and time.time() - entry.stat().st_mtime > ORPHANED:
                return True
    return False


def store_waiting(home: Home, *, at: datetime, goes_on: Callable[[], bool] = lambda: True) -> list[Receipt]:
    """Stores what waits, batch by batch, and tidies up after itself."""
    lake = open_lake(home)
    receipts = drain_inbox(lake, sources=definitions(home).sources, by="worker", at=at, goes_on=goes_on)
    if receipts:
        with writing(lake, what="tidying after an import"):
            keep_tidy(lake, at=at)
    return receipts


def open_cases(home: Home, *, at: datetime) -> int:
    """Lets the rules look at what is new; returns how many cases opened. Cheap where nothing is."""
    return len(opening.open_cases(home, at=at))
