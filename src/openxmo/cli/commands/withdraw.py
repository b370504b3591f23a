"""Undo an import: its signals no longer count, what they replaced counts again, the file may be imported anew."""

import argparse

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("receipt", metavar="RECEIPT", help="as `xmo import` told it")
    parser.add_argument("--reason", required=True, metavar="R", help="why; kept with the receipt")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.office.listen.actions import withdraw

    document = withdraw(open_for(arguments), arguments.receipt, reason=arguments.reason)
    terminal.document(document)
    terminal.print(f"{document['withdrawn']:,} signals no longer count (receipt {document['receipt']}).")
    return 0
