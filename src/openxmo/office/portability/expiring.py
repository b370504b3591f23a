"""What may no longer be kept leaves every room: each offers its `expiry.expire`, found by listing the rooms."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

import msgspec
from django.db import transaction

from openxmo.core.release import LookLog
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.govern.office import Office
from openxmo.office.lib.rooms import modules_of_rooms
from openxmo.office.lib.terms import Term, Terms

LOOKS = Term("logs_months", since=("at",), told="after the look")


class Expire(Protocol):
    """Takes away what is past its time, in one transaction; returns how many of what, by its name in words.

    `held` names what a room still needs of another: `response:…` of an open case.
    """

    def __call__(self, terms: Terms, *, held: Collection[str], at: datetime) -> Mapping[str, int]: ...


def terms_of(office: Office) -> Terms:
    return Terms(office.settings.zone, msgspec.structs.asdict(office.settings.retention))


def expire_everywhere(home: Home, office: Office, *, by: str, at: datetime) -> dict[str, int]:
    """Take away what is past its time in all rooms of the served office, and in the files beside them.

    Each room is done whole or not at all, and audited as counts; a second run finds nothing more to do.
    """
    terms, rooms = terms_of(office), list(modules_of_rooms("expiry"))
    held = frozenset[str]().union(*(module.in_use() for _, module in rooms if hasattr(module, "in_use")))
    gone: dict[str, int] = {}
    for _, module in rooms:
        expire: Expire = module.expire
        with transaction.atomic():
            told = {what: count for what, count in expire(terms, held=held, at=at).items() if count}
            note(told, by=by, at=at)
        gone |= told
    files = {what: count for what, count in expire_files(home, terms, at=at).items() if count}
    note(files, by=by, at=at)
    return gone | files


def expire_files(home: Home, terms: Terms, *, at: datetime) -> dict[str, int]:
    """The log of who looked is a file; what was told of employees is remembered as long as anybody may ask for more."""
    oldest = terms.oldest(LOOKS, at=at)
    return {"looks at numbers about agents": LookLog(home.office / "audit" / "looks.ndjson").forget_before(oldest)}


def note(told: Mapping[str, int], *, by: str, at: datetime) -> None:
    if told:
        counts = [f"{what}:{count}" for what, count in told.items()]
        audit.record("taken away past its time", by=by, at=at, on=counts)
