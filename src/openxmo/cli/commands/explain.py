"""Why did this metric move? Parts that add up exactly to the move, and the cells that the move can be traced to."""

import argparse
from typing import Any

from openxmo.cli.asking import (
    add_question_arguments,
    add_time_arguments,
    open_for,
    read_conditions,
    read_names,
    read_range,
)
from openxmo.cli.numbers import show_change, show_interval, show_number, show_p, show_percent
from openxmo.cli.terminal import Terminal

SHOWN = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("metric", help="the metric's key")
    parser.add_argument("--before", required=True, metavar="D..D", help="the earlier days, the end left out")
    parser.add_argument("--after", required=True, metavar="D..D", help="the later days, the end left out")
    add_question_arguments(parser)
    parser.add_argument(
        "--include-excluded", action="store_true", help="everything received, also what its source leaves out"
    )
    add_time_arguments(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    session = open_for(arguments)
    answer = session.explain(
        arguments.metric,
        before=read_range(arguments.before),
        after=read_range(arguments.after),
        by=read_names(arguments.by),
        where=read_conditions(arguments.where),
        include_excluded=arguments.include_excluded,
        as_of=arguments.as_of,
        known_at=arguments.known_at,
    )
    document = answer.to_document()
    terminal.document(document)
    show_explanation(document, terminal, label=session.label_of(arguments.metric))
    return 0


def show_explanation(document: dict[str, Any], terminal: Terminal, *, label: str) -> None:
    change = document["change"]
    if change["value"] is None:
        terminal.print(f"How far {label} moved cannot be told.")
        return
    real = "real" if change["p"] is not None and change["p"] < 0.05 else "within noise"
    terminal.print(
        f"{label}: {show_number(document['before']['value'])} → {show_number(document['after']['value'])}, "
        f"{show_change(change['value'])} "
        f"(95 % {show_interval(change['low'], change['high'])}, p {show_p(change['p'])}): {real}."
    )
    parts = sorted(document["parts"], key=lambda part: -abs((part["mix"] or 0) + (part["rate"] or 0)))
    rows = [show_part(part) for part in parts[:SHOWN]]
    mix, rate = sum(part["mix"] for part in parts), sum(part["rate"] for part in parts)
    rows.append(["all parts", show_change(mix), show_change(rate), show_change(mix + rate), "", "", ""])
    terminal.table(
        ["part", "mix", "rate", "together", "95 % interval", "n before", "n after"],
        rows,
        title="Which parts make up the move?",
        right=range(1, 7),
        note=f"{len(parts) - SHOWN} smaller parts are in --json." if len(parts) > SHOWN else "",
    )
    show_localised(document["localised"], terminal)


def show_part(part: dict[str, Any]) -> list[str]:
    return [
        show_cell(part["by"]),
        show_change(part["mix"]),
        show_change(part["rate"]),
        show_change(part["mix"] + part["rate"]),
        show_interval(part["low"], part["high"]),
        "" if part["n_before"] is None else f"{part['n_before']:,}",
        "" if part["n_after"] is None else f"{part['n_after']:,}",
    ]


def show_cell(by: dict[str, str | None] | None) -> str:
    if by is None:
        return "all others"
    return " × ".join("(missing)" if value is None else value for value in by.values())


def show_localised(found: list[dict[str, Any]], terminal: Terminal) -> None:
    if not found:
        terminal.print("No part moved differently from the rest: look for a cause that is everywhere.")
        return
    for cell in found:
        name = ", ".join(f"{key} = {value}" for key, value in cell["by"].items())
        terminal.print(
            f"Look at {name}: {show_share(cell['share'])}p {show_p(cell['p'])} after correction for the search "
            f"(n {cell['n_before']:,} → {cell['n_after']:,})."
        )


def show_share(share: float | None) -> str:
    """None where the whole did not move at all, though a part of it did."""
    return "" if share is None else f"{show_percent(share)} of the change, "
