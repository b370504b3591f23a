"""Make the office as a file says. What the file leaves out stays; --prune archives it."""

import argparse
from pathlib import Path

from openxmo.cli.asking import open_for
from openxmo.cli.files import read_text
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="an office file (docs/how-to/change-the-office.md)")
    parser.add_argument("--check", action="store_true", help="say what would change, change nothing")
    parser.add_argument("--prune", action="store_true", help="archive what the file leaves out")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.office.portability.keeping import apply

    changes = apply(open_for(arguments), read_text(arguments.file), prune=arguments.prune, check=arguments.check)
    terminal.document(changes.to_document())
    rows = [[row["change"], row["kind"], row["key"], row["note"]] for row in changes.to_records()]
    if rows:
        terminal.table(
            ["change", "kind", "key", ""], rows, title="What would change" if arguments.check else "What changed"
        )
    else:
        terminal.print("The office is as the file says already.")
    return 0
