"""Did this help? The customer's own word closes a case, and is heard like any other answer."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.act.deadline import deadline
from openxmo.core.act.ladder import rungs
from openxmo.core.errors import WrongUsage
from openxmo.core.signals.door.batches import put_batch
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.act import actions
from openxmo.office.act.fresh import OWN_SOURCE
from openxmo.office.act.models import Case, ConversationEntry
from openxmo.office.act.opening import set_alarms
from openxmo.office.act.policies import can_step
from openxmo.office.act.rules import Clock, counted_hours, days_in, due_by
from openxmo.office.act.steps import held, make
from openxmo.office.govern.calendars import hours_of
from openxmo.office.govern.office import Office
from openxmo.office.govern.practice import ClosedLoop, Complaint
from openxmo.office.govern.queries import read_office

CUSTOMER = "customer"
DEFAULT_WINDOW = timedelta(days=7)
SCALE = "1..5"


@transaction.atomic
def hear_answer(
    home: Home, *, case: Case, helped: bool, score: int | None, words: str, round: int, at: datetime
) -> Case:
    """What the customer said at their link. Yes confirms; no reopens; a second answer changes nothing.

    The answer is put among what is heard once the case has moved, under a name of its own, so that
    it is heard once however often it is sent.
    """
    case = held(case)
    if round != case.rounds or not can_step(case, "reopen") or answered(case):
        raise WrongUsage(_("Thank you: we have your answer already."), where=_("this page"))
    if words.strip():
        ConversationEntry.objects.create(case=case, way="customer", words=words.strip()[:4000], said_at=at)
    if helped:
        case.confirmed_at = at
        case.outcome = case.outcome or Case.Outcome.RECOVERED
        make(case, "confirm", by="", at=at)
    else:
        case = reopen_case(read_office(home), case=case, by="", at=at)
    transaction.on_commit(lambda: tell(home, case, helped=helped, score=score, words=words, round=round, at=at))
    return case


def answered(case: Case) -> bool:
    return case.confirmed_at is not None and case.state == "confirmed"


def reopen_case(office: Office, *, case: Case, by: str, at: datetime) -> Case:
    """Open it again, with a reply clock from now by its own rule; within the rule's days it is not recovered."""
    rule = next((rule for rule in office.rules if rule.key == case.rule), None)
    window = days_in(rule.reopens_within) if isinstance(rule, ClosedLoop) else DEFAULT_WINDOW
    within = case.resolved_at is not None and at - case.resolved_at <= window
    clock = reply_clock(office, rule, start=at)
    case = actions.reopen(case=case, by=by, at=at, reply_due_at=clock.due_at, within=within)
    set_alarms(case, [clock])
    return case


def reply_clock(office: Office, rule: Any, *, start: datetime) -> Clock:
    """The clock of a first reply by this rule; of a rule that is gone, one open day."""
    shares = {"warn_at": 0.75, "lead_at": 1.0, "head_at": 2.0}
    if isinstance(rule, ClosedLoop):
        span = rule.first_reply
        shares = {"warn_at": rule.warn_at, "lead_at": rule.lead_at, "head_at": rule.head_at}
    elif isinstance(rule, Complaint):
        span = rule.acknowledge
    else:
        due_at = deadline(hours_of(office, None), start, amount=1, unit="day", business=False)
        return Clock("reply", due_at, rungs(hours_of(office, None), start=start, due_at=due_at, **shares))
    due_at = due_by(office, span, calendar=rule.calendar, start=start)
    hours = counted_hours(office, span, rule.calendar)
    return Clock("reply", due_at, rungs(hours, start=start, due_at=due_at, **shares))


def tell(home: Home, case: Case, *, helped: bool, score: int | None, words: str, round: int, at: datetime) -> None:
    """The answer as signals, through the same door as all others."""
    response = f"recontact-{case.pk}-{round}"
    common = {
        "source": OWN_SOURCE,
        "happened_at": at.isoformat(),
        "kind": "X",
        "response": response,
        "subject_kind": "customer",
        "attrs": {"case": str(case.pk)},
    }
    kept = {name: getattr(case, name) for name in ("subject", "account", "unit", "channel", "reason", "product")}
    common |= {name: value for name, value in kept.items() if value}
    rows: list[dict[str, Any]] = [
        {"id": f"{response}-resolved", "name": "recovered", "label": "yes" if helped else "no"}
    ]
    if score is not None:
        rows.append({"id": f"{response}-csat", "name": "csat_recontact", "value": score, "scale": SCALE})
    if words.strip():
        rows.append({"id": f"{response}-comment", "name": "comment", "text": words.strip()[:4000]})
    lines = "".join(json.dumps(common | row) + "\n" for row in rows)
    put_batch(home, [lines.encode()], source=OWN_SOURCE, by="recontact", at=at)
    audit.record("recontact answer heard", by=CUSTOMER, at=at, on=[case.name])
