"""What is past its time in the listen room: links, askings, replies, addresses, and what is told of imported files."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from openxmo.office.govern.middleware import served_home
from openxmo.office.lib.terms import Terms, past, take_away
from openxmo.office.listen.actions.uploads import drop_upload
from openxmo.office.listen.models import Asking, ContactAddress, FileImport, KnownComplaint, Notice, PersonalLink, Reply


@transaction.atomic
def expire(terms: Terms, *, held: Collection[str], at: datetime) -> dict[str, int]:
    """An address stays while a later room still needs it: `held` names its response (`response:…`)."""
    needed = [name.removeprefix("response:") for name in held if name.startswith("response:")]
    addresses = past(ContactAddress, ContactAddress.Privacy.kept, terms, at=at).exclude(response__in=needed)
    for record in past(FileImport, FileImport.Privacy.kept, terms, at=at):
        drop_upload(served_home(), record)  # the file first: a row without its file is found again, not the other way
    return {
        "contact addresses": addresses.delete()[0],
        "replies": take_away(Reply, terms, at=at),
        "survey links": take_away(PersonalLink, terms, at=at),
        "askings": take_away(Asking, terms, at=at),
        "complaints that hold surveys back": take_away(KnownComplaint, terms, at=at),
        "notices": take_away(Notice, terms, at=at),
        "imported files": take_away(FileImport, terms, at=at),
    }
