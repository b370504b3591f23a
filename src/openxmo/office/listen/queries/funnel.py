"""From everybody invited to the last person who answered, by survey: counted from the invitations themselves."""

from dataclasses import dataclass
from typing import Any

import ibis

from openxmo.core.listen.response_rate import ResponseRate, response_rate
from openxmo.office.govern.queries import find_rules, read_office
from openxmo.office.govern.session import Session
from openxmo.office.listen.queries.scope import Day, signals_asked

STEPS = ("sent", "delivered", "opened", "answered", "bounced", "refused")
PREFIX = "invitation_"


@dataclass(frozen=True)
class Funnel:
    """Invitations of one survey. `hidden` where they are employees' and too few to be shown."""

    survey: str
    sent: int
    delivered: int
    opened: int
    answered: int
    bounced: int
    refused: int
    rate: ResponseRate | None
    hidden: bool = False


def find_funnels(session: Session, *, unit: str | None = None, since: Day = None, until: Day = None) -> list[Funnel]:
    """One funnel for each survey that told of its invitations, the largest first.

    An answer that came without an invitation is not counted: the rate is of those asked. Employees'
    invitations are shown from the minimum group on.
    """
    signals = signals_asked(session, unit=unit, since=since, until=until)
    signals = signals.filter(signals.name.isin([PREFIX + step for step in STEPS]), signals.response.notnull())
    named = signals.mutate(
        survey=ibis.coalesce(
            signals.attrs.get("survey"), signals.attrs.get("programme"), signals.instrument, signals.source
        ),
        protected=(signals.subject_kind.fill_null("employee") == "employee"),
    )
    each = named.group_by("survey", "response").agg(
        protected=named.protected.any(),
        **{step: (named.name == PREFIX + step).any().cast("int64") for step in STEPS},
    )
    asked = each.filter(each.sent > 0)
    counted = asked.group_by("survey").agg(
        protected=asked.protected.any(), **{step: asked[step].sum() for step in STEPS}
    )
    least = find_rules(session.home).employees
    labels = labels_of(session)
    found = [_funnel(row, least, labels) for row in session.engine.fetch(counted).to_pylist()]
    return sorted(found, key=lambda funnel: (-funnel.sent, funnel.survey))


def labels_of(session: Session) -> dict[str, str]:
    """What surveys, programmes and sources are called in the office."""
    office = read_office(session.home)
    labels = {source.key: source.label for source in office.sources}
    labels |= {programme.key: programme.label for programme in office.programmes}
    labels |= {survey.key: survey.label for survey in office.surveys}
    return {key: label for key, label in labels.items() if label}


def _funnel(row: dict[str, Any], least: int, labels: dict[str, str]) -> Funnel:
    counts = {step: int(row[step]) for step in STEPS}
    hidden = bool(row["protected"]) and counts["sent"] < least
    rate = None if hidden else response_rate(asked=counts["sent"], answered=counts["answered"])
    name = row["survey"] or ""
    return Funnel(survey=labels.get(name, name), rate=rate, hidden=hidden, **counts)
