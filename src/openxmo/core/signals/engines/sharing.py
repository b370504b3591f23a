"""One DuckDB engine for all who ask for the same lake in one process."""

import os
import threading
from collections import OrderedDict

from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.store.lake import Lake

KEPT_ENGINES = 8

shared: OrderedDict[tuple[int, str, int | None, str | None], DuckdbEngine] = OrderedDict()
sharing = threading.Lock()


def shared_duckdb(lake: Lake, *, threads: int | None, memory_limit: str | None) -> DuckdbEngine:
    """One engine a process, home and setting, moved to the newest version each time it is asked for."""
    key = (os.getpid(), f"{lake.home.path} {lake.address}", threads, memory_limit)
    with sharing:
        engine = shared.get(key)
        if engine is None:
            engine = shared[key] = open_engine(lake, threads=threads, memory_limit=memory_limit)
            if len(shared) > KEPT_ENGINES:
                shared.popitem(last=False)
        else:
            engine.refresh()
        shared.move_to_end(key)
        return engine


def open_engine(lake: Lake, *, threads: int | None, memory_limit: str | None) -> DuckdbEngine:
    if lake.address is None:
        return DuckdbEngine(lake, threads=threads, memory_limit=memory_limit)
    from openxmo.core.signals.engines.remote import RemoteEngine  # here and not above: no local lake needs it

    return RemoteEngine(lake, threads=threads, memory_limit=memory_limit)


def end_shared() -> None:
    """Before the interpreter ends: no engine of this process answers another question."""
    with sharing:
        for engine in shared.values():
            engine.end()
