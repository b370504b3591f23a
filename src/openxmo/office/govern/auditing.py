"""The audit as sentences: who did what to what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.audit import read_audit, tell
from openxmo.office.accounts.models import ApiKey, AuditEvent, User
from openxmo.office.lib.things import find_thing

Present = Callable[[AuditEvent, str], str]


@dataclass(frozen=True)
class Line:
    """One deed as a sentence, and what it was done to, with the address where one still stands."""

    at: datetime
    by: str
    what: str
    sentence: str
    things: tuple[tuple[str, str], ...]


def find_events(
    *, by: str = "", what: str = "", since: date | None = None, until: date | None = None, zone: str = "UTC"
) -> QuerySet[AuditEvent]:
    """The newest first, of one person, one deed, or days of the office; `until` is left out."""
    rows = read_audit(by=by or None, what=what or None)
    if since:
        rows = rows.filter(at__gte=datetime.combine(since, time(), ZoneInfo(zone)))
    if until:
        rows = rows.filter(at__lt=datetime.combine(until, time(), ZoneInfo(zone)))
    return rows.order_by("-at", "-id")


def present(event: AuditEvent, access: Access) -> Line:
    """A sentence made of the ids: labels are looked up now, so that the audit itself holds none."""
    things = tuple(_named(name, access) for name in event.on)
    return Line(event.at, event.by, event.what, tell(event.what), things)


def _named(name: str, access: Access) -> tuple[str, str]:
    """What a thing is called, and where it stands."""
    thing = find_thing(name, access)
    if thing is not None and not thing.hidden:
        return f"{thing.what} {thing.label}".strip(), thing.address
    kind, _sign, key = name.partition(":")
    if kind == "user":
        user = User.objects.filter(pk=key).first() if key.isdigit() else None
        return (_("sign-in of %s") % user.username if user else name), ""
    if kind == "key":
        found = ApiKey.objects.filter(pk=key).first() if key.isdigit() else None
        return (_("key %s") % found.name if found else name), ""
    known = {"office": _("change %s of the office"), "receipt": _("import %s")}
    return (known[kind] % key if kind in known else name.replace(":", " ")), ""


def days_of(since: str, until: str) -> tuple[date | None, date | None]:
    """Two days as a form gives them; the second is part of what is asked for, so the day after ends it."""
    first = date.fromisoformat(since) if since else None
    last = date.fromisoformat(until) + timedelta(days=1) if until else None
    return first, last
