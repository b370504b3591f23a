"""The form of one object of the office: what is wrong is said in words, at the field."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.home import Home
from openxmo.office.govern import store
from openxmo.office.govern.actions import put, with_objects
from openxmo.office.govern.changes import Changes
from openxmo.office.govern.checks import CHECKS
from openxmo.office.govern.form import problems_of, read_form
from openxmo.office.govern.office import SETTINGS, Office, struct_of
from openxmo.office.govern.practice import Rule
from openxmo.office.govern.screens.fields import form_field, from_cleaned, shown_in_text, to_initial
from openxmo.office.govern.screens.references import choices_for
from openxmo.office.govern.screens.slots import Slot, slots_of, to_table, value_at

IDENTITIES = {SETTINGS: (), "person": ("name",), "instrument": ("key", "version")}
PLACE = re.compile(r'^\[+\w+\]+(?: "[^"]*")?(?: number \d+)?:? ?')
VERSION, REASON = "read_version", "reason"


def variants_of(kind: str) -> dict[str, Any]:
    """The classes of a kind that comes in several: rules, by their own `kind`."""
    if kind != "rule":
        return {}
    return {str(one.__struct_config__.tag): one for one in Rule.__args__}


def identity_of(kind: str) -> tuple[str, ...]:
    """The fields that tell an object from others of its kind; they never change."""
    return IDENTITIES.get(kind, ("key",))


class ObjectForm(forms.Form):
    """`item` is the object as it stands, None for a new one; `variant` the class of a new rule."""

    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why this change?"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("One sentence for those who will ask. It stands beside the version."),
    )

    def __init__(
        self, kind: str, office: Office, *args: Any, item: Any = None, variant: str = "", version: int = 0, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self.kind, self.office, self.item = kind, office, item
        self.variant = variant or (str(item.__struct_config__.tag) if item is not None and variants_of(kind) else "")
        struct = variants_of(kind).get(self.variant) or struct_of(kind)
        self.slots = {slot.path: slot for slot in slots_of(struct, self._rows_source())}
        if item is not None:
            self.initial[VERSION] = version
        for path, slot in self.slots.items():
            self._add(path, slot)
        self.order_fields([*self.slots, REASON, VERSION])

    def _rows_source(self) -> Any:
        return self.item

    def _add(self, path: str, slot: Slot) -> None:
        value = value_at(self.item, path) if self.item is not None else None
        field = form_field(slot, value, choices_for(self.kind, slot.name, self.office))
        known = slot.default if self.item is None and not slot.group.rpartition(".")[2].isdigit() else value
        initial = to_initial(slot, known)
        field.initial = initial if isinstance(field, forms.MultipleChoiceField) else shown_in_text(initial)
        if self.item is not None and path in identity_of(self.kind):
            field.disabled = True
        self.fields[path] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        table = self._table(cleaned)
        if not self.errors:
            for problem in self._problems(table):
                self.add_error(self._field_of(problem), _sentence(problem))
        self.table = table
        return cleaned

    def _table(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        values = {}
        for path, slot in self.slots.items():
            try:
                value = from_cleaned(slot, cleaned.get(path))
            except ValueError as error:
                self.add_error(path, str(error))
                continue
            if value is not None:
                values[path] = value
        if self.variant:
            values["kind"] = self.variant
        return to_table(values)

    def _problems(self, table: dict[str, Any]) -> Iterator[str]:
        """What is wrong with the object by itself, else with the office that would hold it."""
        document = {self.kind: table if self.kind == SETTINGS else [table]}
        wrong = problems_of(document)
        if wrong:
            yield from wrong
            return
        item = self._read(document)
        new = with_objects(self.office, item)
        yield from (problem for check in CHECKS for problem in check(new))

    def _read(self, document: dict[str, Any]) -> Any:
        office = read_form(document)
        return office.settings if self.kind == SETTINGS else office.of(self.kind)[0]

    def _field_of(self, problem: str) -> str | None:
        """The field whose path a problem begins with, or which holds the name that nothing is called by."""
        said = PLACE.sub("", problem)
        spoken = re.sub(r"\[(\d+)\]", lambda place: f" {int(place[1]) + 1}", said)
        for path in sorted(self.slots, key=len, reverse=True):
            as_said = re.escape(re.sub(r"[.]([0-9]+)", r" \1", path))
            if re.match(rf"{as_said}(?![\w.])", spoken):
                return path
        unknown = re.match(r'there is no \w+ "([^"]+)"', said)
        if unknown:
            held = (path for path in self.slots if unknown[1] in _as_list(self.cleaned_data.get(path)))
            return next(held, None)
        return None

    def save(self, home: Home, *, by: str, at: datetime) -> Changes:
        """Put the object into the office; UnreadableInput where somebody changed it in between."""
        item = self._read({self.kind: self.table if self.kind == SETTINGS else [self.table]})
        with store.writing(home):
            check_version(home, self.kind, item, self.cleaned_data.get(VERSION) or 0)
            return put(home, item, by=by, at=at, reason=self.cleaned_data[REASON])


def check_version(home: Home, kind: str, item: Any, read: int) -> None:
    """Refuse to write over what the writer never saw."""
    from openxmo.office.govern.office import identity

    standing = store.read_standings(home).get((kind, identity(item)))
    now = 0 if standing is None or (standing.archived and not read) else standing.version
    if now == read:
        return
    if standing is None:
        raise UnreadableInput(
            _('There is no %(kind)s "%(key)s", so there is none to change.') % {"kind": kind, "key": identity(item)},
            mend=_("Its name stays as it is; add another under the new name."),
        )
    if not read:
        raise UnreadableInput(_('There is a %(kind)s "%(key)s" already.') % {"kind": kind, "key": identity(item)})
    raise UnreadableInput(
        _("%(by)s changed this while you were writing: it is at version %(now)s, you read version %(read)s.")
        % {"by": standing.by, "now": now, "read": read},
        mend=_("Nothing of yours was lost: look at what changed, and save again."),
    )


def _as_list(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _sentence(problem: str) -> str:
    said = PLACE.sub("", problem).strip()
    said = f"{said[0].upper()}{said[1:]}" if said else problem
    return said if said.endswith(("?", ".", "!")) else f"{said}."


def full_table(item: Any) -> dict[str, Any]:
    """Every field of an object with its value, for reading."""
    return {field.encode_name: getattr(item, field.name) for field in msgspec.structs.fields(item)}
