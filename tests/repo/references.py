"""The reference pages, written from the code they describe."""

import argparse
import ast
import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.repo.sentences import BARE, Code, Refusal

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

ARROW_NAMES = {"timestamp[us, tz=UTC]": "timestamp", "fixed_size_binary[16]": "16 bytes", "int64": "whole number"}
SET_BY_US_MEANS = {
    "heard_at": "when it was received",
    "receipt": "in which import",
    "content": "keyed hash of the row as received; tells a duplicate from a conflict",
    "row": "opaque key: the import's number and the place in it",
    "protected": "whether it is an employee's, or of somebody whose kind is unknown",
    "month": "of `happened_at` in UTC, as `2026-03`",
}
BASIS = "`asked`, `observed`, `recorded`, `judged`, `inferred`, `researched`"


def write_signals() -> str:
    from openxmo.core.signals.contract import COLUMNS
    from openxmo.core.signals.store.tables import SET_BY_US

    columns = [
        [
            c.group,
            f"`{c.name}`",
            c.type + (", required" if c.required else ""),
            meaning_of(c.name, c.meaning),
            c.privacy,
        ]
        for c in COLUMNS
    ]
    ours = [
        [f"`{name}`", ARROW_NAMES.get(str(kind), str(kind)), SET_BY_US_MEANS[name]] for name, kind in SET_BY_US.items()
    ]
    return page(
        "The signal",
        "One row of evidence, written once and never edited: an answer, a contact, a step, a log-in time, a renewal. "
        "Accepted as NDJSON, CSV (an attribute is a column `attrs.x`, a list is separated by `|`) or Parquet with "
        "these names; anything else goes through a [mapping file](../how-to/map-a-file.md).",
        "## Columns",
        "Personal columns may name people, sensitive ones hold their words; neither stands in any statistic or log.",
        table(["group", "column", "type", "meaning", "privacy"], columns),
        "OpenXMO adds, and a row must not bring:",
        table(["column", "type", "meaning"], ours),
        "## Names with a fixed meaning",
        "Any name may be sent. These are the ones that OpenXMO itself looks for; each has a made-up row, which can be "
        "imported as it stands. *Needs* are the columns without which it says nothing; every row also has `id`, "
        "`source`, `happened_at`, `kind` and `name`.",
        *write_shapes(),
    )


def meaning_of(name: str, meaning: str) -> str:
    return f"{meaning}; one of {BASIS}" if name == "basis" else meaning


def write_shapes() -> Iterator[str]:
    from openxmo.core.signals import shapes

    for title, listed in {
        "Answers": shapes.ANSWERS,
        "Invitations": shapes.INVITATIONS,
        "Contacts and issues": shapes.CONTACTS,
        "Quality, coaching, knowledge": shapes.LEVERS,
        "Journeys and work": shapes.JOURNEYS,
        "Systems": shapes.TELEMETRY,
        "Money and volume": shapes.BUSINESS,
        "Facts": shapes.FACTS,
    }.items():
        yield f"### {title}"
        yield table(
            ["name", "kind", "means", "needs", "label or item"],
            [[f"`{s.name}`", s.kind, s.meaning, in_code(s.needs), in_code(s.labels or s.items)] for s in listed],
        )
        yield "```json\n" + "\n".join(shape.example_json() for shape in listed) + "\n```"


