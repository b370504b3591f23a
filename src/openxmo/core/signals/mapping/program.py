"""A table of a mapping compiled: from a row to its signals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openxmo.core.signals.mapping.columns import Scope
from openxmo.core.signals.mapping.conditions import Passes, compile_conditions
from openxmo.core.signals.mapping.form import ManyForm, SignalMapping
from openxmo.core.signals.mapping.rows import Book, Cells, MappedRow, Row, RowError, UnmappableError
from openxmo.core.signals.mapping.signals import FieldError, Make, MisfitError, compile_signal


@dataclass(frozen=True)
class Program:
    """What one table's rows go through. `used` are the columns it asks for, by lookup (None: the table itself)."""

    table: str
    scope: Scope
    passes: Passes | None
    makers: tuple[Make, ...]
    used: Mapping[str | None, frozenset[str]]


def compile_table(mapping: SignalMapping, table: str, *, source: str | None) -> Program:
    """The program of a table. FieldError and TemplateError name what cannot be compiled."""
    form = mapping.form.table[table]
    scope = Scope(mapping.form.lookup, frozenset(mapping.form.missing) | frozenset(form.missing))
    passes = compile_conditions(form.when, form.unless, scope)
    common: dict[str, ManyForm] = {**({"source": escape(source)} if source else {}), **mapping.common[table]}
    makers: list[Make] = []
    for number, signal in enumerate(mapping.signals):
        if signal.control.table not in (None, table):
            continue
        try:
            makers += compile_signal(
                signal, common, scope, zone=form.zone or mapping.form.zone, dates=form.dates or mapping.form.dates
            )
        except FieldError as error:
            error.signal = number
            raise
    used = {name: frozenset(columns) for name, columns in scope.used.items()}
    return Program(table, scope, passes, tuple(makers), used)


def escape(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def run_row(program: Program, cells: Cells, line: int, file: str, books: Mapping[str, Book], raw: object) -> MappedRow:
    """The row's signals, or the first thing wrong with it: a row is heard whole or not at all."""
    row = Row(cells, line, file, books)
    signals: list[dict[str, Any]] = []
    try:
        if program.passes is None or program.passes(row):
            for make in program.makers:
                signal = make(row)
                if signal is not None:
                    signals.append(signal)
    except MisfitError as misfit:
        return MappedRow(line, file, [], misfit.error, raw)
    except UnmappableError as error:  # a lookup asked for by a condition
        return MappedRow(line, file, [], RowError(None, error.code, error.reason), raw)
    return MappedRow(line, file, signals, None, raw)
