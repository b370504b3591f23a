"""The clocks of cases as they run: which one runs now, and who is told when one has gone on too long."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.act.models import Case, EscalationEvent
from openxmo.office.act.people import emails_of, heads_of, leads_of
from openxmo.office.act.recommending import run_out
from openxmo.office.act.states import OPEN_CASES, WAITING_FOR_REPLY, CaseState
from openxmo.office.govern.office import Office
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.letters import address_of, send_letter

CLOCKS = "clocks"  # who tells, where no person does
MOST_AT_ONCE = 500


def running_clock(case: Case) -> datetime | None:
    """When the next thing is due: a first reply, then what is left of update, resolution and final answer."""
    if case.state in WAITING_FOR_REPLY:
        return case.first_reply_due_at
    if case.state != CaseState.ANSWERED:
        return None
    update = None if case.updated_at else case.update_due_at
    left = [due for due in (update, case.resolve_due_at, case.final_due_at) if due is not None]
    return min(left, default=case.first_reply_due_at)


def tick(*, at: datetime) -> int:
    """Tell whom the clocks say must hear, once each, and call silent teams' recommendations unanswered.

    Returns how many steps were told. Cheap where nothing is due.
    """
    told = 0
    due = EscalationEvent.objects.filter(due_at__lte=at, told_at__isnull=True, called_off_at__isnull=True)
    waiting = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    office = read_office(Home.at(Path(settings.OPENXMO_HOME)))
    for start in range(0, len(waiting), 50):
        with transaction.atomic():
            told += tell_some(office, waiting[start : start + 50], at=at)
    return told + run_out(office, at=at)


def tell_some(office: Office, keys: list[int], *, at: datetime) -> int:
    """Inside a transaction, so that a step is told to nobody or to all, and never twice."""
    rows = EscalationEvent.objects.select_for_update(of=("self",)).select_related("case")
    events = rows.filter(pk__in=keys, told_at__isnull=True, called_off_at__isnull=True).order_by("due_at", "pk")
    letters: dict[str, list[EscalationEvent]] = defaultdict(list)
    count = 0
    for event in events:
        if event.case.state not in OPEN_CASES:
            event.called_off_at = at
        else:
            event.told_at, event.told = at, whom_to_tell(office, event)
            audit.record(f"case clock: {event.step}", by=CLOCKS, at=at, on=[event.case.name])
            count += 1
            for name in event.told:
                letters[name].append(event)
        event.save(update_fields=["told_at", "told", "called_off_at"])
    send_alarms(letters, at=at)
    return count


def whom_to_tell(office: Office, event: EscalationEvent) -> list[str]:
    """A warning goes to whoever has the case, else to the lead; then to the lead; then to the head of the unit."""
    case = event.case
    holder = case.taken_by or case.owner
    if event.step == EscalationEvent.Step.WARN and holder:
        return [holder]
    if event.step == EscalationEvent.Step.HEAD:
        return heads_of(office, case.unit)
    return leads_of(office, team=case.team, unit=case.unit) or heads_of(office, case.unit)


def send_alarms(letters: dict[str, list[EscalationEvent]], *, at: datetime) -> None:
    """One letter a person, however many clocks ran out at once; without the customer's words."""
    addresses = emails_of(letters)
    for name, events in letters.items():
        if name in addresses:
            lines = [(event, address_of("act-case", event.case_id)) for event in last_of_each(events)]
            cases = {event.case_id for event in events}
            subject = _("%(count)d cases need you") % {"count": len(cases)}
            if len(cases) == 1:
                subject = _("Case %(number)d needs you") % {"number": cases.pop()}
            send_letter(addresses[name], subject, "act/letters/alarm.txt", {"lines": lines, "name": name, "at": at})


def last_of_each(events: Iterable[EscalationEvent]) -> list[EscalationEvent]:
    """Of each clock of a case the last step: who reads that the time is over needs no warning that it will be."""
    last = {(event.case_id, event.clock): event for event in sorted(events, key=lambda event: (event.due_at, event.pk))}
    return list(last.values())


def call_off(case: Case, *clocks: str, at: datetime) -> None:
    """These clocks were met: nobody is told of them any more."""
    waiting = case.escalations.filter(told_at__isnull=True, called_off_at__isnull=True)
    (waiting.filter(clock__in=clocks) if clocks else waiting).update(called_off_at=at)
