"""Moving an office whose changes and audit lie in files, as older versions kept them, into its database."""

from datetime import datetime

from openxmo.core.signals.store.durable import sync_folder
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.govern import ledger, store
from openxmo.office.govern.organisation import Declared
from openxmo.office.lib.database import database_of, make_database


class Entry(Declared, frozen=True, kw_only=True):
    """A line of the old audit: `by` did `what` to the things named in `on`."""

    at: datetime
    by: str
    what: str
    on: tuple[str, ...] = ()


def has_old_files(home: Home) -> bool:
    return ledger.history_file(home).exists() or ledger.audit_file(home).exists()


def move_old_files(home: Home) -> int:
    """Rows for every line of the old files, which go once the rows are committed; returns how many lines.

    A kill in between is mended by doing it again: the files win as long as they are there.
    """
    changes = ledger.read_events(ledger.history_file(home), store.ChangeSet)
    entries = ledger.read_events(ledger.audit_file(home), Entry)
    make_database(home.path)
    alias = database_of(home.path)
    from django.db import transaction

    with transaction.atomic(using=alias):
        if ledger.history_file(home).exists():
            store.replace_history(home, changes)
        if ledger.audit_file(home).exists():
            audit.read_audit(home.path).delete()
            for entry in entries:
                audit.record(entry.what, by=entry.by, at=entry.at, on=entry.on, home=home.path)
    for file in (ledger.history_file(home), ledger.audit_file(home)):
        file.unlink(missing_ok=True)
        if file.parent.exists():
            sync_folder(file.parent)
    return len(changes) + len(entries)
