"""Processes that end with the one that started them, also where that one was killed and could tell nobody."""

import ctypes
import os
import signal
import sys

PARENT = "OPENXMO_PARENT"  # the process that must live, set by whoever starts a child
PR_SET_PDEATHSIG = 1


def environment_of_child() -> dict[str, str]:
    return {**os.environ, PARENT: str(os.getpid())}


def end_with_parent() -> None:
    """Asks the kernel for SIGTERM once the parent is gone; ends at once where it is gone already."""
    parent = os.environ.get(PARENT, "")
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit("The process that started this one is gone.")
