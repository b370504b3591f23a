"""Serving pages and the API: `python -m openxmo.office.config.serving` in a process that has used no engine yet.

Worker processes are started afresh, never forked from one that has opened the lake: neither DuckDB
nor delta-rs survives a fork.
"""

import argparse
import atexit
import multiprocessing
import os
import sys
import threading

from openxmo.office.lib.parents import end_with_parent, environment_of_child

APPLICATION = "openxmo.office.config.wsgi:application"
WARM_UP = "OPENXMO_WARM_UP"  # set for processes that serve
PATIENCE = 15.0  # seconds for the statement that is being asked when the process ends


def command_of(*, host: str, port: int, workers: int, threads: int) -> list[str]:
    """The command that serves; `exec` it, or start it as a child."""
    numbers = {"--host": host, "--port": port, "--workers": workers, "--threads": threads}
    words = [str(word) for pair in numbers.items() for word in pair]
    return [sys.executable, "-m", "openxmo.office.config.serving", *words]


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m openxmo.office.config.serving", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=8)
    return parser.parse_args()


def main() -> None:
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    end_with_parent()
    multiprocessing.set_start_method("spawn")
    os.environ.update(environment_of_child() | {WARM_UP: "1"})
    asked = read_arguments()
    Server(
        APPLICATION,
        address=asked.host,
        port=asked.port,
        interface=Interfaces.WSGI,
        loop=Loops.asyncio,
        workers=asked.workers,
        blocking_threads=asked.threads,
        backlog=2048,
        log_level=LogLevels.error,
        websockets=False,
        workers_kill_timeout=20,
    ).serve()


def begin() -> None:
    """What a serving process does first: end when its parent is gone, and make the first question quick."""
    if os.environ.get(WARM_UP) != "1":
        return
    end_with_parent()
    stop = threading.Event()
    warming = threading.Thread(target=warm, args=(stop,), name="warming up", daemon=True)
    warming.start()
    atexit.register(end_warming, warming, stop)


def warm(stop: threading.Event) -> None:
    from openxmo.office.govern.middleware import served_home
    from openxmo.office.home.warming import keep_warm

    keep_warm(served_home(), stop=stop)


def end_warming(warming: threading.Thread, stop: threading.Event) -> None:
    """Before the interpreter ends: a thread that it ends inside an engine takes the whole process down with a noise."""
    from openxmo.core.signals.engines.sharing import end_shared

    stop.set()
    end_shared()
    warming.join(PATIENCE)


if __name__ == "__main__":
    main()
