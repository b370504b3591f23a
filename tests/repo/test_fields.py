"""Every field of every table of ours is classed: whether it names people, is sensitive, and how long it is kept."""

import re

import pytest
from django.apps import apps
from django.db.models import Model

CLASSES = ("personal", "sensitive", "plain")
TIME = re.compile(r"\b(\d+ (day|week|month|year)s?|until|as long as|while|hours?)\b")


def our_models() -> list[type[Model]]:
    """Also those that keep the versions of a row: they hold what the row held."""
    return [model for model in apps.get_models() if model.__module__.startswith("openxmo.")]


def is_history(model: type[Model]) -> bool:
    return hasattr(model, "history_object") or model.__name__.startswith("Historical")


OWN = [model for model in our_models() if not is_history(model)]


def fields_of(model: type[Model]) -> set[str]:
    return {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}


@pytest.mark.parametrize("model", OWN, ids=[model._meta.label for model in OWN])
def test_every_field_is_classed_once(model: type[Model]) -> None:
    privacy = getattr(model, "Privacy", None)
    assert privacy is not None, (
        f"{model._meta.label} has no `class Privacy`; to begin with:\n{to_paste(fields_of(model))}"
    )
    classed = [name for group in CLASSES for name in getattr(privacy, group)]
    missing = fields_of(model) - set(classed)
    assert not missing, f"{model._meta.label}: class these, plain or not:\n{to_paste(missing)}"
    unknown = set(classed) - fields_of(model)
    assert not unknown, f"{model._meta.label}: these are no fields (any more): {sorted(unknown)}"
    twice = sorted({name for name in classed if classed.count(name) > 1})
    assert not twice, f"{model._meta.label}: classed twice: {twice}"


def to_paste(names: set[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in sorted(names))
    return f"        personal: ClassVar[set[str]] = {{{listed}}}"


@pytest.mark.parametrize("model", OWN, ids=[model._meta.label for model in OWN])
def test_every_table_says_how_long_it_is_kept(model: type[Model]) -> None:
    kept = model.Privacy.kept  # type: ignore[attr-defined]
    assert TIME.search(kept), f"{model._meta.label} is kept {kept!r}: say a length of time, or until what"


def test_what_signs_people_in_is_among_what_is_looked_at() -> None:
    assert {"accounts.User", "accounts.AuditEvent", "accounts.ApiKey", "govern.OfficeVersion"} <= {
        model._meta.label for model in OWN
    }
