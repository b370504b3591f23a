"""Form fields in the look of the office: the right class for each control, its label, help and errors."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

CHECKS = (forms.CheckboxInput,)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
SELECTS = (forms.Select, forms.SelectMultiple)


def lay_field(field: BoundField) -> dict[str, Any]:
    widget = field.field.widget
    group = isinstance(widget, GROUPS)
    check = isinstance(widget, CHECKS)
    return {
        "field": field,
        "check": check,
        "group": group,
        "optional": not field.field.required and not check and not isinstance(widget, forms.RadioSelect),
        "control": field.as_widget(attrs={"class": class_of(field)}),
        "errors": field.errors,
        "errors_id": f"{field.auto_id}_error",
    }


def class_of(field: BoundField) -> str:
    """The widget's own class stays."""
    widget = field.field.widget
    own = str(widget.attrs.get("class", ""))
    if isinstance(widget, GROUPS):
        return own  # it would fall on the group and on each of its choices
    if isinstance(widget, CHECKS):
        look = "form-check-input"
    else:
        look = "form-select" if isinstance(widget, SELECTS) else "form-control"
    wrong = "is-invalid" if field.errors else ""
    return " ".join(filter(None, (own, look, wrong)))
