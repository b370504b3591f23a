"""Every field of every table of ours is classed: whether it names people, is sensitive, and how long it is kept."""

import re

import msgspec
import pytest
from django.apps import apps
from django.db.models import CASCADE, DateTimeField, ForeignKey, Model

from openxmo.office.accounts.models import AuditEvent
from openxmo.office.govern.organisation import Retention
from openxmo.office.lib.terms import OFFICE as OFFICE_TERM
from openxmo.office.lib.terms import Term, Terms

CLASSES = ("personal", "sensitive", "plain")
WITH_ANOTHER = re.compile(r"^as long as the (\w+)$")
TERMS = Terms("UTC", msgspec.structs.asdict(Retention()))
# Statements about more than a row's own moments: `test_kept.py` has a test of each, and of no other.
DONE_OTHERWISE = {
    ("accounts.User", "until 30 days after the person left the office"),
    ("govern.TrailLink", "as long as what came of it"),
}
GOES_FIRST = {("prove.Signature", "claim")}  # of rows that nothing deletes in passing


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
    problem = problem_with(model, model.Privacy.kept)  # type: ignore[attr-defined]
    assert problem is None, f"{model._meta.label} is kept {model.Privacy.kept!r}: {problem}"  # type: ignore[attr-defined]


def problem_with(model: type[Model], kept: object) -> str | None:
    """What a statement lacks for the deed to be done by it; `test_kept.py` tries the deeds themselves."""
    if isinstance(kept, Term):
        unknown = [moment for moment in kept.since if not names_a_moment(model, moment)]
        if unknown:
            return f"{unknown[0]} is no moment of it"
        return None if TERMS.length_of(kept) else "its length cannot be read"
    if kept == OFFICE_TERM or (model._meta.label, kept) in DONE_OTHERWISE:
        return None
    found = WITH_ANOTHER.match(str(kept))
    keys = {field.name: field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)}
    if not found or found[1] not in keys:
        return "give a Term of openxmo.office.lib.terms, or say which of its foreign keys it goes with"
    goes_along = keys[found[1]].remote_field.on_delete is CASCADE or (model._meta.label, found[1]) in GOES_FIRST
    return None if goes_along else f"{found[1]} goes without it"


def names_a_moment(model: type[Model], path: str) -> bool:
    """Whether a path over foreign keys ends at a moment."""
    *steps, last = path.split("__")
    for step in steps:
        related = model._meta.get_field(step).related_model
        assert isinstance(related, type)
        model = related
    return isinstance(model._meta.get_field(last), DateTimeField)


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        ("36 months", "give a Term"),
        ("a while", "give a Term"),
        ("as long as the case", "give a Term"),
        (Term("30 days", since=("by",), told="after"), "by is no moment"),
    ],
)
def test_a_statement_that_no_deed_can_read_is_refused(kept: object, problem: str) -> None:
    assert problem in str(problem_with(AuditEvent, kept))


@pytest.mark.parametrize("length", ["a while", "36", "months", "-3 months", "3 moons"])
def test_a_length_that_cannot_be_read_is_refused_where_it_is_stated(length: str) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        Term(length, since=("at",), told="after")


def test_what_signs_people_in_is_among_what_is_looked_at() -> None:
    assert {"accounts.User", "accounts.AuditEvent", "accounts.ApiKey", "govern.OfficeVersion"} <= {
        model._meta.label for model in OWN
    }