def in_code(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


# METRICS

FAMILIES = {
    "lagging": "Lagging: what people say of what was",
    "leading": "Leading: what tends to move first",
    "operational": "Operational: what processes did",
    "financial": "Financial: what it was worth",
}


def write_metrics() -> str:
    from openxmo.office.govern.queries import read_default_office

    metrics = read_default_office().metrics
    parts = [
        "Written by `xmo init`, changed by `xmo apply` ([how](../how-to/define-a-metric.md)); how it is scored stands "
        "in [the tally](../explanation/tally.md). A value is shown from the number of signals in the last column on. "
        "No number is without a weak spot, and the metric beside it would show the harm if this one were chased."
    ]
    for family in [*FAMILIES, None]:
        rows = [
            [
                f"`{m.key}`",
                m.label,
                score_of(m),
                m.unit,
                m.better,
                m.weakness,
                f"`{m.counter_metric}`" if m.counter_metric else "",
                str(m.min_n),
            ]
            for m in metrics
            if m.family == family
        ]
        if rows:
            columns = ["key", "what", "scored", "unit", "better", "weak spot", "beside it", "from n"]
            parts += [f"## {FAMILIES.get(family or '', 'Others')}", table(columns, rows)]
    return page("The metrics of a new office", *parts)


def score_of(metric: Any) -> str:
    """The signal and its score as the office file writes them."""
    import msgspec

    fields = msgspec.to_builtins(metric.score)
    kind = fields.pop("kind")
    said = ", ".join(f"{name} {shown(value)}" for name, value in fields.items())
    return (
        f"`{metric.signal}`, {kind}"
        + (f" ({said})" if said else "")
        + (f", once per {metric.once_per}" if metric.once_per else "")
    )


def shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown(each)}" for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return " + ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


# COMMAND


def write_command() -> str:
    from openxmo.cli.commands import COMMANDS
    from openxmo.cli.main import add_common_arguments

    rows = [[c.stage, f"[`xmo {c.name}`](#xmo-{c.name})", c.purpose] for c in COMMANDS]
    parts = [
        "`--json` works on every command: one JSON document on stdout, nothing else; words go to stderr. "
        "Ranges leave out their end. Dates are days in the office's zone.",
        table(["exit code", "means"], [list(each) for each in EXIT_CODES]),
        table(
            ["variable", "says"],
            [
                ["`OPENXMO_HOME`", "the office's folder, where `--home` does not; else `./var`"],
                [
                    "`OPENXMO_SPARK`",
                    "a [Spark server](../how-to/run-on-spark.md) that answers the questions: `sc://host:15002`",
                ],
            ],
        ),
        table(["stage", "command", "does"], rows),
    ]
    for command in COMMANDS:
        module = importlib.import_module(f"openxmo.cli.commands.{command.module}")
        parser = argparse.ArgumentParser(prog=f"xmo {command.name}", add_help=False, formatter_class=WideHelp)
        module.add_arguments(parser)
        add_common_arguments(parser)
        parts += [
            f"## xmo {command.name}",
            (module.__doc__ or "").strip(),
            f"```text\n{parser.format_help().strip()}\n```",
        ]
    return page("The command", *parts)


EXIT_CODES = (
    ("0", "done"),
    ("1", "a check failed (`doctor`), or something was left that needs you (`erase`)"),
    ("2", "wrong usage"),
    ("3", "the input could not be read"),
    ("4", "not allowed"),
    ("70", "a fault of OpenXMO, logged whole in a file that is named"),
    ("130", "stopped by you"),
)


