"""The reference pages, written from the code they describe."""

import argparse
import ast
import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "openxmo"
REFERENCE = PROJECT / "docs" / "reference"
NOTE = "<!-- Written by `make docs`; change the code, not this page. -->"


def page(title: str, *paragraphs: str) -> str:
    return "\n\n".join([f"# {title}", NOTE, *paragraphs]) + "\n"


def table(columns: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join(lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows])


# SIGNALS


def write_signals() -> str:
    from openxmo.core.signals.contract import COLUMNS
    from openxmo.core.signals.shapes import SHAPES
    from openxmo.core.signals.tables import SET_BY_US

    columns = [
        [c.group, f"`{c.name}`", c.type + (", required" if c.required else ""), c.meaning, c.privacy] for c in COLUMNS
    ]
    ours = [["set by us", f"`{name}`", str(kind), "", "plain"] for name, kind in SET_BY_US.items()]
    shapes = [
        [f"`{s.name}`", s.kind, s.meaning, ", ".join(f"`{c}`" for c in s.needs), f"`{s.example_json()}`"]
        for s in SHAPES
    ]
    return page(
        "The signal",
        "One row of evidence, written once and never edited. Accepted as NDJSON, CSV (an attribute is a column `attrs.x`, a list is "
        "separated by `|`) or Parquet with these names; anything else goes through a [mapping file](../how-to/map-a-file.md).",
        table(["group", "column", "type", "meaning", "privacy"], columns + ours),
        "## Reserved shapes",
        "Names with a fixed meaning, each with a made-up row.",
        table(["name", "kind", "means", "needs", "a row"], shapes),
    )


# METRICS


def write_metrics() -> str:
    from openxmo.office.govern.queries import read_default_office

    office = read_default_office()
    rows = [
        [f"`{m.key}`", m.label, m.family or "", m.unit, m.better, f"`{m.signal}`", m.score.kind, m.weakness]
        for m in office.metrics
    ]
    return page(
        "The metrics of a new office",
        "Written by `xmo init`, changed by `xmo apply`. Each has at least 30 answers before its value is shown.",
        table(["key", "label", "family", "unit", "better", "signal", "score", "weakness"], rows),
    )


# COMMAND


def write_command() -> str:
    from openxmo.cli.commands import COMMANDS
    from openxmo.cli.main import add_common_arguments

    parts = [
        "`--json` works on every command: one JSON document on stdout, nothing else; words go to stderr. "
        "Exit codes: 0 done · 1 a check failed · 2 wrong usage · 3 the input could not be read · 4 not allowed. "
        "Ranges leave out their end. Dates are days in the office's zone.",
    ]
    for command in COMMANDS:
        module = importlib.import_module(f"openxmo.cli.commands.{command.module}")
        parser = argparse.ArgumentParser(prog=f"xmo {command.name}", add_help=False, formatter_class=WideHelp)
        module.add_arguments(parser)
        add_common_arguments(parser)
        parts += [f"## xmo {command.name}", module.__doc__.strip(), f"```\n{parser.format_help().strip()}\n```"]
    return page("The command", *parts)


class WideHelp(argparse.HelpFormatter):
    """Help that does not depend on the terminal it is written in."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=120, max_help_position=34)


# ERRORS


def write_errors() -> str:
    parts = [
        "What a user can cause, by the part of OpenXMO that says it, with the way to mend it. `{…}` stands for a value. "
        "All other errors are faults of ours: they are logged whole and shown as one calm sentence (exit code 70).",
    ]
    for path in sorted(SOURCE.rglob("*.py")):
        rows = [list(row) for row in sorted(set(find_errors(path)))]
        if rows:
            parts += [f"## {path.relative_to(SOURCE).as_posix()}", table(["error", "says", "mend"], rows)]
    return page("Errors", *parts)


ERRORS = ("WrongUsage", "UnreadableInput", "NotAllowed")


def find_errors(path: Path) -> Iterator[tuple[str, str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and node.args:
            mend = next((k.value for k in node.keywords if k.arg == "mend"), None)
            yield node.func.id, words_of(node.args[0]), words_of(mend) if mend else ""


def words_of(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(words_of(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return words_of(node.left) + words_of(node.right)
    return "{…}"


# CAPABILITIES


def write_capabilities() -> str:
    claims: dict[str, list[str]] = {}
    for path in sorted((PROJECT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for capability in marks_of(node):
                    sentence = node.name.removeprefix("test_").replace("_", " ")
                    claims.setdefault(capability, []).append(f"{sentence} (`{path.relative_to(PROJECT).as_posix()}`)")
    rows = [[capability, "<br>".join(claims[capability])] for capability in sorted(claims)]
    return page(
        "What OpenXMO can do, as far as it is tested",
        "A capability is claimed only where a test proves what good looks like.",
        table(["capability", "proved by"], rows),
    )


def marks_of(node: ast.FunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.capability":
            yield from (str(arg.value) for arg in decorator.args if isinstance(arg, ast.Constant))


PAGES: dict[str, Callable[[], str]] = {
    "signals.md": write_signals,
    "metrics.md": write_metrics,
    "command.md": write_command,
    "errors.md": write_errors,
    "capabilities.md": write_capabilities,
}


def links_of(path: Path) -> list[str]:
    """The files that a page of Markdown links to."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
