"""A row of any table, with what its fields and keys need and no more; what matters to a test is given."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Field,
    FloatField,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

SOME_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
NUMBERS = count(1)
# What a check of the table asks for.
NEEDED: dict[str, dict[str, Any]] = {
    "prove.Initiative": {"planned_start": date(2026, 1, 1), "planned_end": date(2026, 2, 1)},
    "prove.Plan": {"change_on": date(2026, 1, 1), "until": date(2026, 2, 1)},
    "prove.MoneyClaim": {"period_from": date(2026, 1, 1), "period_to": date(2026, 2, 1)},
    "prove.Signature": {"signed": True},
}


def make(model: type[Model], **given: Any) -> Any:
    fields = {**NEEDED.get(model._meta.label, {}), **given}
    for field in model._meta.concrete_fields:
        if field.name not in fields and not (field.primary_key or field.null or field.has_default()):
            fields[field.name] = value_for(field)
    row = model(**fields)
    row.save()
    return row


def value_for(field: Field[Any, Any]) -> Any:
    if isinstance(field, ForeignKey):
        return make(field.related_model)
    if field.choices:
        return next(iter(field.choices))[0]
    if isinstance(field, (CharField, TextField)):
        return "" if field.blank else f"{field.name}-{next(NUMBERS)}"[: field.max_length or 100]
    if isinstance(field, JSONField):
        return {}
    plain = {DateTimeField: SOME_DAY, DateField: SOME_DAY.date(), BooleanField: False, FloatField: 1.0, IntegerField: 1}
    return next(value for kind, value in plain.items() if isinstance(field, kind))
