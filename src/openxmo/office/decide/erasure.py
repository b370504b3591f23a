"""Taking a person out of the backlog: what they proposed and estimated stays, without their name."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from openxmo.office.accounts import audit
from openxmo.office.decide.models import Actual, DiscountRate, Estimate, Evidence, Feelings, Item, Merge, Word
from openxmo.office.govern.erasure import ERASED

NAMED: Mapping[Any, tuple[str, ...]] = {
    Item: ("created_by", "state_by"),
    Item.history.model: ("created_by", "state_by"),
    Evidence: ("added_by",),
    Estimate: ("made_by",),
    Feelings: ("made_by",),
    Actual: ("measured_by",),
    Merge: ("made_by", "undone_by"),
    Word: ("changed_by",),
    Word.history.model: ("changed_by",),
    DiscountRate: ("set_by",),
}
WORDED: Mapping[Any, tuple[str, ...]] = {
    Item: ("title", "description", "reason"),
    Item.history.model: ("title", "description", "reason"),
    Evidence: ("note",),
    Estimate: ("note",),
    Feelings: ("note",),
    Actual: ("note",),
    DiscountRate: ("why",),
}


@transaction.atomic
def forget(names: Collection[str], *, by: str, at: datetime) -> int:
    """Put `(erased)` in the place of these people, as authors and in words; returns how many rows named them."""
    touched = 0
    for model, fields in NAMED.items():
        for field in fields:
            touched += model.objects.filter(**{f"{field}__in": list(names)}).update(**{field: ERASED})
    for model, fields in WORDED.items():
        touched += sum(_blank(row, fields, names) for row in model.objects.iterator())
    if touched:
        audit.record("person erased from the backlog", by=ERASED if by in names else by, at=at)
    return touched


def _blank(row: models.Model, fields: tuple[str, ...], names: Collection[str]) -> bool:
    changed = {}
    for field in fields:
        words = getattr(row, field)
        without = words
        for name in names:
            without = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ERASED, without)
        if without != words:
            changed[field] = without
    if changed:
        type(row)._default_manager.filter(pk=row.pk).update(**changed)
    return bool(changed)
