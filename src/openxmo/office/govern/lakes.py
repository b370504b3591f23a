"""The office's lake, with its turns: what every room opens that may write signals."""

from functools import partial
from pathlib import Path

from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.turns import Lease
from openxmo.office.lib.framework import set_up


def open_lake(home: Home) -> Lake:
    """The home's lake, to be read and, in turn, to be written."""
    return Lake.open(home, leasing=partial(lease_of, home.path))


def lease_of(home: Path, address: str) -> Lease:
    set_up(home)
    from openxmo.office.govern.leases import DatabaseLease  # its rows need Django, which opening a lake does not

    return DatabaseLease(home, address)
