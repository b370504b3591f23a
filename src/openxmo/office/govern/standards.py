"""Whether the office keeps its own standards, as far as what stands can tell.

A standard is judged only by what the office itself holds. Where nothing that stands can tell, the
answer says so: a green light for what nobody looked at would be worth less than none.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openxmo.office.govern.office import Office, identity
from openxmo.office.govern.practice import Standard
from openxmo.office.govern.screens.references import called
from openxmo.office.govern.store import Standings

YEAR = timedelta(days=365)
Light = Literal["kept", "broken", "unknown", "nothing"]
LIGHTS = {
    "kept": gettext_lazy("kept"),
    "broken": gettext_lazy("not kept"),
    "unknown": gettext_lazy("cannot be told"),
    "nothing": gettext_lazy("nothing to judge"),
}


@dataclass(frozen=True)
class Breach:
    """One object that does not keep a standard, and what it lacks."""

    kind: str
    key: str
    label: str
    lacks: str


@dataclass(frozen=True)
class Judged:
    """`looked_at` is how many objects were held against the standard; `why_unknown` why none could be."""

    standard: Standard
    looked_at: int
    breaches: tuple[Breach, ...] = ()
    why_unknown: str = ""

    @property
    def light(self) -> Light:
        if self.why_unknown:
            return "unknown"
        if not self.looked_at:
            return "nothing"
        return "broken" if self.breaches else "kept"

    @property
    def words(self) -> str:
        return str(LIGHTS[self.light])

    @property
    def tone(self) -> str:
        return {"kept": "better", "broken": "worse", "unknown": "quiet", "nothing": "quiet"}[self.light]


Found = tuple[int, list[Breach]]


def judge_standards(office: Office, standings: Standings, *, at: datetime) -> list[Judged]:
    """Each standard in force, the broken ones first."""
    found = [_judge(standard, office, standings, at) for standard in office.standards]
    order = ("broken", "kept", "nothing", "unknown")
    return sorted(found, key=lambda one: (order.index(one.light), one.standard.key))


def _judge(standard: Standard, office: Office, standings: Standings, at: datetime) -> Judged:
    judge = JUDGES.get(standard.key)
    if judge is None:
        return Judged(
            standard, 0, why_unknown=str(WHY_NOT.get(standard.key) or _("Nothing that the office holds tells it."))
        )
    looked_at, breaches = judge(office, standings, at)
    return Judged(standard, looked_at, tuple(breaches))


def _lacking(office: Office, kinds: Iterable[str], field: str, lacks: str) -> Found:
    objects = [(kind, item) for kind in kinds for item in office.of(kind)]
    breaches = [_breach(kind, item, lacks) for kind, item in objects if not getattr(item, field)]
    return len(objects), breaches


def _breach(kind: str, item: object, lacks: str) -> Breach:
    return Breach(kind, identity(item), called(item), lacks)


def _owner(office: Office, standings: Standings, at: datetime) -> Found:  # noqa: ARG001
    return _lacking(office, ("metric", "survey", "journey", "programme"), "owner", _("has no owner"))


def _decision(office: Office, standings: Standings, at: datetime) -> Found:  # noqa: ARG001
    decided = {key for programme in office.programmes if programme.decision.strip() for key in programme.surveys}
    lacks = _("stands in no programme that names a decision")
    breaches = [_breach("survey", one, lacks) for one in office.surveys if one.key not in decided]
    return len(office.surveys), breaches


def _two_metrics(office: Office, standings: Standings, at: datetime) -> Found:  # noqa: ARG001
    wrong = [one for one in office.programmes if len(set(one.metrics)) != 2]
    return len(office.programmes), [
        _breach("programme", one, _("reports %s metrics") % len(set(one.metrics))) for one in wrong
    ]


def _labelled(office: Office, standings: Standings, at: datetime) -> Found:  # noqa: ARG001
    rated = [one for one in office.instruments if one.answers == "rating"]
    return len(rated), [
        _breach("instrument", one, _("does not label both ends")) for one in rated if len(one.labels) < 2
    ]


def _reviewed(office: Office, standings: Standings, at: datetime) -> Found:
    breaches = []
    looked_at = 0
    for kind in ("metric", "survey", "standard"):
        for item in office.of(kind):
            looked_at += 1
            standing = standings.get((kind, identity(item)))
            if standing is not None and at - standing.at > YEAR:
                breaches.append(_breach(kind, item, _("was last settled on %s") % standing.at.date().isoformat()))
    return looked_at, breaches


Judge = Callable[[Office, Standings, datetime], Found]
JUDGES: Mapping[str, Judge] = {
    "owner": _owner,
    "decision": _decision,
    "two-metrics": _two_metrics,
    "labelled-scale": _labelled,
    "yearly-review": _reviewed,
}
WHY_NOT = {
    "no-bonus": gettext_lazy(
        "What people are paid for does not stand in the office. Ask the people leaders once a year."
    ),
    "no-begging": gettext_lazy("It shows in what is said to customers, not in what the office declares."),
    "planned-n": gettext_lazy("It is judged survey by survey, when one is sent."),
    "exclusion": gettext_lazy("It is kept by construction: leaving an answer out takes a reason and a second person."),
}
