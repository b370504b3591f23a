"""Readers of columns and templates, built once for a table and run for every row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openxmo.core.signals.mapping.form import LookupForm
from openxmo.core.signals.mapping.rows import Cells, Read, Row, as_text
from openxmo.core.signals.mapping.templates import Reference, TemplateError, parse_template

ALWAYS_MISSING = frozenset([""])
LINE, FILE, EACH, ITEM = "#line", "#file", "#each", "#item"


@dataclass
class Scope:
    """What the templates of one table may name, and (as they are compiled) what they did name."""

    lookups: Mapping[str, LookupForm]
    missing: frozenset[str]
    each: tuple[str, str] | None = None  # the column and the name that `{#each}` and `{#item}` stand for
    used: dict[str | None, set[str]] = field(default_factory=dict)  # by lookup; None is the row itself

    def parse(self, text: str) -> tuple[str | Reference, ...]:
        parts = parse_template(text, frozenset(self.lookups))
        return tuple(self.settle(part) for part in parts)

    def settle(self, part: str | Reference) -> str | Reference:
        """The part with `{#each}` and `{#item}` put in their place; remembers the column."""
        if isinstance(part, str):
            return part
        if part.column in (EACH, ITEM) and part.lookup is None:
            if self.each is None:
                raise TemplateError(f"`{{{part.column}}}` stands only in a signal that has `each`")
            if part.column == ITEM:
                return self.each[1]
            part = Reference(self.each[0])
        if part.column not in (LINE, FILE):
            self.used.setdefault(part.lookup, set()).add(part.column)
        if part.lookup is not None:
            self.follow(part.lookup)
        return part

    def follow(self, lookup: str) -> None:
        """Marks what the lookup needs of the row, and of the lookups it goes through."""
        for text in key_templates(self.lookups[lookup]):
            for part in parse_template(text, frozenset(self.lookups)):
                if isinstance(part, Reference) and part.column not in self.used.get(part.lookup, set()):
                    self.settle(part)

    def missing_in(self, lookup: str | None) -> frozenset[str]:
        return self.missing | frozenset(self.lookups[lookup].missing if lookup else ())


def key_columns(form: LookupForm) -> tuple[str, ...]:
    return (form.key,) if isinstance(form.key, str) else form.key


def key_templates(form: LookupForm) -> tuple[str, ...]:
    if form.by is None:
        return tuple("{" + column + "}" for column in key_columns(form))
    return (form.by,) if isinstance(form.by, str) else form.by


def clean(cell: Any, missing: frozenset[str]) -> Any:
    """The cell without spaces around it, or None where it holds a code for missing."""
    if cell is None:
        return None
    if type(cell) is str:
        cell = cell.strip()
        return None if cell in missing else cell
    return None if as_text(cell) in missing else cell


def column_reader(reference: Reference, missing: frozenset[str]) -> Read:
    column, lookup = reference.column, reference.lookup
    if lookup is None and column == LINE:
        return lambda row: str(row.line)
    if lookup is None and column == FILE:
        return lambda row: row.file
    if lookup is None:
        return lambda row: clean(row.cells.get(column), missing)

    def read_found(row: Row) -> Any:
        found: list[Cells] = row.find(lookup)
        return clean(found[0].get(column), missing) if found else None

    return read_found


def template_reader(text: str, scope: Scope, missing: Iterable[str] = ()) -> Read:
    """A template's value: the cell itself where it is one column, else text; None where any column is missing."""
    parts = scope.parse(text)
    extra = ALWAYS_MISSING | frozenset(missing)
    readers = [
        part if isinstance(part, str) else column_reader(part, extra | scope.missing_in(part.lookup)) for part in parts
    ]
    if all(isinstance(reader, str) for reader in readers):
        constant = "".join(str(reader) for reader in readers)
        return lambda _: constant
    if len(readers) == 1:
        (only,) = readers
        assert not isinstance(only, str)
        return only

    def read_joined(row: Row) -> str | None:
        joined = ""
        for reader in readers:
            if isinstance(reader, str):
                joined += reader
                continue
            value = reader(row)
            if value is None:
                return None
            joined += as_text(value)
        return joined

    return read_joined


def constant_of(text: str, scope: Scope) -> str | None:
    """The text of a template that names no column, else None."""
    parts = scope.parse(text)
    return "".join(str(part) for part in parts) if all(isinstance(part, str) for part in parts) else None
