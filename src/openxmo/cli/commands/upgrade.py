"""Move an office made by an older version to this one, after a backup. It can be stopped and goes on where it was."""

import argparse
from pathlib import Path

from openxmo.cli.asking import resolve_home
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--backup", type=Path, metavar="FILE", help="where to (default: beside the office's folder)")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.library import upgrade_office

    document = upgrade_office(
        resolve_home(arguments), backup=arguments.backup, as_user=arguments.as_user, progress=terminal.progress
    )
    terminal.document(document)
    if document["steps"]:
        terminal.print(f"Moved from format {document['from']} to {document['to']}; the backup is {document['backup']}.")
    if document.get("moved"):
        lines = document["moved"]
        terminal.print(
            f"Moved {lines:,} lines of the office's files into its database; the backup is {document['backup']}."
        )
    if document["migrated"]:
        terminal.print(f"Changed the tables {document['migrated']:,} times; the backup is {document['backup']}.")
    if not (document["steps"] or document["migrated"] or document.get("moved")):
        terminal.print("The office is of this version already.")
    return 0
