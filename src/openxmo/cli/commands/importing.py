"""Bring signals in from files: NDJSON, CSV or Parquet in our names, anything else through a mapping file."""

import argparse
from pathlib import Path
from typing import Any

from openxmo.cli.asking import open_for
from openxmo.cli.numbers import counted
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--mapping", type=Path, metavar="M", help="a mapping file (docs/how-to/map-a-file.md)")
    parser.add_argument("--source", metavar="S", help="who told us, where rows name no source")
    parser.add_argument("--check", action="store_true", help="say what would happen, change nothing")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from openxmo.office.listen.actions import import_files

    document = import_files(
        open_for(arguments),
        arguments.files,
        mapping=arguments.mapping,
        source=arguments.source,
        check=arguments.check,
        progress=terminal.progress,
    )
    terminal.document(document)
    show_receipt(document, terminal, checked=arguments.check)
    return 0


def show_receipt(document: dict[str, Any], terminal: Terminal, *, checked: bool = False) -> None:
    would = "would be " if checked else ""
    terminal.print(
        f"{counted(document['received'], 'signal')} from {counted(document['rows'], 'row')}: "
        f"{document['accepted']:,} {would}accepted, "
        f"{counted(document['duplicates'], 'duplicate')}, {counted(document['conflicts'], 'conflict')}, "
        f"{document['rejected']:,} rejected."
    )
    if document["accepted"] and not checked:
        terminal.print(f"Undo it with: xmo withdraw {document['receipt']} --reason WHY")
    if document["rejects"]:
        terminal.print(f"What was not accepted, with line and reason: {document['rejects']}")
