"""A process that imports, to be killed: run as `python -m tests.functional.importer HOME KILL_AT BATCHES FIRST`.

It puts batches into the inbox, says which are acknowledged (one number a line), and drains them. At
the KILL_ATth durable step (fsync or rename; 0 is never) it kills itself as hard as a process can.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from openxmo.core.signals.door.importing import drain_inbox, put_batch
from openxmo.core.signals.source import Source
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from tests.spec.signals.door import as_lines, row

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS = 40
SOURCES = {"shop": Source(key="shop", amends=True)}


def make_rows(batch: int) -> bytes:
    """Rows of their own, one bad row, one row again, and a newer version of a row that all batches have."""
    rows: list[object] = [row(f"{batch}-{number}", value=number % 11) for number in range(ROWS)]
    return as_lines([*rows, row("all", value=batch % 11, revision=batch), rows[0], b"no row"])


def die_at(step: int) -> None:
    left = step

    def counted(name: str):  # type: ignore[no-untyped-def]
        original = getattr(os, name)

        def call(*args: object, **options: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **options)

        return call

    for name in ("fsync", "replace"):
        setattr(os, name, counted(name))


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(home: str, kill_at: str, batches: str, first: str) -> None:
    lake = Lake.open(Home.at(Path(home)))
    say("ready")
    die_at(int(kill_at))
    for batch in range(int(first), int(first) + int(batches)):
        put_batch(lake.home, [make_rows(batch)], source=None, by="api", at=AT.replace(microsecond=batch))
        say(batch)
        drain_inbox(lake, sources=SOURCES, by="worker", at=AT)
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
