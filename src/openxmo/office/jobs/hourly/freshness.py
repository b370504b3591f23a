"""Every hour: a source that has been silent for longer than it should is told to whoever owns it, once a silence."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.signals.source import Source
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.act.people import emails_of
from openxmo.office.govern.office import Office
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.session import Session
from openxmo.office.lib.letters import address_of, send_letter

SILENT = "source silent"
NOBODY_OWNS = "data_engineer"  # who hears of a source that names no owner


def run(home: Home, *, at: datetime) -> str:
    office = read_office(home)
    declared = {source.key: source for source in office.sources if source.fresh_within_hours}
    if not declared:
        return "no source says how fresh it should be"
    told = 0
    for row in Session(home, clock=lambda: at).sources().result.rows:
        source = declared.get(row.source)
        if source is not None and row.freshness is not None and row.freshness < 1:
            told += tell(office, source, last_heard_at=row.last_heard_at, at=at)
    return f"{told} silent sources told"


@transaction.atomic
def tell(office: Office, source: Source, *, last_heard_at: datetime, at: datetime) -> int:
    """One letter to each owner; nothing where this silence was told of before."""
    name = f"source:{source.key}"
    before = audit.read_audit(what=SILENT).filter(at__gte=last_heard_at)
    if any(name in event.on for event in before):
        return 0
    audit.record(SILENT, by="worker", at=at, on=[name])
    label = source.label or source.key
    subject = _("Nothing came from %(source)s") % {"source": label}
    for person, address in emails_of(owners_of(office, source)).items():
        context = {
            "name": person,
            "source": label,
            "heard_at": last_heard_at,
            "hours": source.fresh_within_hours,
            "link": address_of("listen:imports"),
        }
        send_letter(address, subject, "home/letters/silent_source.txt", context)
    return 1


def owners_of(office: Office, source: Source) -> list[str]:
    """An owner is a name, or a role that people hold."""
    owner = source.owner or NOBODY_OWNS
    return [person.name for person in office.people if owner == person.name or owner in person.roles]
