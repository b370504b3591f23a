"""The office's rules as this room reads them: a case's clocks, when causes make a problem, when teams answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openxmo.core.act.calendar import BusinessHours
from openxmo.core.act.deadline import deadline
from openxmo.core.act.ladder import Rung, rungs
from openxmo.core.act.triggers import Opening
from openxmo.office.govern.calendars import hours_of
from openxmo.office.govern.office import Office
from openxmo.office.govern.practice import Answering, ClosedLoop, Complaint, RootCause, Routing
from openxmo.office.govern.spans import Span, read_span

LADDER = (0.75, 1.0, 2.0)  # of clocks whose rule names no shares: warning, lead, head


@dataclass(frozen=True)
class Clock:
    """One clock of a case: what it is of, when it is due, and who is told on the way."""

    of: str
    due_at: datetime
    rungs: tuple[Rung, ...]


def find_loop(office: Office, opens_on: Opening) -> ClosedLoop | None:
    """The closed-loop rule that opens on this; the first by key where there are several."""
    return next((rule for rule in office.rules if isinstance(rule, ClosedLoop) and rule.opens_on == opens_on), None)


def find_complaint_rule(office: Office) -> Complaint | None:
    return next((rule for rule in office.rules if isinstance(rule, Complaint)), None)


def find_cause_rule(office: Office) -> RootCause | None:
    return next((rule for rule in office.rules if isinstance(rule, RootCause)), None)


def find_answering_rule(office: Office) -> Answering | None:
    return next((rule for rule in office.rules if isinstance(rule, Answering)), None)


def find_routing(office: Office, *, unit: str, channel: str, reason: str, product: str) -> Routing | None:
    """The routing rule that names most of what is true of a case, and nothing that is not."""
    facts = {"unit": unit, "channel": channel, "reason": reason, "product": product}

    def named(rule: Routing) -> dict[str, str]:
        return {key: value for key in facts if (value := getattr(rule, key)) is not None}

    routings = [rule for rule in office.rules if isinstance(rule, Routing)]
    fitting = [rule for rule in routings if all(facts[key] == value for key, value in named(rule).items())]
    return max(fitting, key=lambda rule: len(named(rule)), default=None)


def due_by(office: Office, span: Span, *, calendar: str | None, start: datetime) -> datetime:
    """When a length of time that a rule names has passed."""
    length = read_span(span)
    return deadline(hours_of(office, calendar), start, amount=length.amount, unit=length.unit, business=length.business)


def days_in(span: Span) -> timedelta:
    """A length of calendar time: business lengths count as if every day were open."""
    length = read_span(span)
    return timedelta(days=length.amount) if length.unit == "day" else timedelta(hours=length.amount)


def loop_clocks(office: Office, rule: ClosedLoop, *, start: datetime) -> dict[str, Clock]:
    """The clocks of first reply and resolution."""
    hours = counted_hours(office, rule.first_reply, rule.calendar)
    shares = {"warn_at": rule.warn_at, "lead_at": rule.lead_at, "head_at": rule.head_at}
    reply = due_by(office, rule.first_reply, calendar=rule.calendar, start=start)
    clocks = {"reply": Clock("reply", reply, rungs(hours, start=start, due_at=reply, **shares))}
    if rule.resolve:
        resolve = due_by(office, rule.resolve, calendar=rule.calendar, start=start)
        hours = counted_hours(office, rule.resolve, rule.calendar)
        clocks["resolve"] = Clock("resolve", resolve, rungs(hours, start=start, due_at=resolve, **shares))
    return clocks


def complaint_clocks(office: Office, rule: Complaint, *, start: datetime) -> dict[str, Clock]:
    """Acknowledgement, update, and the final answer where a regulator's rule is named."""
    spans = {"reply": rule.acknowledge, "update": rule.update, "final": rule.final_answer}
    found = {}
    for of, span in spans.items():
        if span is not None:
            due_at = due_by(office, span, calendar=rule.calendar, start=start)
            hours = counted_hours(office, span, rule.calendar)
            warn, lead, head = LADDER
            steps = rungs(hours, start=start, due_at=due_at, warn_at=warn, lead_at=lead, head_at=head)
            found[of] = Clock(of, due_at, steps)
    return found


def counted_hours(office: Office, span: Span, calendar: str | None) -> BusinessHours:
    """The open hours that a length is counted by: of its calendar if it is a business length, else day and night."""
    return hours_of(office, calendar if read_span(span).business else None)
