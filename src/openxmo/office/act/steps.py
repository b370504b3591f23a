"""Making one step of a case: checked, written, its clocks called off, its audit line, in the caller's transaction."""

from datetime import datetime

from openxmo.office.accounts import audit
from openxmo.office.act.clocks import call_off, running_clock
from openxmo.office.act.holding import tell_of_complaint
from openxmo.office.act.models import Case
from openxmo.office.act.policies import check_step
from openxmo.office.act.states import CASE_STEPS, SETTLED, CaseState


def held(case: Case) -> Case:
    """The case as it stands now, locked until the transaction ends."""
    return Case.objects.select_for_update().get(pk=case.pk)


def make(case: Case, deed: str, *, by: str, at: datetime) -> None:
    """Move a held case on and save it; `by` is empty where the customer did it."""
    check_step(case, deed)
    step = CASE_STEPS[deed]
    case.state = CaseState(step.after)
    case.due_at = running_clock(case)
    case.save()
    tell_of_complaint(case, at=at)
    if deed == "answer":
        call_off(case, "reply", at=at)
    elif case.state in SETTLED:
        call_off(case, at=at)
    audit.record(step.audited, by=by or "customer", at=at, on=[case.name])
