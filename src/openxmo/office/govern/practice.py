"""How the office works: what it asks, the standards it holds itself to, the rules its clocks follow."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from openxmo.core.act.triggers import Opening
from openxmo.core.metrics.metric import Key
from openxmo.core.signals.contract import INSTRUMENT_PATTERN, SCALE_PATTERN
from openxmo.office.govern.organisation import Declared, Said
from openxmo.office.govern.spans import Span

Experience = Literal["customer", "employee", "partner", "product"]
Every = Literal["day", "week", "month", "quarter", "half-year", "year"]
MOST_QUESTIONS = 5


class Instrument(Declared, frozen=True, kw_only=True):
    """One question in one wording. A change of wording, scale or mode is a new version beside the old one."""

    key: Key
    version: Said
    wording: Said
    answers: Literal["rating", "choice", "words"] = "rating"
    scale: Annotated[str, Meta(pattern=SCALE_PATTERN)] | None = None  # of a rating
    labels: tuple[str, ...] = ()  # of a choice; of a rating, what its ends mean
    mode: str = ""  # web, phone, kiosk …
    language: str = "en"
    signal: str = ""  # the name its answers carry; the key if absent
    item: str = ""  # what it asks about, as its answers name it: of Kano's questions the idea's key; the key if absent


class Stage(Declared, frozen=True, kw_only=True):
    key: Said  # as signals name it in `stage`
    label: str = ""
    expected: str = ""  # what people expect here, in their words


class Journey(Declared, frozen=True, kw_only=True):
    """The stages a person goes through, in their order."""

    key: Key
    label: str = ""
    experience: Experience = "customer"
    stages: tuple[Stage, ...] = ()
    owner: str = ""


class Survey(Declared, frozen=True, kw_only=True):
    """A template of at most five questions, each named as `key@version`."""

    key: Key
    label: str = ""
    questions: Annotated[
        tuple[Annotated[str, Meta(pattern=INSTRUMENT_PATTERN)], ...], Meta(min_length=1, max_length=MOST_QUESTIONS)
    ]
    experience: Experience = "customer"
    relationship: bool = False  # asked of the relationship as a whole, so rarely
    purpose: str = ""
    what_happens: str = ""  # told to those asked: what is done with the answer
    who_sees: str = ""  # told to those asked
    owner: str = ""


class Programme(Declared, frozen=True, kw_only=True):
    """Listening on purpose: which surveys at which journeys and channels, for which decision, judged by what."""

    key: Key
    label: str = ""
    experience: Experience = "customer"
    surveys: tuple[str, ...] = ()
    journeys: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    decision: str = ""  # what will be decided by it
    metrics: tuple[str, ...] = ()  # two usually: one to move, and one that shows the harm
    why_these: str = ""
    owner: str = ""


class Standard(Declared, frozen=True, kw_only=True):
    """What the office demands of every thing of a sort, and why."""

    key: Key
    of: Literal["survey", "metric", "journey", "programme", "office"]
    statement: Said
    why: str = ""


# RULES


class ClosedLoop(Declared, frozen=True, kw_only=True, tag_field="kind", tag="closed_loop"):
    """The clock of a case. Shares are of the clock: warn at 0.75, tell the lead at 1, the unit's head at 2."""

    key: Key
    opens_on: Opening
    first_reply: Span
    resolve: Span | None = None
    warn_at: Annotated[float, Meta(gt=0)] = 0.75
    lead_at: Annotated[float, Meta(gt=0)] = 1
    head_at: Annotated[float, Meta(gt=0)] = 2
    reopens_within: Span = "7 days"  # reopened by then: not recovered
    customer_confirms: bool = True  # recovered only when the customer says so
    calendar: str | None = None  # of business lengths
    why: str = ""


class Routing(Declared, frozen=True, kw_only=True, tag_field="kind", tag="routing"):
    """Which team gets a case. The rule that names most of what the case is about wins; without one, whoever served."""

    key: Key
    team: Said
    unit: str | None = None
    channel: str | None = None
    reason: str | None = None
    product: str | None = None
    why: str = ""


class RootCause(Declared, frozen=True, kw_only=True, tag_field="kind", tag="root_cause"):
    """When cases with one cause propose a backlog item."""

    key: Key
    cases: Annotated[int, Meta(ge=1)]
    severe_cases: Annotated[int, Meta(ge=1)]
    within: Span
    why: str = ""


class Complaint(Declared, frozen=True, kw_only=True, tag_field="kind", tag="complaint"):
    """The clocks of a complaint. A final answer is due only by a named regulator's rule of a date."""

    key: Key
    acknowledge: Span
    update: Span
    final_answer: Span | None = None
    regulator: str | None = None
    rule_of: date | None = None
    calendar: str | None = None
    why: str = ""


class Frequency(Declared, frozen=True, kw_only=True, tag_field="kind", tag="frequency"):
    """How often one person may be asked."""

    key: Key
    days_between: Annotated[int, Meta(ge=0)]
    days_between_relationship: Annotated[int, Meta(ge=0)]
    most_a_year: Annotated[int, Meta(ge=1)]
    hold_on_open_complaint: bool = True
    never_delays: tuple[str, ...] = ("complaint",)
    why: str = ""


class Answering(Declared, frozen=True, kw_only=True, tag_field="kind", tag="answering"):
    """How soon a receiving team answers a recommendation, and who calls when it does not."""

    key: Key
    answer_in: Span
    then: str  # a role
    calendar: str | None = None
    why: str = ""


class Review(Declared, frozen=True, kw_only=True, tag_field="kind", tag="review"):
    """A meeting that recurs: what it looks at, and who comes."""

    key: Key
    every: Every
    looks_at: tuple[str, ...]
    roles: tuple[str, ...] = ()
    minutes: Annotated[int, Meta(ge=1)] | None = None


Rule = ClosedLoop | Routing | RootCause | Complaint | Frequency | Answering | Review
