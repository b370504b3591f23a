"""A plan written as a mapping file, for this import and for the next of the same form."""

import json
from collections.abc import Sequence
from typing import Any

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.mapping.form import FileForm
from openxmo.core.signals.mapping.guessing.columns import ColumnLook
from openxmo.core.signals.mapping.guessing.measures import NO, YES, Measure
from openxmo.core.signals.mapping.guessing.planning import Plan

UNITS = {"s": ("s", None), "min": ("s", 60.0), "h": ("h", None), "d": ("h", 24.0), "%": ("%", None), "": (None, None)}
KINDS = {"rating": "X", "yes_no": "X", "words": "X", "number": "O"}
CURRENCY_LETTERS = 3


def write_mapping(plan: Plan, form: FileForm, columns: Sequence[ColumnLook], *, title: str) -> str:
    """The mapping as TOML. WrongUsage where the plan still lacks what every signal needs."""
    if not plan.measures:
        raise WrongUsage("Nothing was chosen that this file measures.", mend="Choose the column with the answers.")
    if not (plan.when or plan.day):
        raise WrongUsage("It is not said when this happened.", mend="Choose the column with the dates, or one day.")
    by_name = {column.name: column for column in columns}
    lines = [
        "# Made from the file's own columns and the answers given in the browser.",
        "# `xmo import FILE --mapping` takes it for the next file of the same form; ids begin with the file's name.",
        f"source = {quote(plan.source)}",
        *([f"zone = {quote(plan.zone)}"] if plan.zone else []),
        f"dates = [{quote(plan.dates or 'iso')}]",
        *([f"missing = {as_list(plan.missing)}"] if plan.missing else []),
        "",
        "[about]",
        f"title = {quote(title)}",
        "",
        "[table.rows]",
        'file = "*"',
        f"format = {quote(form.format or 'csv')}",
        *([f"delimiter = {quote(form.delimiter)}"] if form.format == "csv" else []),
        *([f"encoding = {quote(form.encoding)}"] if form.format in ("csv", "ndjson") else []),
        *optional_columns(plan, form),
        "",
        "[table.rows.common]",
        *common_lines(plan, by_name),
    ]
    for measure in plan.measures:
        lines += ["", "[[signal]]", *signal_lines(measure, by_name.get(measure.column))]
    return "\n".join(lines) + "\n"


def optional_columns(plan: Plan, form: FileForm) -> list[str]:
    """JSON objects leave out what they lack: no column of theirs is certain."""
    named = [*plan.fields.values(), *plan.extras, *(measure.column for measure in plan.measures)]
    return [f"optional = {as_list(named)}"] if form.format == "ndjson" else []


def common_lines(plan: Plan, by_name: dict[str, ColumnLook]) -> list[str]:
    known = {**plan.fields, **({"subject": plan.subject} if plan.subject else {})}
    lines = [f"happened_at = {quote(plan.day) if plan.day else column(plan.when or '')}"]
    lines += [f"{field} = {column(name)}" for field, name in known.items() if name in by_name]
    lines += [f"subject_kind = {quote(plan.subject_kind)}"] if plan.subject_kind else []
    if plan.extras:
        lines += ["", "[table.rows.common.attrs]"]
        lines += [f"{quote(name)} = {column(name)}" for name in plan.extras]
    return lines


def signal_lines(measure: Measure, seen: ColumnLook | None) -> list[str]:
    lines = [f"id = {quote('{#file}:{#line}:' + measure.name)}", f"name = {quote(measure.name)}"]
    if measure.sort == "words":
        return [*lines, 'kind = "X"', 'basis = "asked"', 'needs = ["text"]', f"text = {column(measure.column)}"]
    if measure.sort == "yes_no":
        values = seen.values if seen else ()
        labels = {value: "yes" if value.lower() in YES else "no" for value in values if value.lower() in (*YES, *NO)}
        pairs = ", ".join(f"{quote(value)} = {quote(label)}" for value, label in labels.items())
        made = f"label = {{ from = {column(measure.column)}, map = {{ {pairs} }} }}"
        return [*lines, 'kind = "X"', 'basis = "asked"', 'needs = ["label"]', made]
    return [*lines, *number_lines(measure, seen)]


def number_lines(measure: Measure, seen: ColumnLook | None) -> list[str]:
    parts = [f"from = {column(measure.column)}"]
    if seen and seen.decimal == ",":
        parts.append('decimal = ","')
    lines = [f"kind = {quote(KINDS[measure.sort])}", 'needs = ["value"]']
    if measure.sort == "rating":
        lines += ['basis = "asked"', f"scale = {quote(turned(measure))}"]
    else:
        unit, factor = unit_of(measure.unit)
        lines += [f"value_unit = {quote(unit)}"] if unit else []
        parts += [f"multiply = {factor}"] if factor else []
    return [*lines, f"value = {{ {', '.join(parts)} }}"]


def turned(measure: Measure) -> str:
    """The scale as the contract writes it: from worst to best."""
    if not measure.scale:
        raise WrongUsage(f"The scale of {measure.column} is not known.", mend="Say its ends, such as 1..5.")
    low, _, high = measure.scale.partition("..")
    return f"{high}..{low}" if measure.lower_is_better else f"{low}..{high}"


def unit_of(unit: str | None) -> tuple[str | None, float | None]:
    if unit in UNITS:
        return UNITS[unit]
    return (unit, None) if unit and len(unit) == CURRENCY_LETTERS and unit.isupper() else (None, None)


def column(name: str) -> str:
    """A template that is this column."""
    if "{" in name or "}" in name:
        raise WrongUsage(f"The column {name!r} has braces in its name.", mend="Rename it in the file's first line.")
    return quote("{" + name + "}")


def quote(text: Any) -> str:
    """A string as TOML writes it; JSON's escapes are among TOML's, but for the delete sign."""
    return json.dumps(str(text)).replace("\x7f", "\\u007f")


def as_list(words: Sequence[str]) -> str:
    return f"[{', '.join(quote(word) for word in words)}]"
