"""One field of a signal, compiled: from its form to a reader that gives the contract's JSON value or None."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from openxmo.core.signals.contract import TYPES
from openxmo.core.signals.mapping.columns import Scope
from openxmo.core.signals.mapping.computed import raw_reader
from openxmo.core.signals.mapping.form import FieldForm, Form
from openxmo.core.signals.mapping.nearest import suggest
from openxmo.core.signals.mapping.numbers import read_number
from openxmo.core.signals.mapping.rows import Read, Row, UnmappableError, as_text
from openxmo.core.signals.mapping.times import ReadTime, time_reader

Convert = Callable[[Any], Any]


def compile_field(name: str, form: Form, scope: Scope, *, zone: str | None, dates: tuple[str, ...]) -> Read:
    """The reader of field `name` of the contract; `zone` and `dates` are the table's, where the form names none."""
    if isinstance(form, bool):
        form = as_text(form)
    if isinstance(form, float):
        constant = form if TYPES.get(name, "").startswith("number") else as_text(form)
        return lambda _: constant
    full = FieldForm(from_=form) if isinstance(form, str) else form
    read_time = time_reader(full.dates or dates, full.zone or zone)
    read = translated(name, raw_reader(full, scope, read_time), full)
    convert = converter(TYPES.get(name, "string"), full, read_time)

    def read_field(row: Row) -> Any:
        value = read(row)
        return None if value is None else convert(value)

    return read_field


def translated(name: str, read: Read, form: FieldForm) -> Read:
    """The reader with the form's map, or its list of known values, applied."""
    if not form.map and not form.known:
        return read
    names: dict[str, str | float] = dict(form.map) or {text: text for text in form.known}

    def read_translated(row: Row) -> Any:
        value = read(row)
        if value is None:
            return None
        text = as_text(value)
        return names[text] if text in names else judge_unknown(name, text, form, names, row)

    return read_translated


def judge_unknown(name: str, text: str, form: FieldForm, names: dict[str, str | float], row: Row) -> str | None:
    if form.unknown == "reject":
        raise UnmappableError(
            "unknown_value", f"`{text[:80]}` is not a value the mapping knows. {suggest(text, names)}"
        )
    if form.unknown == "exclude":
        row.doubts.append(f"unknown {name}: {text[:80]}")
    return None if form.unknown == "missing" else text


def converter(kind: str, form: FieldForm, read_time: ReadTime) -> Convert:
    """From a raw value to the contract's type, in JSON."""
    if kind == "timestamp":
        return lambda value: as_json_time(read_time(value))
    if kind == "number":
        return number_converter(form)
    if kind == "number or timestamp":
        number = number_converter(form)
        return lambda value: revision(value, number, read_time)
    if kind == "list of strings":
        return lambda value: value if isinstance(value, list) else [as_text(value)]
    return string


def string(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else as_text(value)


def number_converter(form: FieldForm) -> Convert:
    factor, shift, decimal = form.multiply, form.add, form.decimal

    def convert(value: Any) -> float:
        number = read_number(value, decimal)
        turned = (number if factor is None else number * factor) + (shift or 0.0)
        if not isfinite(turned):
            raise UnmappableError("no_number", f"`{str(value)[:80]}` becomes too large a number.")
        return turned

    return convert


def as_json_time(moment: datetime) -> str:
    """In UTC, or without a zone where none is known: then the zone of the source decides."""
    try:
        return (moment if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()
    except OverflowError as error:
        raise UnmappableError("no_date", f"`{moment}` lies outside the years 1 to 9999.") from error


def revision(value: Any, number: Convert, read_time: ReadTime) -> float | str:
    try:
        return float(number(value))
    except UnmappableError:
        return as_json_time(read_time(value))


def list_reader(forms: tuple[Form, ...], compile_one: Callable[[Form], Read]) -> Read:
    """A list field (`objects`): the entries that are not missing, each once."""
    readers = [compile_one(form) for form in forms]

    def read_list(row: Row) -> list[str] | None:
        entries: dict[str, None] = {}
        for read in readers:
            value = read(row)
            if value is not None:
                entries.update(dict.fromkeys(value if isinstance(value, list) else [value]))
        return list(entries) or None

    return read_list


def map_reader(readers: list[tuple[str, Read]]) -> Read:
    """The `attrs` that are not missing."""

    def read_map(row: Row) -> dict[str, str] | None:
        attrs = {}
        for name, read in readers:
            try:
                value = read(row)
            except UnmappableError as error:
                raise UnmappableError(error.code, f"attrs.{name}: {error.reason}") from error
            if value is not None:
                attrs[name] = value
        return attrs or None

    return read_map
