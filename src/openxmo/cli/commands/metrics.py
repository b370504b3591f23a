"""What do we measure, and what is each number worth?"""

import argparse
from typing import Any

from openxmo.cli.asking import open_for
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing beyond what all commands take."""


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    answer = open_for(arguments).catalogue()
    document = answer.to_document()
    terminal.document(document)
    terminal.print("What do we measure, and what is each number worth?")
    for family in sorted({row["family"] for row in document["rows"]}):
        terminal.table(
            ["", ""],
            [[row["key"], tell(row)] for row in document["rows"] if row["family"] == family],
            title=f"{family} metrics" if family else "of no family yet",
            keep=(0,),
        )
    return 0


def tell(row: dict[str, Any]) -> str:
    """What it is and in what; then what it does not show, and what to look at beside it."""
    unit = f", in {row['unit']}" if row["unit"] in ("%", "points", "s", "h", "min", "days") else f", {row['unit']}"
    beside = f"Beside it: {row['counter_metric']}." if row["counter_metric"] else ""
    second = " ".join(part for part in (row["weakness"], beside) if part)
    return f"{row['label']}{unit if row['unit'] else ''}; {row['better']} is better" + (f"\n{second}" if second else "")
