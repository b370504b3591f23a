"""A mapping file read and checked against itself, with every fault named by its place."""

import tomllib
from collections.abc import Mapping
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import msgspec

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import COLUMNS, Signal
from openxmo.core.signals.mapping.checker import SENTENCE, Checker
from openxmo.core.signals.mapping.form import (
    WAYS,
    About,
    FieldForm,
    LookupForm,
    ManyForm,
    MappingForm,
    SignalControl,
    SignalForm,
    SignalMapping,
    TableForm,
)
from openxmo.core.signals.mapping.lookups import find_circle
from openxmo.core.signals.mapping.nearest import suggest
from openxmo.core.signals.mapping.places import Place
from openxmo.core.signals.mapping.program import compile_table
from openxmo.core.signals.mapping.signals import MUST, FieldError
from openxmo.core.signals.mapping.templates import TemplateError
from openxmo.core.signals.mapping.times import check_date_format, read_zone

FIELDS = frozenset(column.name for column in COLUMNS)
CONTROLS = frozenset(SignalControl.__struct_fields__)
CHOICES = {
    "kind": "It is one of X, O, T and B.",
    "basis": "It is one of asked, observed, recorded, judged, inferred and researched.",
    "subject_kind": "It is one of customer, employee and partner.",
    "scale": "Write it like 0..10, or 5..1 where lower is better.",
}


def load_mapping(path: Path) -> SignalMapping:
    """Reads and checks a mapping file. UnreadableInput names the line, the key and how to mend it."""
    check = Checker(path, read_text(path))
    try:
        document = tomllib.loads(check.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableInput(f"{SENTENCE}it is no TOML: {error}.", where=str(path)) from error
    form = read_frame(check, document)
    check_files(check, form)
    signals = tuple(read_signal(check, one, place) for place, one in enumerate(form.signal))
    common = {
        name: {key: read_form(check, key, value, ("table", name, "common")) for key, value in table.common.items()}
        for name, table in form.table.items()
    }
    mapping = SignalMapping(path=path, form=form, signals=signals, common=common)
    check_signals(check, mapping)
    return mapping


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UnreadableInput(f"The mapping {path.name} cannot be read: {reason}.", where=str(path)) from error


def read_frame(check: Checker, document: dict[str, Any]) -> MappingForm:
    """All but the signals. Each table and lookup is read by itself, so that a fault names it."""
    for kind, form in (("table", TableForm), ("lookup", LookupForm)):
        named = document.get(kind, {})
        if not isinstance(named, dict) or not all(isinstance(one, dict) for one in named.values()):
            check.fail((kind,), f"a {kind} has a name: write `[{kind}.NAME]`")
        for name, one in named.items():
            check.convert(one, form, (kind, name), form.__struct_fields__)
    check.convert(document.get("about", {"title": ""}), About, ("about",), About.__struct_fields__)
    if "table" not in document:
        check.fail((), "it names no file to make signals of", "Write a section `[table.NAME]`.")
    if not document.get("signal"):
        check.fail((), "it makes no signal", "Write at least one section `[[signal]]`.")
    return check.convert(document, MappingForm, (), MappingForm.__struct_fields__)


def check_files(check: Checker, form: MappingForm) -> None:
    check_times(check, form.zone, form.dates, ())
    for kind, files in (("table", form.table), ("lookup", form.lookup)):
        for name, file in files.items():
            if not is_encoding(file.encoding):
                what = f"no encoding is called `{file.encoding}`"
                check.fail((kind, name, "encoding"), what, "A common one is utf-8.")
            if "." in name or "{" in name or name.startswith("#"):
                check.fail((kind, name), f"`{name}` may not be the name of a {kind}: leave out . {{ #")
    for name, table in form.table.items():
        check_times(check, table.zone, table.dates, ("table", name))
    for name, lookup in form.lookup.items():
        keys, by = lookup.key, lookup.by
        if by is not None and len([keys] if isinstance(keys, str) else keys) != len(
            [by] if isinstance(by, str) else by
        ):
            check.fail(("lookup", name, "by"), "`by` must name as many values as `key` names columns")
    try:
        circle = find_circle(form.lookup)
    except TemplateError as error:
        check.fail(("lookup",), str(error))
    if circle:
        check.fail(("lookup", circle[0]), f"the lookups go through each other in a circle: {' → '.join(circle)}")


def is_encoding(name: str) -> bool:
    """Whether text can be read by it: Python also knows codecs that turn bytes into bytes."""
    try:
        TextIOWrapper(BytesIO(), encoding=name).read()
    except (LookupError, ValueError):
        return False
    return True


def check_times(check: Checker, zone: str | None, dates: tuple[str, ...], place: Place) -> None:
    try:
        if zone is not None:
            read_zone(zone)
    except ValueError as error:
        check.fail((*place, "zone"), str(error), "Names look like Europe/Vienna or UTC.")
    for form in dates:
        try:
            check_date_format(form)
        except ValueError as error:
            check.fail((*place, "dates"), f"{error}")


def read_signal(check: Checker, written: dict[str, Any], number: int) -> SignalForm:
    place: Place = ("signal", number)
    control = check.convert(
        {key: value for key, value in written.items() if key in CONTROLS}, SignalControl, place, CONTROLS
    )
    fields = {key: read_form(check, key, value, place) for key, value in written.items() if key not in CONTROLS}
    return SignalForm(control=control, fields=fields)


def read_form(check: Checker, key: str, value: Any, place: Place) -> ManyForm:
    """One field's form, of a name that the contract knows and of the shape its type asks for."""
    if key not in FIELDS:
        check.fail((*place, key), f"`{key}` is no field of a signal", suggest(key, FIELDS | CONTROLS))
    here = (*place, key)
    if key == "attrs":
        if not isinstance(value, dict):
            check.fail(here, "`attrs` is a table of names and their values")
        return {name: read_one(check, one, (*here, name)) for name, one in value.items()}
    if isinstance(value, list):
        if key != "objects":
            check.fail(here, f"`{key}` takes one value, not a list", 'To take the first: { first = ["{a}", "{b}"] }')
        return tuple(read_one(check, one, here) for one in value)
    return read_one(check, value, here)


def read_one(check: Checker, value: Any, place: Place) -> str | bool | float | FieldForm:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, dict):
        check.fail(place, "this is neither text, number nor a table; a date is written as text")
    known = frozenset(name.rstrip("_") for name in FieldForm.__struct_fields__)
    form = check.convert(value, FieldForm, place, known)
    ways = [name.rstrip("_") for name in WAYS if getattr(form, name) not in (None, ())]
    if len(ways) != 1:
        said = (
            f"names {len(ways)} ways to come by it ({', '.join(ways)})" if ways else "does not say where it comes from"
        )
        check.fail(place, f"the field {said}", f"Give exactly one of {', '.join(way.rstrip('_') for way in WAYS)}.")
    if form.compare and (form.before, form.same, form.after) == (None, None, None):
        check.fail(place, "the comparison has no outcome", "Give the labels of `before`, `same` and `after`.")
    if form.map and form.known:
        check.fail(place, "`map` and `known` stand together", "The keys of a map are what is known.")
    check_times(check, form.zone, form.dates, place)
    return form


