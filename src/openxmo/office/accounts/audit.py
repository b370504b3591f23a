"""Who did what, and when. Rows are only ever added, and name things by their ids alone.

What was done is written down in one fixed wording; each room tells its deeds to a reader in a module `deeds`.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from openxmo.office.lib.database import database_of, has_database, make_database
from openxmo.office.lib.rooms import modules_of_rooms

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from openxmo.office.accounts.models import AuditEvent


def record(what: str, *, by: str, at: datetime, on: Iterable[str] = (), home: Path | None = None) -> "AuditEvent":
    """Add one row, in the transaction of the deed itself. Never give it a name, a word or a value: ids only.

    `on` names the things it was done to: `receipt:7`, `metric:nps`, `office:12`. Without `home` the
    row goes to the office that this process serves.
    """
    if home is not None:
        make_database(home)
    rows = _rows(home)
    return rows.create(what=what, by=by, at=at.astimezone(UTC), on=list(on))


def read_audit(home: Path | None = None, *, by: str | None = None, what: str | None = None) -> "QuerySet[AuditEvent]":
    """The rows in their order, of one person or one deed if named."""
    rows = _rows(home).all() if home is None or has_database(home) else _rows(home).none()
    rows = rows if by is None else rows.filter(by=by)
    return rows if what is None else rows.filter(what=what)


@cache
def all_deeds() -> "dict[str, Promise | str]":
    """Every deed that a room writes down, and the sentence that tells it after who did it."""
    return {deed: told for _, module in modules_of_rooms("deeds") for deed, told in module.DEEDS.items()}


def tell(what: str) -> str:
    """*took a case* for `case taken`; a deed that no room knows any more is told as it was written down."""
    return str(all_deeds().get(what, what))


def forget(names: Collection[str], *, as_: str, home: Path | None = None) -> int:
    """Put `as_` in the place of these people, who are erased; returns how many rows named them."""
    touched = 0
    for row in read_audit(home):
        on = [thing for thing in row.on if thing.partition(":")[2] not in names]
        if row.by in names or on != row.on:
            row.by, row.on = (as_ if row.by in names else row.by), on
            row.save(update_fields=["by", "on"])
            touched += 1
    return touched


def _rows(home: Path | None) -> "QuerySet[AuditEvent]":
    from openxmo.office.accounts.models import AuditEvent

    return AuditEvent.objects.all() if home is None else AuditEvent.objects.using(database_of(home))
