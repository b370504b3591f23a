"""What do we measure, and what is each number worth?"""

import argparse

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing beyond what all commands take."""


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    answer = open_for(arguments).catalogue()
    document = answer.to_document()
    terminal.document(document)
    terminal.table(
        ["key", "what", "family", "unit", "better", "weak spot", "beside it"],
        [
            [
                row["key"],
                row["label"],
                row["family"],
                row["unit"],
                row["better"],
                row["weakness"],
                row["counter_metric"],
            ]
            for row in document["rows"]
        ],
        title="What do we measure, and what is each number worth?",
    )
    return 0
