"""Taking a person out of what the listen room keeps beside the signals."""

import shutil
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.db import transaction

from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.keeping.scrubbing import files_below, is_sealed, needles, tree_holds
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.accounts import audit
from openxmo.office.govern.erasure import ERASED
from openxmo.office.govern.middleware import served_home
from openxmo.office.listen.actions.noticing import subject_of
from openxmo.office.listen.actions.uploads import folder_of
from openxmo.office.listen.models import (
    Asking,
    ContactAddress,
    FileImport,
    KnownComplaint,
    KnownForm,
    Notice,
    Opening,
    PersonalLink,
    Reply,
)
from openxmo.office.listen.states import ImportState

DOERS = (
    (Opening, "made_by"),
    (Opening, "closed_by"),
    (PersonalLink, "made_by"),
    (Asking, "asked_by"),
    (FileImport, "made_by"),
    (KnownForm, "made_by"),
)


def keys_of(home: Home, name: str) -> set[str]:
    """The keys under which signals of this room know a person of the office: to be erased along with the name."""
    return {subject_of(name, None, open_duckdb(Lake.open(home)).people_key)}


@transaction.atomic
def forget(names: Collection[str], *, by: str, at: datetime) -> int:
    """Delete these people's links, askings, replies, addresses and notices; "(erased)" stands where they did something.

    A file that waits and names one of them goes as a whole: it was not stored yet, and can be sent again.
    Returns how many rows were touched.
    """
    touched = 0
    theirs = (ContactAddress, Reply, Asking, PersonalLink, KnownComplaint, Notice)
    found = [model.objects.filter(subject__in=names) for model in theirs]
    found += [ContactAddress.objects.filter(address__in=names)]
    found += [PersonalLink.objects.filter(**{f"{field}__in": names}) for field in ("account", "agent")]
    for rows in found:
        touched += rows.count()
        rows.delete()
    for model, field in DOERS:
        touched += model._default_manager.filter(**{f"{field}__in": names}).update(**{field: ERASED})
    touched += drop_waiting_files(names)
    if touched:
        audit.record("person erased from surveys and imports", by=ERASED if by in names else by, at=at)
    return touched


def drop_waiting_files(names: Collection[str]) -> int:
    touched = 0
    for record in FileImport.objects.all():
        folder = folder_of(served_home(), record)
        if folder.exists() and holds(folder, names):
            shutil.rmtree(folder)
            record.state, record.fault = ImportState.FAILED, ""
            record.save(update_fields=["state", "fault"])
            touched += 1
        if any(name in record.name for name in names):
            record.name = ERASED
            record.save(update_fields=["name"])
            touched += 1
    return touched


def holds(folder: Path, names: Collection[str]) -> bool:
    """Also where it cannot be looked into: a packed file may name anybody."""
    return tree_holds(folder, needles(names)) or any(is_sealed(file) for file in files_below(folder))
