"""What all questions take: the home, the cut, the conditions, the moment judged from."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openxmo.core.errors import WrongUsage

if TYPE_CHECKING:
    from openxmo.library import Session


def resolve_home(arguments: argparse.Namespace) -> Path:
    """`--home`, else OPENXMO_HOME, else ./var."""
    named: Path | None = arguments.home
    return named or Path(os.environ.get("OPENXMO_HOME") or "var")


def open_for(arguments: argparse.Namespace) -> "Session":
    """The office of this command, as the operator or as the person named by --as; OPENXMO_SPARK names a server."""
    import openxmo

    return openxmo.open(
        resolve_home(arguments), as_user=arguments.as_user, spark=os.environ.get("OPENXMO_SPARK") or None
    )


def add_question_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--by", default="", metavar="A,B", help="cut by these columns, attributes (attrs.x) or dimensions"
    )
    parser.add_argument(
        "--where", action="append", default=[], metavar="K=V", help="only these; the same key again means or"
    )


def add_time_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", metavar="T", help="the moment judged from (default now)")
    parser.add_argument("--known-at", metavar="T", help="only what was heard by then")


def read_names(words: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in words.split(",") if name.strip())


def read_conditions(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    pairs = [word.partition("=") for word in words]
    for (key, sign, _), word in zip(pairs, words, strict=True):
        if not sign or not key:
            raise WrongUsage(f"`{word}` is no condition", mend="Write it as key=value: --where channel=chat.")
    return tuple((key.strip(), value) for key, _, value in pairs)


def read_range(words: str) -> tuple[str, str]:
    """`2026-01-01..2026-04-01`: the end is left out."""
    start, sign, end = words.partition("..")
    if not sign or not start or not end:
        raise WrongUsage(
            f"`{words}` is no range", mend="Write it as D..D: 2026-01-01..2026-04-01 (the end is left out)."
        )
    return start, end
