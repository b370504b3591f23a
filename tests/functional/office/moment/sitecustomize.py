"""Read by Python itself where this folder is on its path: the office's clock shows the moment of the story.

A sample organisation stands at one moment: its clocks, and so its pages, are true at that moment only. Web and worker
of these tests start with this folder on their path, and ask a file by how many seconds their clock is moved.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from openxmo.office.lib import clock
from openxmo.office.ui import pseudo

MOVED = Path(os.environ["NORTHLIGHT_CLOCK"])


def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(MOVED.read_text(encoding="utf-8")))


clock.now = now


class Words:
    """The made-up language that a file names, so that one process speaks plainly, longer, or from right to left."""

    @property
    def PSEUDO(self) -> str:  # noqa: N802  (the name of the setting)
        file = MOVED.with_name("words")
        return file.read_text(encoding="utf-8") if file.exists() else ""


pseudo.settings = Words()  # type: ignore[assignment,attr-defined]
