"""What is this metric, by what, and when? Every number comes with its n, its interval and what was left out."""

import argparse
from typing import Any

from openxmo.cli.asking import add_question_arguments, add_time_arguments, open_for, read_conditions, read_names
from openxmo.cli.numbers import show_excluded, show_interval, show_number
from openxmo.cli.terminal import Terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("metric", help="the metric's key (`xmo metrics` lists them)")
    add_question_arguments(parser)
    add_time_arguments(parser)
    parser.add_argument("--since", metavar="D", help="from this day on, in the office's zone")
    parser.add_argument("--until", metavar="D", help="up to this day, itself left out")
    parser.add_argument("--every", choices=["day", "week", "month", "quarter", "year"], help="one row a period")
    parser.add_argument("--weighted", action="store_true", help="with the survey's weights")
    parser.add_argument(
        "--include-excluded", action="store_true", help="everything received, also what its source leaves out"
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    session = open_for(arguments)
    answer = session.score(
        arguments.metric,
        by=read_names(arguments.by),
        where=read_conditions(arguments.where),
        since=arguments.since,
        until=arguments.until,
        every=arguments.every,
        weighted=arguments.weighted,
        include_excluded=arguments.include_excluded,
        as_of=arguments.as_of,
        known_at=arguments.known_at,
    )
    document = answer.to_document()
    terminal.document(document)
    show_scores(document, terminal, title=f"What is {session.label_of(arguments.metric)}?")
    return 0


def show_scores(document: dict[str, Any], terminal: Terminal, *, title: str) -> None:
    """The contract's answer as a table: one row a cell, cuts first."""
    rows = document["rows"]
    cuts = list(rows[0]["by"]) if rows else []
    periods = any(row["period"] for row in rows)
    columns = [*(["period"] if periods else []), *cuts, f"value ({document['unit']})" if document["unit"] else "value"]
    columns += ["95 % interval", "n", "could show", "left out"]
    first_number = len(columns) - 5
    terminal.table(
        columns,
        [
            [
                *([row["period"]] if periods else []),
                *("(missing)" if row["by"][cut] is None else row["by"][cut] for cut in cuts),
                show_number(row["value"]) if row["suppressed"] is None else show_suppressed(row),
                show_interval(row["low"], row["high"]),
                "" if row["n"] is None else f"{row['n']:,}",
                show_number(row["detectable"]),
                show_excluded(row["excluded"]),
            ]
            for row in rows
        ],
        title=title,
        right=[first_number, first_number + 1, first_number + 2, first_number + 3],
        note="" if rows else "Nothing was heard that this question asks for.",
    )


def show_suppressed(row: dict[str, Any]) -> str:
    return {"too_few": "too few", "privacy": "protected"}[row["suppressed"]]