def check_signals(check: Checker, mapping: SignalMapping) -> None:
    """That every signal names its table, has what the contract requires, and compiles."""
    for number, signal in enumerate(mapping.signals):
        place: Place = ("signal", number)
        table = signal.control.table
        if table is None and len(mapping.form.table) != 1:
            check.fail(place, "the signal does not say of which `table` it is", suggest("", mapping.form.table))
        if table is not None and table not in mapping.form.table:
            check.fail((*place, "table"), f"`{table}` is no table", suggest(table, mapping.form.table))
        name = table or next(iter(mapping.form.table))
        fields = {**mapping.common[name], **signal.fields}
        lacking = [field for field in MUST if fields.get(field, "") == ""]
        if lacking:
            check.fail(place, f"the signal says nothing of `{'`, `'.join(lacking)}`", "Every signal needs them.")
        check_constants(check, fields, place)
        for field in signal.control.needs:
            if field not in fields:
                check.fail(
                    (*place, "needs"),
                    f"`needs` names `{field}`, which the signal does not have",
                    suggest(field, fields),
                )
    for name in mapping.form.table:
        try:
            compile_table(mapping, name, source="source")
        except FieldError as error:
            check.fail(("signal", error.signal, error.field), str(error))
        except TemplateError as error:
            check.fail(("table", name), str(error))


def check_constants(check: Checker, fields: Mapping[str, ManyForm], place: Place) -> None:
    """That kind, basis, subject kind and scale, where they are the same for all rows, are ones of the contract."""
    for name, mend in CHOICES.items():
        value = fields.get(name)
        if isinstance(value, str) and value and "{" not in value:
            try:
                msgspec.convert(value, Signal.__annotations__[name])
            except msgspec.ValidationError:
                check.fail((*place, name), f"`{name}` cannot be `{value}`", mend)