class WideHelp(argparse.HelpFormatter):
    """Help that does not depend on the terminal it is written in."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=120, max_help_position=34)


# ERRORS

# Where a sentence comes from, by the beginning of its module's name; the first that fits counts.
SUBJECTS = {
    "Mapping files": ("core.signals.mapping",),
    "Files that are imported": (
        "core.signals.cells",
        "core.signals.lines",
        "core.signals.judging",
        "core.signals.batches",
    ),
    "The office's folder and its database": (
        "core.signals",
        "office.jobs",
        "office.lib.database",
        "office.lib.framework",
        "office.portability",
        "office.govern.store",
        "office.govern.moving",
    ),
    "Settings": ("office.lib.environment", "office.config.settings", "office.config.checks"),
    "What may be seen": ("core.release", "core.privacy"),
    "Questions": (
        "questions.",
        "core.metrics",
        "core.understand",
        "library",
        "office.govern.asked",
        "office.govern.moments",
        "office.govern.session",
        "office.ui",
    ),
    "Who may do what, people and keys": (
        "office.accounts",
        "office.govern.signing_in",
        "office.govern.people",
        "office.govern.middleware",
    ),
    "The office file and its pages": ("office.govern",),
    "On pages: surveys, files, sources": ("office.listen", "core.listen"),
    "On pages: scores, moves, people": ("office.understand", "office.home"),
    "On pages: cases and recommendations": ("office.act",),
    "On pages: the backlog": ("office.decide",),
    "On pages: initiatives, verdicts, money": ("office.prove",),
    "The API": ("office.config", "office.lib"),
    "Ranking improvements": ("core.decide",),
    "Whether it worked": ("core.prove",),
    "Calendars and service levels": ("core.act",),
    "The sample organisation": ("core.world", "cli.story"),
    "The command": ("cli",),
}


def write_errors() -> str:
    code = Code(SOURCE, "openxmo")
    told: dict[str, set[Refusal]] = {subject: set() for subject in SUBJECTS}
    for name in code.modules:
        for each in code.refusals(name):
            if not BARE.fullmatch(each.says):
                told["The API" if each.status else subject_of(name)].add(each)
    parts = [
        "What OpenXMO says when it cannot do what was asked, by subject, with the way to mend it; nothing is half done "
        "then. `{…}` stands for what is only known when it happens, `(a / b)` for one of several. The number is the "
        "exit code of the command: 2 wrong usage, 3 input that could not be read, 4 not allowed. Pages and the API "
        "answer 400, 422 and 403 for these; where the API answers with another status, it stands in place of the "
        "code. All else is a fault of ours: logged whole, and told in one calm sentence (70, or 500).",
        "The *lake* is where signals are stored; a *receipt* is what each import leaves behind, under its number.",
        "## Rows that are rejected",
        "A bad row stops nothing. It is kept in the rejects file of its import with line, reason and itself.",
        table(
            ["reason", "says"],
            [[f"`{name}`", "<br>".join(sorted(said))] for name, said in sorted(code.rejections().items())],
        ),
    ]
    for subject, refusals in told.items():
        rows = [
            [each.says, each.mend, each.status or str(code.exit_code(each.error))]
            for each in sorted(refusals, key=lambda r: (r.says, r.mend, r.status))
        ]
        if rows:
            parts += [f"## {subject}", table(["says", "mend", "code"], rows)]
    return page("Errors", *parts)


def subject_of(module: str) -> str:
    name = module.removeprefix("openxmo.")
    return next((subject for subject, starts in SUBJECTS.items() if name.startswith(starts)), "The command")


# CAPABILITIES


def write_capabilities() -> str:
    claims: dict[str, list[str]] = {}
    rooms = (SOURCE / "office").rglob("tests/test_*.py")
    for path in sorted([*(PROJECT / "tests").rglob("test_*.py"), *rooms]):
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


# CASES


def write_case_states() -> str:
    from openxmo.office.act.states import CASE_STEPS, RECOMMENDATION_STEPS, mermaid
    from openxmo.office.act.states import table as rows_of

    columns = ["deed", "from", "to", "in the audit"]
    return page(
        "The states of a case and of a recommendation",
        "## A case",
        "It is recovered only when the customer confirms it; one that is reopened within the days of its rule "
        "(7 on day one) is not recovered, whatever comes later.",
        f"```mermaid\n{mermaid(CASE_STEPS, start='open')}\n```",
        table(columns, rows_of(CASE_STEPS)),
        "## A recommendation",
        "Past its time without an answer it is called unanswered, and may still be answered.",
        f"```mermaid\n{mermaid(RECOMMENDATION_STEPS, start='sent')}\n```",
        table(columns, rows_of(RECOMMENDATION_STEPS)),
    )


PAGES: dict[str, Callable[[], str]] = {
    "signals.md": write_signals,
    "metrics.md": write_metrics,
    "command.md": write_command,
    "errors.md": write_errors,
    "capabilities.md": write_capabilities,
    "case-states.md": write_case_states,
}


def links_of(path: Path) -> list[str]:
    """The files that a page of Markdown links to."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
