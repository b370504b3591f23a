"""The ways to come by a field's raw value: from a column, or computed from several."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from openxmo.core.signals.mapping.columns import Scope, template_reader
from openxmo.core.signals.mapping.form import FieldForm
from openxmo.core.signals.mapping.numbers import read_number
from openxmo.core.signals.mapping.rows import Cells, Read, Row, as_text
from openxmo.core.signals.mapping.templates import Reference, TemplateError, parse_template
from openxmo.core.signals.mapping.times import ReadTime

SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def raw_reader(form: FieldForm, scope: Scope, read_time: ReadTime) -> Read:
    """The reader of the one way that the form names."""
    if form.from_ is not None:
        return template_reader(form.from_, scope, form.missing)
    if form.between is not None:
        return between_reader(form, scope, read_time)
    if form.compare is not None:
        return compare_reader(form, scope, read_time)
    if form.all is not None:
        return all_reader(form.all, scope, form.missing)
    if form.sum is not None:
        return sum_reader(form.sum, scope, form)
    if form.count is not None:
        return count_reader(form.count, scope)
    readers = [template_reader(text, scope, form.missing) for text in form.first or form.join]
    return first_reader(readers) if form.first else join_reader(readers, form.with_)


def first_reader(readers: list[Read]) -> Read:
    return lambda row: next((value for value in (read(row) for read in readers) if value is not None), None)


def join_reader(readers: list[Read], between: str) -> Read:
    def read_joined(row: Row) -> str | None:
        texts = [as_text(value) for value in (read(row) for read in readers) if value is not None]
        return between.join(texts) if texts else None

    return read_joined


def two_dates(pair: tuple[str, str], form: FieldForm, scope: Scope, read_time: ReadTime) -> Callable[[Row], Any]:
    first, second = (template_reader(text, scope, form.missing) for text in pair)

    def read(row: Row) -> tuple[datetime, datetime] | None:
        a, b = first(row), second(row)
        if a is None or b is None:
            return None
        start, end = read_time(a), read_time(b)
        if form.clock == "wall" or (start.tzinfo is None) != (end.tzinfo is None):
            return start.replace(tzinfo=None), end.replace(tzinfo=None)
        return start, end

    return read


def seconds_between(start: datetime, end: datetime) -> float:
    # Two moments in one zone subtract by their clocks, even over a change of it; so offsets are taken off first.
    plain = (end.replace(tzinfo=None) - start.replace(tzinfo=None)).total_seconds()
    before, after = start.utcoffset(), end.utcoffset()
    return plain if before is None or after is None else plain + (before - after).total_seconds()


def between_reader(form: FieldForm, scope: Scope, read_time: ReadTime) -> Read:
    assert form.between is not None
    read = two_dates(form.between, form, scope, read_time)
    unit = SECONDS[form.unit]

    def read_difference(row: Row) -> float | None:
        dates = read(row)
        return None if dates is None else seconds_between(*dates) / unit

    return read_difference


def compare_reader(form: FieldForm, scope: Scope, read_time: ReadTime) -> Read:
    assert form.compare is not None
    read = two_dates(form.compare, form, scope, read_time)

    def read_order(row: Row) -> str | None:
        dates = read(row)
        if dates is None:
            return None
        seconds = seconds_between(*dates)
        return form.same if seconds == 0 else form.before if seconds > 0 else form.after

    return read_order


def many_lookup(text: str, scope: Scope) -> str:
    """The one lookup that a template goes over."""
    named = {part.lookup for part in parse_template(text, frozenset(scope.lookups)) if isinstance(part, Reference)}
    many = [name for name in named if name is not None and scope.lookups[name].many]
    if len(many) != 1:
        raise TemplateError(f"`{text}` must name a column of exactly one lookup with `many = true`")
    return many[0]


def over_found(text: str, scope: Scope, missing: tuple[str, ...]) -> Callable[[Row], list[Any]]:
    """The template's values, one for each row found."""
    lookup = many_lookup(text, scope)
    read = template_reader(text, scope, missing)

    def read_each(row: Row) -> list[Any]:
        values = []
        for cells in row.find(lookup):
            one = Row(row.cells, row.line, row.file, row.books)
            one.found[lookup] = [cells]
            values.append(read(one))
        return [value for value in values if value is not None]

    return read_each


def all_reader(text: str, scope: Scope, missing: tuple[str, ...]) -> Read:
    read = over_found(text, scope, missing)
    return lambda row: list(dict.fromkeys(as_text(value) for value in read(row))) or None


def sum_reader(text: str, scope: Scope, form: FieldForm) -> Read:
    read = over_found(text, scope, form.missing)

    def read_sum(row: Row) -> float | None:
        values = read(row)
        return sum(read_number(value, form.decimal) for value in values) if values else None

    return read_sum


def count_reader(lookup: str, scope: Scope) -> Read:
    if lookup not in scope.lookups:
        raise TemplateError(f"`count` must name a lookup, and `{lookup}` is none")
    scope.used.setdefault(lookup, set())
    scope.follow(lookup)

    def read_count(row: Row) -> int:
        found: list[Cells] = row.find(lookup)
        return len(found)

    return read_count
