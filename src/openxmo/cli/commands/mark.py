"""Mark a signal as spam, a duplicate answer or left out. Leaving one out takes a reason and a second person."""

import argparse

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("id", metavar="ID", nargs="+")
    parser.add_argument("--as-what", required=True, choices=["spam", "duplicate", "excluded"], dest="mark")
    parser.add_argument("--reason", required=True, metavar="R")
    parser.add_argument("--confirmed-by", metavar="USER", help="the second person; needed to leave a signal out")
    parser.add_argument("--lift", action="store_true", help="take such a mark back")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.office.listen.actions import mark

    document = mark(
        open_for(arguments),
        source=arguments.source,
        ids=arguments.id,
        mark=arguments.mark,
        reason=arguments.reason,
        confirmed_by=arguments.confirmed_by,
        lift=arguments.lift,
    )
    terminal.document(document)
    terminal.print(f"{document['signals']:,} signals {'no longer ' if arguments.lift else ''}marked {arguments.mark}.")
    return 0
