"""The office file: the whole office as text that people read, keep under version control, and apply."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import change_office, with_objects
from openxmo.office.govern.changes import Changes
from openxmo.office.govern.form import read_form
from openxmo.office.govern.office import KINDS, SETTINGS, Office, to_builtins
from openxmo.office.govern.queries import read_office
from openxmo.office.portability.toml import write_key, write_lines, write_tables

HEAD = "# The office as code: change it, then `xmo apply` this file.\n"


def read_document(text: str) -> dict[str, Any]:
    """The tables of an office file; `UnreadableInput` names line and column where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, _, place = str(error).partition(" (at ")
        raise UnreadableInput(
            gettext("The office file is not valid TOML: %(said)s.") % {"said": said[0].lower() + said[1:]},
            where=place.rstrip(")"),
            mend=gettext("Nothing was changed. Mend that line; words stand in double quotes."),
        ) from None
    except RecursionError:
        raise UnreadableInput(
            gettext("The office file is nested too deeply."), mend=gettext("Nothing was changed.")
        ) from None


def parse_office(text: str) -> Office:
    """The office that a file describes by itself. Names of objects outside the file are not looked up."""
    return read_form(read_document(text))


def write_office(office: Office) -> str:
    """The office as a file, in a fixed order: `parse_office` of it is the same office."""
    parts = [HEAD, _write_settings(office)]
    parts += [write_tables(kind, [to_builtins(item) for item in office.of(kind)]) for kind in KINDS if office.of(kind)]
    return "\n".join(parts)


def _write_settings(office: Office) -> str:
    """All of the settings, also those that are as by default, so that the file says the whole office."""
    settings = office.settings
    named = {"name": settings.name, "zone": settings.zone, "currency": settings.currency, "vision": settings.vision}
    text = f"[{SETTINGS}]\n{write_lines(named)}"
    for key in ("retention", "minimum_groups", "agent_disclosure"):
        part = getattr(settings, key)
        if part is not None:
            given = {
                field: getattr(part, field) for field in part.__struct_fields__ if getattr(part, field) is not None
            }
            text += f"\n[{SETTINGS}.{write_key(key)}]\n{write_lines(given)}"
    return text


def apply(
    home: Home,
    text: str,
    *,
    by: str,
    at: datetime,
    prune: bool = False,
    check: bool = False,
    with_roles: bool = True,
) -> Changes:
    """Make the office as the file says. What the file leaves out stays; with `prune` it is archived.

    An object that the file holds becomes as the file describes it; of `[office]` only the settings
    it names change. With `check` nothing is changed, and the answer says what would be. Without
    `with_roles` a file that changes what anybody may do or see is refused.
    """
    document = read_document(text)
    read_form(document)  # a wrong form is refused before anything is locked
    return change_office(
        home,
        lambda office: _revise(office, document, prune=prune),
        by=by,
        at=at,
        check=check,
        with_roles=with_roles,
    )


def _revise(office: Office, document: Mapping[str, Any], *, prune: bool) -> Office:
    kept = to_builtins(office.settings)
    given = document.get(SETTINGS, {})
    settings = given if prune and given else _merge(kept, given)
    wanted = read_form({**document, SETTINGS: settings})
    if prune:
        return wanted
    return with_objects(office, *(item for _, _, item in wanted.each()))


def _merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        merged[key] = _merge(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return merged


def export(home: Home) -> str:
    """The office that stands, as a file."""
    return write_office(read_office(home))
