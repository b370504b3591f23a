"""Write the whole office to one file. It holds personal data and keys: guard it as you guard the office."""

import argparse
from pathlib import Path

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.office.portability.keeping import backup

    document = backup(open_for(arguments), arguments.file, progress=terminal.progress)
    terminal.document(document)
    terminal.print(f"{document['file']} holds the office: {document['files']:,} files, {document['bytes']:,} bytes.")
    return 0
