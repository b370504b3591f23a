"""What should we improve next? WSJF, RICE, Kano and cost/benefit side by side, where they disagree, and what flips."""

import argparse
from pathlib import Path
from typing import Any

from openxmo.cli.asking import open_for
from openxmo.cli.numbers import show_interval, show_number, show_percent
from openxmo.cli.terminal import Terminal
from openxmo.core.decide.kano import MEANINGS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="the items (docs/explanation/ranking.md tells their form)"
    )
    parser.add_argument("--discount-rate", type=float, metavar="R", help="a year (default: the file's, else 0.08)")
    parser.add_argument("--seed", type=int, default=1, help="of the draws within the ranges of cost and benefit")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    answer = open_for(arguments).rank(arguments.file, discount_rate=arguments.discount_rate, seed=arguments.seed)
    document = answer.to_document()
    terminal.document(document)
    show_ranking(document, terminal)
    return 0


FRAMEWORKS = ("wsjf", "rice", "kano", "money")
TITLES = {"wsjf": "WSJF", "rice": "RICE", "kano": "Kano", "money": "money"}


def show_ranking(document: dict[str, Any], terminal: Terminal, *, title: str = "What should we improve next?") -> None:
    """Ranks side by side; what flips and what is blocked under the table."""
    terminal.table(
        ["item", *TITLES.values(), "NPV, thousands", "NPV > 0"],
        [show_item(item) for item in document["items"]],
        title=title,
        right=(1, 2, 4, 5, 6),
        keep=(3,),
    )
    pairs = [
        f"{TITLES[pair['first']]} and {TITLES[pair['second']]} {show_number(pair['tau'])}"
        for pair in document["agreement"]
        if pair["tau"] is not None
    ]
    if pairs:
        terminal.print(f"How far two agree, from −1 to 1 (Kendall's tau): {', '.join(pairs)}.")
    for row in document["disagreement"][:3]:
        if row["spread"] > 0:
            terminal.print(
                f"Most contested: {row['key']} is number {row[row['best_by']]} by {TITLES[row['best_by']]} "
                f"and number {row[row['worst_by']]} by {TITLES[row['worst_by']]}."
            )
    for flip in document["flips"]:
        others = ", ".join(flip["overtaken_by"])
        terminal.print(
            f"With {show_percent(document['effort_up'])} more effort {flip['key']} falls behind {others} "
            f"by {TITLES[flip['by']]}."
        )
    for blocked in document["blocked"]:
        terminal.print(f"Not ranked: {blocked['key']}. {' '.join(blocked['reasons'])}")


def show_item(item: dict[str, Any]) -> list[str]:
    """Ranks by each framework; what Kano's questions found stands beside its rank, which items may share."""
    money, feelings = item["money"], item["kano"]
    shown = {name: str(item[name]["rank"]) if item[name] else "" for name in FRAMEWORKS}
    if feelings:
        shown["kano"] = f"{shown['kano']:>2} {MEANINGS[feelings['category']]}"
    return [
        item["title"] or item["key"],
        *shown.values(),
        show_interval(money["low"] / 1000, money["high"] / 1000) if money else "",
        show_percent(money["p_positive"]) if money else "",
    ]
