"""Two questions about the same rows, worked out at the same time on two cores.

NumPy lets go of the interpreter while it sorts, compares and picks, so that two threads get on where most of the
time goes into that. Each works for itself and in its own order: the answers do not depend on which one is quicker.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

One = TypeVar("One")
Other = TypeVar("Other")


def side_by_side(one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
    """What both return; the first is asked in a thread of its own, which has ended when this returns or raises."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        running = beside.submit(one)
        found = other()
        return running.result(), found
