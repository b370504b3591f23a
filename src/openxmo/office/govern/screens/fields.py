"""From a slot to a form field and back: what a person types, and what the office file would hold."""

import tomllib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import inspect

from openxmo.office.govern.office import to_builtins
from openxmo.office.govern.screens.references import with_known
from openxmo.office.govern.screens.slots import Slot

LONG = frozenset({"why", "weakness", "statement", "wording", "what_happens", "who_sees", "why_these", "vision"})
LONG |= {"purpose", "legal_basis", "consultation", "decision"}
MOST_BOXES = 12
LABELS = {  # where the file's own word says nothing to who has not read its reference
    "min_n": gettext_lazy("Fewest answers"),
    "once_per": gettext_lazy("Count once per"),
    "weight_by": gettext_lazy("Weighted by"),
    "where": gettext_lazy("Only those where"),
    "score.q": gettext_lazy("Quantile"),
    "score.top": gettext_lazy("Counts from"),
    "score.bottom": gettext_lazy("Counts up to"),
    "score.of": gettext_lazy("Labels that count"),
    "score.over": gettext_lazy("Divided by the signal"),
    "score.kind": gettext_lazy("How answers become a number"),
    "score.days": gettext_lazy("Days without a repeat"),
    "score.key": gettext_lazy("What makes two contacts one issue"),
    "score.fails_if": gettext_lazy("Fails besides if"),
    "score.items": gettext_lazy("Items of the index"),
}
Choices = Sequence[tuple[str, str]]


def form_field(slot: Slot, value: Any, choices: Choices | None) -> forms.Field:
    """The field of a slot. `choices` are the objects that it may name."""
    help_text = mark_safe(escape((_(slot.help) if slot.help else "").replace("_", " ")))
    given: dict[str, Any] = {"label": label_of(slot), "required": slot.required, "help_text": help_text}
    match slot.info:
        case inspect.BoolType():
            return forms.BooleanField(**{**given, "required": False})
        case inspect.IntType():
            return forms.IntegerField(**given, min_value=slot.info.ge, max_value=slot.info.le)
        case inspect.FloatType():
            return forms.FloatField(**given, widget=forms.NumberInput(attrs={"step": "any"}))
        case inspect.DateType():
            return forms.DateField(**given, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        case inspect.LiteralType():
            return forms.ChoiceField(**given, choices=_one_of([(str(v), str(v)) for v in slot.info.values], slot))
        case inspect.VarTupleType():
            return _list_field(slot, value, choices, given)
        case inspect.StrType() if choices is not None:
            return forms.ChoiceField(**given, choices=_one_of(with_known(choices, [value or ""]), slot))
        case inspect.StrType():
            tall = forms.Textarea(attrs={"rows": 2}) if slot.name in LONG else forms.TextInput()
            return forms.CharField(**given, widget=tall)
    return _written_field(given)


def _list_field(slot: Slot, value: Any, choices: Choices | None, given: dict[str, Any]) -> forms.Field:
    assert isinstance(slot.info, inspect.VarTupleType)
    if isinstance(slot.info.item_type, inspect.LiteralType):
        choices = [(str(one), str(one)) for one in slot.info.item_type.values]
    if choices is None:
        hint = _("One on each line.")
        given["help_text"] = ". ".join(filter(None, (given["help_text"], hint)))
        return forms.CharField(**given, widget=forms.Textarea(attrs={"rows": 3}))
    known = with_known(choices, list(value or ()))
    boxes = len(known) <= MOST_BOXES
    widget = forms.CheckboxSelectMultiple() if boxes else forms.SelectMultiple(attrs={"size": MOST_BOXES})
    return forms.MultipleChoiceField(**given, choices=known, widget=widget)


def _written_field(given: dict[str, Any]) -> forms.Field:
    hint = _('One on each line, as `name = "words"` or `name = ["one", "other"]`, like in the office file.')
    given["help_text"] = ". ".join(filter(None, (given["help_text"], hint)))
    return forms.CharField(**given, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}))


def _one_of(choices: Choices, slot: Slot) -> Choices:
    return choices if slot.required else [("", "—"), *choices]


def label_of(slot: Slot) -> str:
    """`components.2.weight` reads *Components 2: weight*; what is an abbreviation stays one."""
    if slot.path in LABELS:
        return str(LABELS[slot.path])
    group, words = slot.group.replace(".", " ").replace("_", " "), slot.name.replace("_", " ")
    said = f"{group}: {words}" if group else words
    return _("XLA" if said == "xla" else f"{said[0].upper()}{said[1:]}")


# BETWEEN THE FORM AND THE OBJECT


def to_initial(slot: Slot, value: Any) -> Any:
    """What stands in the field for what the object holds."""
    if value is None or isinstance(value, (bool, int, float, date)):
        return _whole(value)
    if isinstance(value, tuple) and isinstance(slot.info, inspect.VarTupleType):
        return [str(one) for one in value]
    if isinstance(value, str):
        return value
    return write_lines(to_builtins(value))


def shown_in_text(value: Any) -> Any:
    """A list in a field of lines."""
    return "\n".join(value) if isinstance(value, list) else value


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def from_cleaned(slot: Slot, value: Any) -> Any:
    """What the office file would hold; None is left out. `ValueError` says what cannot be read."""
    if value is None or value == "":
        return [] if isinstance(slot.info, inspect.VarTupleType) and slot.default else None
    match slot.info:
        case inspect.VarTupleType():
            return [line.strip() for line in _lines(value) if line.strip()] or ([] if slot.default else None)
        case inspect.BoolType():
            return value if bool(value) != bool(slot.default) else None
        case inspect.DateType():
            return value.isoformat()
        case inspect.FloatType() | inspect.IntType() | inspect.StrType() | inspect.LiteralType():
            return value
    return read_lines(str(value))


def _lines(value: Any) -> Sequence[str]:
    return value.splitlines() if isinstance(value, str) else value


def read_lines(text: str) -> Any:
    """`name = value` lines as a table; `[…]` as a list."""
    try:
        if text.lstrip().startswith("["):
            return tomllib.loads(f"it = {text}")["it"]
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = _("This cannot be read: %s. Words stand in double quotes.")
        raise ValueError(said % str(error)) from None


def write_lines(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{_key(key)} = {_write(item)}" for key, item in value.items())
    return _write(value)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _quoted(key)


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_write(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(key)} = {_write(item)}' for key, item in value.items())} }}"
    return str(_whole(value)) if isinstance(value, (int, float)) else _quoted(str(value))


def _quoted(words: str) -> str:
    import json

    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
