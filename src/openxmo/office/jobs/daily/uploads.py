"""Files that were sent in the browser and that nobody went on with are taken away after seven days."""

from datetime import datetime

from openxmo.core.signals.store.home import Home
from openxmo.office.listen.actions.uploads import drop_left_files


def run(home: Home, *, at: datetime) -> str:
    return f"{drop_left_files(home, at=at)} files taken away"
