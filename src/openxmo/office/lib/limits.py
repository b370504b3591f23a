"""How often a key may call: a bucket a key, in the memory of each web process.

With several web processes a key has as many buckets as there are processes; the limit protects the
machine, it is no promise of fairness, and a shared count would cost every request a write.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

MOST = 10_000  # buckets that are remembered


@dataclass(frozen=True)
class Standing:
    """`reset` is the seconds until the bucket is full again; `wait` until one more call is allowed, 0 if it is now."""

    limit: int
    remaining: int
    reset: int
    wait: int

    @property
    def allowed(self) -> bool:
        return self.wait == 0

    def headers(self) -> dict[str, str]:
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return told if self.allowed else told | {"Retry-After": str(self.wait)}


@dataclass
class Buckets:
    """`limit` calls a minute for each key, in one burst if need be."""

    limit: int
    clock: Callable[[], float] = time.monotonic
    filled: "OrderedDict[str, tuple[float, float]]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str) -> Standing:
        """Takes one call out of the key's bucket, if there is one."""
        now, rate = self.clock(), self.limit / 60
        with self.lock:
            left, since = self.filled.get(key, (float(self.limit), now))
            left = min(float(self.limit), left + (now - since) * rate)
            allowed = left >= 1
            left -= allowed
            self.filled[key] = (left, now)
            self.filled.move_to_end(key)
            while len(self.filled) > MOST:
                self.filled.popitem(last=False)
        wait = 0 if allowed else max(1, math.ceil((1 - left) / rate))
        return Standing(self.limit, int(left), math.ceil((self.limit - left) / rate), wait)
