"""Fewer, larger files."""

from datetime import datetime

from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.keeping.compaction import FILES_KEPT, keep_tidy, vacuum
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.lakes import open_lake


def run(home: Home, *, at: datetime) -> str:
    lake = open_lake(home)
    with writing(lake, what="the daily tidying"):
        merged = keep_tidy(lake, at=at, most=FILES_KEPT)
        files = vacuum(lake)
    return f"{merged.partitions if merged else 0} months merged, {files} old files gone"
