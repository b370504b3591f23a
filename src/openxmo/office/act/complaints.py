"""Possible complaints: somebody reads the words, and says what they are."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.act.wording import HARM
from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.act.holding import tell_of_complaint
from openxmo.office.act.models import Case, PossibleComplaint
from openxmo.office.act.opening import open_case, set_alarms
from openxmo.office.act.routing import Load
from openxmo.office.act.rules import Clock, complaint_clocks, find_complaint_rule, find_loop, loop_clocks
from openxmo.office.act.steps import held
from openxmo.office.govern.office import Office
from openxmo.office.govern.queries import read_office


@transaction.atomic
def accept_possible(*, possible: PossibleComplaint, by: str, at: datetime) -> Case:
    """It is one: a case opens, or the case that this answer has opened takes the clocks of a complaint as well."""
    possible = waiting(possible)
    office = read_office(Home.at(Path(settings.OPENXMO_HOME)))
    rule, clocks, sort = clocks_for(office, possible)
    if not clocks:
        raise WrongUsage(
            _("The office has no rule for complaints."), mend=_("Add a rule of kind complaint to the office file.")
        )
    standing = Case.objects.filter(answer=possible.answer).first() if possible.answer else None
    if standing is not None:
        case = add_clocks(standing, clocks, regulator=regulator_of(office), at=at)
    else:
        facts = dict(possible.facts)
        facts |= {
            "happened_at": possible.happened_at,
            "words": possible.words,
            "sort": sort,
            "severe": sort == Case.Sort.HARM,
            "regulator": regulator_of(office) if sort == Case.Sort.COMPLAINT else "",
        }
        signals = [possible.signal]
        case = open_case(office, facts, rule=rule, clocks=clocks, load=Load(), signals=signals, by=by, at=at)
    settle(possible, PossibleComplaint.State.ACCEPTED, case=case, why="", by=by, at=at)
    audit.record("possible complaint accepted", by=by, at=at, on=[f"possible:{possible.pk}", case.name])
    return case


@transaction.atomic
def dismiss_possible(*, possible: PossibleComplaint, why: str, by: str, at: datetime) -> PossibleComplaint:
    """It is none, for a reason that is kept."""
    if not why.strip():
        raise WrongUsage(_("Say why this is no complaint."), mend=_("The reason is kept and can be read again."))
    possible = waiting(possible)
    settle(possible, PossibleComplaint.State.DISMISSED, case=possible.case, why=why.strip(), by=by, at=at)
    audit.record("possible complaint dismissed", by=by, at=at, on=[f"possible:{possible.pk}"])
    return possible


def waiting(possible: PossibleComplaint) -> PossibleComplaint:
    found = PossibleComplaint.objects.select_for_update().get(pk=possible.pk)
    if found.state != PossibleComplaint.State.WAITING:
        raise WrongUsage(
            _("%(name)s has judged this already: %(state)s.")
            % {"name": found.judged_by, "state": found.get_state_display()}
        )
    return found


def settle(possible: PossibleComplaint, state: str, *, case: Case | None, why: str, by: str, at: datetime) -> None:
    possible.state, possible.case, possible.judged_why = state, case, why
    possible.judged_at, possible.judged_by = at, by
    possible.save()


def clocks_for(office: Office, possible: PossibleComplaint) -> tuple[str, dict[str, Clock], Any]:
    """Words of harm alone run by the clock of harm; where a complaint is in them, by that of complaints, the
    first reply by the quicker of both."""
    start = possible.happened_at
    complaint, harm = find_complaint_rule(office), find_loop(office, "harm_words")
    clocks: dict[str, Clock] = {}
    rule, sort = "", Case.Sort.COMPLAINT
    if complaint is not None:
        clocks, rule = complaint_clocks(office, complaint, start=start), complaint.key
    if harm is not None and HARM & set(possible.topics):
        urgent = loop_clocks(office, harm, start=start)
        if "complaint" in possible.topics and clocks:
            clocks["reply"] = min(clocks["reply"], urgent["reply"], key=lambda clock: clock.due_at)
        else:
            clocks, rule, sort = urgent, harm.key, Case.Sort.HARM
    return rule, clocks, sort


def add_clocks(case: Case, clocks: dict[str, Clock], *, regulator: str, at: datetime) -> Case:
    """The clocks of a complaint beside those that the case has; its first reply by whichever is sooner."""
    case = held(case)
    case.sort, case.regulator = Case.Sort.COMPLAINT, regulator
    case.update_due_at = clocks["update"].due_at if "update" in clocks else None
    case.final_due_at = clocks["final"].due_at if "final" in clocks else None
    case.save()
    tell_of_complaint(case, at=at)
    set_alarms(case, [clock for of, clock in clocks.items() if of in ("update", "final")])
    return case


def regulator_of(office: Office) -> str:
    rule = find_complaint_rule(office)
    return (rule.regulator or "") if rule else ""
