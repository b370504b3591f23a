"""What a customer has been through, beside their case: for whoever works it, within their units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openxmo.core.errors import WrongUsage
from openxmo.core.release import scope_of
from openxmo.office.act.judging import is_somebody
from openxmo.office.act.models import Case
from openxmo.office.govern.session import Session
from openxmo.questions.person import person

TOLD = frozenset({"contact", "complaint", "comment", "csat", "nps", "ces", "resolved", "escalation", "transferred"})
MOST = 12


@dataclass(frozen=True)
class History:
    """The newest first. `contacts` counts what was heard of contacts in these rows; `hidden` where nothing is shown."""

    rows: tuple[Mapping[str, Any], ...] = ()
    contacts: int = 0
    hidden: bool = False


def read_history(office: Session, case: Case, *, at: datetime) -> History:
    """The last things heard of the customer of a case that the caller was allowed to open."""
    if not is_somebody(case.subject):
        return History()
    office.engine.refresh()
    try:
        found = person(case.subject, engine=office.engine, as_of=at, scope=scope_of(office.viewer), size=60)
    except WrongUsage:  # nothing of them within sight
        return History()
    released = office.released(found)
    records = released.to_records()
    rows = [{**row, "at": datetime.fromisoformat(row["happened_at"])} for row in records if row["name"] in TOLD]
    contacts = sum(row["name"] == "contact" for row in rows)
    return History(tuple(rows[:MOST]), contacts, hidden=released.result.suppressed is not None)
