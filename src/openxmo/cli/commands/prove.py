"""Did it work? The effect of a change on those it reached, against those it did not, with a verdict.

By the signals: xmo prove METRIC --by district_group --treated pilot --change 2026-03-01.
By a plain table that is no signal: xmo prove --table FILE --outcome fte --treated nj --after d.
"""

import argparse
from pathlib import Path
from typing import Any

from openxmo.cli.asking import add_time_arguments, open_for, read_conditions, read_names
from openxmo.cli.numbers import show_change, show_interval, show_number, show_p
from openxmo.cli.terminal import Terminal
from openxmo.core.errors import WrongUsage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("metric", nargs="?", help="the metric's key")
    parser.add_argument("--by", metavar="A", help="the dimension that says who was treated")
    parser.add_argument("--treated", metavar="V,W", help="its values that were; of a table, its 0/1 column")
    parser.add_argument("--comparison", metavar="V,W", help="values to compare with (default all others; '' for none)")
    parser.add_argument("--change", metavar="T", help="when the change was made")
    parser.add_argument("--since", metavar="D", help="from this day on")
    parser.add_argument("--until", metavar="D", help="up to this day, itself left out")
    parser.add_argument("--every", choices=["week", "month", "quarter"], default="month", help="the periods compared")
    parser.add_argument("--cluster", metavar="A", help="what was treated as one: errors are clustered by it")
    parser.add_argument("--where", action="append", default=[], metavar="K=V", help="only these")
    parser.add_argument("--expected", type=float, metavar="E", help="the effect promised before the start")
    parser.add_argument("--ready", metavar="T", help="when the plan set the verdict for")
    parser.add_argument("--include-excluded", action="store_true", help="everything received")
    parser.add_argument("--table", type=Path, metavar="FILE", help="a CSV or Parquet file, one row a measurement")
    parser.add_argument("--outcome", metavar="C", help="the table's column that was measured")
    parser.add_argument("--after", metavar="C", help="the table's 0/1 column that says after the change")
    parser.add_argument("--better", choices=["higher", "lower"], default="higher", help="of a table's outcome")
    add_time_arguments(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    answer = prove_by_table(arguments) if arguments.table else prove_by_signals(arguments)
    document = answer.to_document()
    terminal.document(document)
    show_proof(document, terminal)
    return 0


def prove_by_table(arguments: argparse.Namespace) -> Any:
    if not arguments.outcome or not arguments.after:
        raise WrongUsage("A table needs --outcome and --after", mend="As in --outcome fte --treated nj --after d.")
    return open_for(arguments).prove_table(
        arguments.table,
        outcome=arguments.outcome,
        treated=arguments.treated,
        after=arguments.after,
        cluster=arguments.cluster,
        better=arguments.better,
        expected=arguments.expected,
    )


def prove_by_signals(arguments: argparse.Namespace) -> Any:
    needed = ("metric", "by", "treated", "change")
    missing = [name if name == "metric" else f"--{name}" for name in needed if not getattr(arguments, name)]
    if missing:
        raise WrongUsage(f"A proof needs {', '.join(missing)}", mend="xmo prove --help shows both forms.")
    return open_for(arguments).prove(
        arguments.metric,
        by=arguments.by,
        treated=read_names(arguments.treated),
        comparison=None if arguments.comparison is None else read_names(arguments.comparison),
        change=arguments.change,
        since=arguments.since,
        until=arguments.until,
        every=arguments.every,
        cluster=arguments.cluster,
        where=read_conditions(arguments.where),
        include_excluded=arguments.include_excluded,
        expected=arguments.expected,
        ready=arguments.ready,
        as_of=arguments.as_of,
        known_at=arguments.known_at,
    )


SIDES = {"treated": True, "comparison": False}


def show_proof(document: dict[str, Any], terminal: Terminal) -> None:
    groups = {(group["treated"], group["after"]): group for group in document["groups"]}
    terminal.table(
        ["group", "before", "after", "moved", "n before", "n after"],
        [show_group(name, groups, side) for name, side in SIDES.items() if (side, True) in groups],
        title=f"Did it work? {document['outcome']}, {document['design']}",
        right=range(1, 6),
    )
    if document["effect"]:
        effect = document["effect"]
        terminal.print(
            f"Effect {show_change(effect['value'])} {document['effect_unit']} "
            f"(95 % {show_interval(effect['low'], effect['high'])}, p {show_p(effect['p'])}, "
            f"errors: {effect['errors']}, n {effect['n']:,})."
        )
    for caution in document["cautions"]:
        terminal.print(f"Mind: {caution}")
    terminal.print(verdict_of(document))


def verdict_of(document: dict[str, Any]) -> str:
    if document["verdict"]:
        return f"verdict: {document['verdict']['sentence']}"
    if document["suppressed"]:
        return "verdict: protected (too few people)"
    return f"verdict: none. Before and after alone: {document['moved']['label']}."


def show_group(name: str, groups: dict[tuple[bool, bool], dict[str, Any]], side: bool) -> list[str]:
    before, after = groups[side, False], groups[side, True]
    known = before["mean"] is not None and after["mean"] is not None
    return [
        name,
        show_number(before["mean"], digits=2),
        show_number(after["mean"], digits=2),
        show_change(after["mean"] - before["mean"], digits=2) if known else "",
        *("" if group["n"] is None else f"{group['n']:,}" for group in (before, after)),
    ]
