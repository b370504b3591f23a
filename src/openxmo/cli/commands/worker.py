"""Store what waits in the inbox and do the due work: tidy the lake, delete raw files past their time."""

import argparse
import signal
import threading

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal

PAUSE = 2.0  # seconds between two looks at the inbox


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--drain", action="store_true", help="empty the inbox and the due work, then end")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.office.listen.actions import work

    session = open_for(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stored = 0
    while True:
        done = work(session, progress=terminal.progress)
        stored += done["batches"]
        if arguments.drain:
            terminal.document(done)
            terminal.print(f"{done['batches']:,} batches stored, {done['signals']:,} signals accepted.")
            return 0
        if stop.wait(PAUSE):
            terminal.document({"batches": stored})
            terminal.say("Stopped between two batches; nothing is half done.")
            return 0
