"""What this process has worked out and may use again while nothing that it rests on has changed.

Answers are kept as they were before anybody's eyes: the exit door still judges each of them for each
viewer, so its memory and the minimum groups hold for a kept answer as for a fresh one.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
MOST_ANSWERS = 512  # of one home
MOST_HOMES = 8


@dataclass
class Remembered:
    """Answers by what was asked, of one stamp only: with another stamp all that was kept goes.

    A stamp names the version of everything that an answer rests on. Who asks what another thread is
    just working out waits for that one's answer.
    """

    most: int = MOST_ANSWERS
    stamp: Hashable = None
    kept: "OrderedDict[Hashable, Future[Any]]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, stamp: Hashable, asked: Hashable, work_out: Callable[[], T]) -> T:
        with self.lock:
            if stamp != self.stamp:
                self.stamp, self.kept = stamp, OrderedDict()
            found = self.kept.get(asked)
            mine = found is None
            if found is None:
                found = self.kept[asked] = Future()
                while len(self.kept) > self.most:
                    self.kept.popitem(last=False)
            self.kept.move_to_end(asked)
        if mine:
            self._work_out(found, asked, work_out)
        answer: T = found.result()
        return answer

    def _work_out(self, found: "Future[Any]", asked: Hashable, work_out: Callable[[], Any]) -> None:
        """What went wrong is told to all who wait, and tried again by whoever asks next."""
        try:
            found.set_result(work_out())
        except BaseException as error:
            with self.lock:
                if self.kept.get(asked) is found:
                    del self.kept[asked]
            found.set_exception(error)

    def drop(self, asked: Hashable) -> None:
        """Forget one answer: it turned out to rest on another version than its stamp says."""
        with self.lock:
            self.kept.pop(asked, None)


_homes: "OrderedDict[Hashable, Remembered]" = OrderedDict()
_opening = threading.Lock()


def remembered(home: Hashable) -> Remembered:
    """What is kept for this home, one for the whole process."""
    with _opening:
        found = _homes.setdefault(home, Remembered())
        _homes.move_to_end(home)
        while len(_homes) > MOST_HOMES:
            _homes.popitem(last=False)
        return found
