"""A process that takes turns: `python -m tests.functional.object_store.holder HOME LASTS TURNS HOLDS`.

It says `in` when a turn begins (`over` where the one before had run out) and `out` before it ends; HOLDS
are the seconds between.
"""

import sys
import time
from pathlib import Path

from openxmo.core.progress import silent
from openxmo.office.lib.framework import set_up

ADDRESS = "s3://bucket/office"


def say(word: str) -> None:
    sys.stdout.write(f"{time.monotonic()} {word}\n")
    sys.stdout.flush()


def main(home: str, lasts: str, turns: str, holds: str) -> None:
    set_up(Path(home))
    from openxmo.office.govern.leases import DatabaseLease

    for _ in range(int(turns)):
        lease = DatabaseLease(Path(home), ADDRESS, lasts=float(lasts))
        left_open = lease.take(what="holding", holder="", timeout=60, progress=silent)
        say("over" if left_open else "in")
        time.sleep(float(holds))
        say("out" if lease.renew() else "lost")
        lease.release()


if __name__ == "__main__":
    main(*sys.argv[1:])
