"""One `[[signal]]` compiled: from a row to the signals it makes."""

from collections.abc import Callable
from typing import Any

from openxmo.core.signals.mapping.columns import Scope, constant_of
from openxmo.core.signals.mapping.conditions import compile_conditions
from openxmo.core.signals.mapping.fields import compile_field, list_reader, map_reader
from openxmo.core.signals.mapping.form import Form, ManyForm, SignalForm
from openxmo.core.signals.mapping.rows import Read, Row, RowError, UnmappableError
from openxmo.core.signals.mapping.templates import TemplateError

MUST = ("id", "happened_at", "kind", "name")
Make = Callable[[Row], dict[str, Any] | None]


class MisfitError(Exception):
    """A row that cannot make a signal, with the reason as it is reported."""

    def __init__(self, error: RowError) -> None:
        self.error = error
        super().__init__(error.reason)


class FieldError(ValueError):
    """A field of a mapping that makes no sense, and which."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.signal = 0  # which one, from 0
        super().__init__(reason)


def compile_signal(
    form: SignalForm, common: dict[str, ManyForm], scope: Scope, *, zone: str | None, dates: tuple[str, ...]
) -> list[Make]:
    """The makers of a signal: one, or one for each column of `each`."""
    fields = merge(common, form.fields)
    makers = []
    for each in form.control.each.items() or [None]:
        scope.each = each
        makers.append(compile_one(form, fields, scope, zone=zone, dates=dates))
    scope.each = None
    return makers


def merge(common: dict[str, ManyForm], own: dict[str, ManyForm]) -> dict[str, ManyForm]:
    """The signal's own fields over the common ones; attributes are merged one by one. An own "" takes one away."""
    fields = {**common, **own}
    if isinstance(common.get("attrs"), dict) and isinstance(own.get("attrs"), dict):
        fields["attrs"] = {**common["attrs"], **own["attrs"]}  # type: ignore[dict-item]
    return {name: form for name, form in fields.items() if form != ""}


def compile_one(
    form: SignalForm, fields: dict[str, ManyForm], scope: Scope, *, zone: str | None, dates: tuple[str, ...]
) -> Make:
    def compile_form(name: str, value: ManyForm) -> Read:
        try:
            return compile_any(name, value, lambda one, key: compile_field(key, one, scope, zone=zone, dates=dates))
        except (TemplateError, ValueError) as error:
            raise FieldError(name, str(error)) from error

    try:
        passes = compile_conditions(form.control.when, form.control.unless, scope)
    except TemplateError as error:
        raise FieldError("when", str(error)) from error
    constants = {name: text for name, value in fields.items() if (text := plain_text(name, value, scope)) is not None}
    readers = [(name, compile_form(name, value)) for name, value in fields.items() if name not in constants]
    needs = form.control.needs

    def make(row: Row) -> dict[str, Any] | None:
        if passes is not None and not passes(row):
            return None
        signal: dict[str, Any] = dict(constants)
        for name, read in readers:
            try:
                value = read(row)
            except UnmappableError as error:
                raise MisfitError(RowError(name, error.code, f"`{name}`: {error.reason}")) from error
            if value is not None:
                signal[name] = value
        for name in needs:
            if name not in signal:
                return None
        return finish(signal, row)

    return make


STRINGS = frozenset({"kind", "name", "scale", "basis", "subject_kind", "value_unit", "instrument", "source"})


def plain_text(name: str, form: ManyForm, scope: Scope) -> str | None:
    """The text of a string field that is the same in every row; None for all others."""
    return constant_of(form, scope) if name in STRINGS and isinstance(form, str) else None


def compile_any(name: str, form: ManyForm, compile_form: Callable[[Form, str], Read]) -> Read:
    if isinstance(form, dict):
        return map_reader([(key, compile_form(one, f"attrs.{key}")) for key, one in form.items()])
    if isinstance(form, tuple):
        return list_reader(form, lambda one: compile_form(one, name))
    return compile_form(form, name)


def finish(signal: dict[str, Any], row: Row) -> dict[str, Any]:
    for name in MUST:
        if name not in signal:
            raise MisfitError(RowError(name, "missing", f"`{name}` is missing: the row holds nothing for it."))
    if row.doubts:
        signal.setdefault("excluded", "; ".join(row.doubts))
        signal.setdefault("excluded_by", "mapping")
        row.doubts.clear()
    return signal
