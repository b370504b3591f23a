"""What the office may no longer keep goes: by the terms of `[office.retention]` and those that the rooms state."""

from datetime import datetime

from openxmo.core.signals.door.batches import purge_raw
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.keeping.expiry import ANSWERS, COMMENTS, expire
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.lakes import open_lake
from openxmo.office.govern.queries import read_office
from openxmo.office.portability.expiring import expire_everywhere

BY = "worker"


def run(home: Home, *, at: datetime) -> str:
    """Each step is whole or not at all, and what a kill left undone the next run does."""
    office = read_office(home)
    terms = office.settings.retention
    months = {ANSWERS: terms.answers_months, COMMENTS: terms.comments_months}
    lake = open_lake(home)
    signals = expire(lake, months=months, zone=office.settings.zone, by=BY, at=at)
    with writing(lake, what="taking away raw files past their time"):
        raw = purge_raw(home, at=at, days=terms.raw_days)
    gone = {"answers": signals.answers, "comments": signals.comments, "raw files": raw}
    gone |= expire_everywhere(home, office, by=BY, at=at)
    told = ", ".join(f"{count} {what}" for what, count in gone.items() if count)
    return f"past their time: {told}" if told else "nothing is past its time"
