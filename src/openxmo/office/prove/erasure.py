"""Nothing here is about a subject; the people who ran, judged and signed are, and are taken out by name."""

from collections.abc import Collection
from datetime import datetime

from django.db import models, transaction

from openxmo.office.accounts import audit
from openxmo.office.prove.models import (
    Affected,
    Initiative,
    Milestone,
    MoneyClaim,
    Plan,
    Signature,
    Verdict,
)

ERASED = "erased"
KEPT: tuple[type[models.Model], ...] = (
    Initiative, Milestone, Affected, Plan, Verdict, MoneyClaim, Signature,
    *(each.history.model for each in (Initiative, Milestone, Affected)),
)  # fmt: skip


def forget(names: Collection[str], *, by: str, at: datetime) -> int:
    """Put “erased” in the place of these people, also in rows that are otherwise fixed; returns how many rows."""
    touched = 0
    with transaction.atomic():
        for model in KEPT:
            for column in columns_of(model):
                touched += model._default_manager.filter(**{f"{column}__in": list(names)}).update(**{column: ERASED})
        if touched:
            audit.record("people erased from initiatives", by=by, at=at)
    return touched


def columns_of(model: type[models.Model]) -> list[str]:
    """Those that name a person; the history of a model has the same."""
    own = getattr(model, "Privacy", None) or model.instance_type.Privacy  # type: ignore[attr-defined]
    return sorted(own.personal)
