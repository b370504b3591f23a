"""Store what waits in the inbox and do the due work: rules on what is new, clocks, retention, tidying."""

import argparse
from functools import partial

from openxmo.cli.asking import open_for
from openxmo.cli.serving import prepare
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--drain", action="store_true", help="empty the inbox and the due work, then end")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    session = open_for(arguments)
    if arguments.as_user is None:
        prepare(arguments, terminal)
    from openxmo.office.jobs.work import drain, work_on

    if arguments.drain:
        done = drain(session, progress=terminal.progress)
        terminal.document(done)
        terminal.print(f"{done['batches']:,} batches stored, {done['signals']:,} signals accepted.")
        failed = [run for run in done["jobs"] if run["failed"]]
        for run in failed:
            terminal.say(f"{run['job']} failed; it comes again in its next slot.\n{run['told']}")
        return 1 if failed else 0
    begun = partial(terminal.say, "The worker is at work (Ctrl-C ends it after the piece it is at).")
    terminal.document(work_on(session, begun=begun))
    terminal.say("Stopped between two pieces of work; nothing is half done.")
    return 0
