"""Which fields of an object name other objects: a person chooses those from a list."""

from collections.abc import Sequence

from openxmo.office.accounts.roles import ROLES
from openxmo.office.govern.office import Office, identity

ROLE = "role"
# by kind, then by the last part of the field's path: the kind that it names
NAMED: dict[str, dict[str, str]] = {
    "unit": {"parent": "unit"},
    "person": {"roles": ROLE, "units": "unit", "second_reader": "person"},
    "ambition": {"metric": "metric", "xla": "xla", "objective": "objective"},
    "metric": {"counter_metric": "metric"},
    "xla": {"metric": "metric"},
    "programme": {"surveys": "survey", "metrics": "metric", "journeys": "journey"},
    "survey": {"questions": "instrument"},
    "rule": {"calendar": "calendar", "then": ROLE, "roles": ROLE, "unit": "unit"},
}


def choices_for(kind: str, field: str, office: Office) -> list[tuple[str, str]] | None:
    """What may be named in a field of this kind; None for a field that names nothing."""
    named = NAMED.get(kind, {}).get(field)
    if named is None:
        return None
    if named == ROLE:
        return [(role.key, role.label) for role in ROLES.values()]
    return [(identity(item), called(item)) for item in office.of(named)]


def called(item: object) -> str:
    """What a person calls an object: its label, else its key."""
    for field in ("label", "wording", "statement"):
        said = getattr(item, field, "")
        if said:
            return str(said)
    return identity(item)


def with_known(choices: Sequence[tuple[str, str]], values: Sequence[str]) -> list[tuple[str, str]]:
    """The choices, and what stands in the field already though nothing is called so any more."""
    known = {key for key, _ in choices}
    return [*choices, *((value, value) for value in values if value and value not in known)]
