"""List the public data sets that a mapping ships for, or import one from its files."""

import argparse
from pathlib import Path

from openxmo.cli.asking import open_for
from openxmo.cli.commands.importing import show_receipt
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--check", action="store_true", help="say what would happen, change nothing")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    if arguments.name is None:
        return list_samples(terminal)
    from openxmo.office.listen.actions import import_sample

    sample, document = import_sample(
        open_for(arguments), arguments.name, arguments.files, check=arguments.check, progress=terminal.progress
    )
    terminal.document(document)
    show_receipt(document, terminal, checked=arguments.check)
    if sample.office and not arguments.check:
        terminal.print(f"Its metrics: xmo apply {sample.office}")
    return 0


def list_samples(terminal: Terminal) -> int:
    from openxmo.core.signals.mapping.samples import list_samples as known_samples

    samples = known_samples()
    terminal.document([sample.to_document() for sample in samples])
    terminal.table(
        ["name", "what it is, who publishes it, and its files"],
        [
            [sample.name, f"{sample.title}\n{sample.publisher}; {sample.licence}\n{', '.join(sample.files)}"]
            for sample in samples
        ],
        keep=(0,),
        title="Public data sets we know",
        note="xmo sample NAME FILE… imports one from its files; the data itself is not part of OpenXMO.",
    )
    return 0
