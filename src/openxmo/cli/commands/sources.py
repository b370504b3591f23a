"""What came in from whom, how fresh is it, and how good?"""

import argparse

from openxmo.cli.asking import open_for
from openxmo.cli.numbers import show_percent
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing beyond what all commands take."""


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    document = open_for(arguments).sources().to_document()
    terminal.document(document)
    terminal.table(
        ["source", "signals", "complete", "valid", "fresh", "linked", "quality", "last heard"],
        [
            [
                row["source"],
                f"{row['signals']:,}",
                *(show_percent(row[part]) for part in ("completeness", "validity", "freshness", "links", "quality")),
                row["last_heard_at"],
            ]
            for row in document["rows"]
        ],
        title="What came in, and how good is it?",
        right=range(1, 7),
    )
    return 0
