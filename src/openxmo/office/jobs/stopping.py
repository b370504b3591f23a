"""Being told to stop, by SIGTERM or Ctrl-C: seen between two pieces of work."""

import signal
import time
from dataclasses import dataclass

LOOK = 0.1  # seconds between two looks while nothing is done


@dataclass
class Stop:
    """A plain flag: a handler interrupts the very thread that looks, so it must not wait for a lock that this holds."""

    told: bool = False

    def set(self) -> None:
        self.told = True

    def is_set(self) -> bool:
        return self.told

    def wait(self, seconds: float) -> None:
        """Rests for so long, or until it is told."""
        until = time.monotonic() + seconds
        while not self.told and (left := until - time.monotonic()) > 0:
            time.sleep(min(LOOK, left))


def listen_for_stop() -> Stop:
    """From now on SIGTERM and Ctrl-C end nothing at once; they set what is returned."""
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
