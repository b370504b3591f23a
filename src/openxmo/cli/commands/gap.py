"""How far is what we deliver from what we strive for, and which part opens the gap?"""

import argparse
from typing import Any

from openxmo.cli.asking import add_time_arguments, open_for
from openxmo.cli.numbers import show_change, show_interval, show_number
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ambition", nargs="?", help="the ambition's key (default: all)")
    parser.add_argument("--since", metavar="D", help="from this day on, in the office's zone")
    parser.add_argument("--until", metavar="D", help="up to this day, itself left out")
    add_time_arguments(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    answer = open_for(arguments).gap(
        arguments.ambition,
        since=arguments.since,
        until=arguments.until,
        as_of=arguments.as_of,
        known_at=arguments.known_at,
    )
    terminal.document(answer.to_document())
    show_gaps(answer.to_document(), terminal)
    return 0


def show_gaps(document: dict[str, Any], terminal: Terminal) -> None:
    for row in document["rows"]:
        show_gap(row, terminal)
    if not document["rows"]:
        terminal.print("No ambition is set yet: add an [[ambition]] to the office file and `xmo apply` it.")


def show_gap(row: dict[str, Any], terminal: Terminal) -> None:
    if row["delivered"] is None:
        terminal.print(f"{row['label']}: ambition {show_number(row['target'])}; what is delivered cannot be told yet.")
    else:
        interval = show_interval(row["low"], row["high"])
        terminal.print(
            f"{row['label']}: ambition {show_number(row['target'])}, delivered "
            f"{show_number(row['delivered'], digits=2)}{f' (95 % {interval})' if interval else ''}, "
            f"gap {show_number(row['gap'], digits=2)}."
        )
    if row["components"]:
        terminal.table(
            ["component", "kind", "measured", "scores", "weight", "adds", "opens the gap by"],
            [show_component(component) for component in row["components"]],
            title="Which part opens it?",
            right=range(2, 7),
            note=row.get("note", ""),
        )


def show_component(component: dict[str, Any]) -> list[str]:
    return [
        component["label"],
        component["kind"],
        show_number(component["value"]),
        show_number(component["score"]),
        show_number(component["weight"], digits=2),
        show_number(component["contribution"], digits=2),
        show_change(component["gap"], digits=2),
    ]
