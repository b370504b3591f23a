"""From everybody invited to the last person who answered, by survey: counted from the invitations themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from zoneinfo import ZoneInfo

import ibis

from openxmo.core.errors import NotAllowed
from openxmo.core.listen.response_rate import ResponseRate, response_rate
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.people import person_hash
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.session import Session
from openxmo.office.listen.queries.scope import Day, signals_asked, start

STEPS = ("sent", "delivered", "opened", "answered", "bounced", "refused")
TOLD_OF_EMPLOYEES = ("sent", "answered")  # a step that a few did not reach would single them out
PREFIX = "invitation_"
Months = Mapping[str, frozenset[int]]  # who, by month


@dataclass(frozen=True)
class Funnel:
    """Invitations of one survey; a step is None where nobody may know. `hidden`: employees who could be recognised."""

    survey: str
    sent: int
    delivered: int | None
    opened: int | None
    answered: int
    bounced: int | None
    refused: int | None
    rate: ResponseRate | None
    hidden: bool = False


@dataclass(frozen=True)
class Funnels:
    """What passes the exit door: `people` are the employees in each step of a survey, by its key."""

    funnels: Mapping[str, Funnel]
    people: Mapping[str, Mapping[str, Months]]
    period: tuple[Any, Any]
    unit: str | None
    scope: frozenset[str] | None

    def to_document(self) -> dict[str, Any]:
        return {"rows": self.to_records()}

    def to_records(self) -> list[dict[str, Any]]:
        """A hidden funnel tells its name alone."""
        return [
            {"survey": one.survey, **{step: None if one.hidden else getattr(one, step) for step in STEPS}}
            for one in self.funnels.values()
        ]

    def cells(self) -> list[tuple[str, str]]:
        return [(key, step) for key, steps in self.people.items() for step in steps]

    def disclosures(self) -> tuple[Disclosure, ...]:
        since, until = self.period
        return tuple(
            Disclosure(
                metric=f"invitations of {key}",
                by={},
                start=since,
                end=until,
                n=getattr(self.funnels[key], step),
                people=frozenset().union(*self.people[key][step].values()),
                siblings=key,
                months=self.people[key][step],
                narrowed_by=(("unit", self.unit),) if self.unit else (),
                guarded=True,
            )
            for key, step in self.cells()
        )

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        """Of a survey everything or nothing: one step would give the other away."""
        cells = self.cells()
        gone = {cells[place][0] for place in reasons}
        funnels = {
            key: replace(one, hidden=True, rate=None) if key in gone else one for key, one in self.funnels.items()
        }
        people = {key: steps for key, steps in self.people.items() if key not in gone}
        return replace(self, funnels=funnels, people=people)

    def without_employees(self) -> Self:
        return self.withhold(dict.fromkeys(range(len(self.cells())), "privacy"))


def find_funnels(session: Session, *, unit: str | None = None, since: Day = None, until: Day = None) -> list[Funnel]:
    """One funnel for each survey that told of its invitations, the largest first.

    An answer that came without an invitation is not counted: the rate is of those asked. Employees' are shown as
    their answers are: from the minimum group on, over whole months, and never so that two looks single out a few.
    """
    found = count(session, unit=unit, since=since, until=until)
    try:
        released = session.released(found)
    except NotAllowed:
        released = session.released(found.without_employees())
    return sorted(released.result.funnels.values(), key=lambda funnel: (funnel.hidden, -funnel.sent, funnel.survey))


def count(session: Session, *, unit: str | None, since: Day, until: Day) -> Funnels:
    signals = signals_asked(session, unit=unit, since=since, until=until)
    signals = signals.filter(signals.name.isin([PREFIX + step for step in STEPS]), signals.response.notnull())
    named = signals.mutate(
        survey=ibis.coalesce(
            signals.attrs.get("survey"), signals.attrs.get("programme"), signals.instrument, signals.source
        )
    )
    each = named.group_by("survey", "response").agg(
        protected=named.protected.any(),
        subject=named.subject.max(),
        first_at=named.happened_at.min(),
        **{step: (named.name == PREFIX + step).any().cast("int64") for step in STEPS},
    )
    asked = each.filter(each.sent > 0)
    counted = asked.group_by("survey").agg(
        protected=asked.protected.any(), **{step: asked[step].sum() for step in STEPS}
    )
    labels, zone = labels_of(session), ZoneInfo(session.definitions.zone)
    rows = session.engine.fetch(counted).to_pylist()
    guarded = [row["survey"] for row in rows if row["protected"]]
    everybody = session.engine.fetch(asked.filter(asked.survey.isin(guarded))).to_pylist() if guarded else []
    return Funnels(
        funnels={row["survey"] or "": _funnel(row, labels) for row in rows},
        people=_people(everybody, session.engine.people_key, zone),
        period=(start(since, zone), start(until, zone)),
        unit=unit,
        scope=session.viewer.units,
    )


def labels_of(session: Session) -> dict[str, str]:
    """What surveys, programmes and sources are called in the office."""
    office = read_office(session.home)
    labels = {source.key: source.label for source in office.sources}
    labels |= {programme.key: programme.label for programme in office.programmes}
    labels |= {survey.key: survey.label for survey in office.surveys}
    return {key: label for key, label in labels.items() if label}


def _funnel(row: dict[str, Any], labels: dict[str, str]) -> Funnel:
    shown = TOLD_OF_EMPLOYEES if row["protected"] else STEPS
    counts: dict[str, Any] = {step: int(row[step]) if step in shown else None for step in STEPS}
    name = row["survey"] or ""
    rate = response_rate(asked=counts["sent"], answered=counts["answered"])
    return Funnel(survey=labels.get(name, name), rate=rate, **counts)


def _people(rows: Sequence[Mapping[str, Any]], secret: bytes, zone: ZoneInfo) -> dict[str, dict[str, Months]]:
    """Who was asked, and who answered, by survey and by the month of the invitation."""
    found: dict[str, dict[str, dict[str, set[int]]]] = {}
    for row in rows:
        who = person_hash((("person", row["subject"]), ("response", row["response"])), secret)
        month = f"{row['first_at'].astimezone(zone):%Y-%m}"
        steps = found.setdefault(row["survey"] or "", {step: {} for step in TOLD_OF_EMPLOYEES})
        for step in TOLD_OF_EMPLOYEES:
            if row[step]:
                steps[step].setdefault(month, set()).add(who)
    return {
        survey: {
            step: {month: frozenset(each) for month, each in sorted(months.items())} for step, months in steps.items()
        }
        for survey, steps in found.items()
    }
