"""Erase a person: every signal of theirs, every mention, every copy; a later import cannot bring them back."""

import argparse

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", metavar="SUBJECT", help="the person's key, as signals name it")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.office.portability.keeping import erase

    document = erase(open_for(arguments), arguments.subject, progress=terminal.progress)
    terminal.document(document)
    terminal.print(
        f"Erased: {document['signals']:,} signals deleted, {document['mentions']:,} mentions removed. "
        "Backups made before still hold this person; a restore leaves them out."
    )
    for key in document["also_known_as"]:
        terminal.print(f"The same person is also known as {key}: `xmo erase {key}` erases that too.")
    for path in document["leftovers"]:
        terminal.print(f"Not ours to change, and it names them still: {path}")
    return 1 if document["leftovers"] else 0
