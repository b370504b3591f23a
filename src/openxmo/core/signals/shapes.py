"""Names with a fixed meaning, each with a made-up row: what a source sends so that everybody counts the same thing.

Any other name may be sent too; these are the ones that OpenXMO's own metrics and pages look for.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openxmo.core.signals.contract import Kind

MOMENT = "2026-03-02T09:30:00Z"
LATER = "2026-03-02T09:42:30Z"


@dataclass(frozen=True)
class Shape:
    """One reserved name. `needs` are the columns without which it says nothing.

    `labels` and `items` are what its label and its item may be.
    """

    name: str
    kind: Kind
    meaning: str
    needs: tuple[str, ...]
    example: Mapping[str, Any]
    labels: tuple[str, ...] = ()
    items: tuple[str, ...] = ()

    def example_json(self) -> str:
        """The made-up row as a line of NDJSON."""
        return json.dumps(self.example, ensure_ascii=False)


def _shape(
    name: str, kind: Kind, meaning: str, needs: str = "", *, labels: str = "", items: str = "", **columns: Any
) -> Shape:
    row = {"id": f"{name}-1", "source": "example", "happened_at": MOMENT, "kind": kind, "name": name} | columns
    return Shape(name, kind, meaning, tuple(needs.split()), row, tuple(labels.split()), tuple(items.split()))


CUSTOMER = {"subject": "c-1042", "subject_kind": "customer"}
ACCOUNT = {"account": "a-310"}  # whose revenue weighs the answers of its people
EMPLOYEE = {"subject": "e-77", "subject_kind": "employee"}
PARTNER = {"subject": "p-9", "subject_kind": "partner"}
SERVED = {"contact": "k-501", "issue": "i-88", "agent": "a-17", "team": "blue"}
ASKED = {"response": "r-300"}
KANO_LABELS = "like must_be neutral live_with dislike"

ANSWERS = (
    _shape(
        "nps",
        "X",
        "an answer: would recommend us, of the relationship as a whole",
        "value scale response subject",
        value=9,
        scale="0..10",
        instrument="nps@1",
        **ASKED,
        **CUSTOMER,
        **ACCOUNT,
    ),
    _shape(
        "tnps",
        "X",
        "an answer: would recommend us, after one contact",
        "value scale response subject",
        value=8,
        scale="0..10",
        instrument="tnps@1",
        **ASKED,
        **CUSTOMER,
    ),
    _shape(
        "csat",
        "X",
        "an answer: satisfied with one contact or product",
        "value scale response",
        value=4,
        scale="1..5",
        instrument="csat@1",
        contact="k-501",
        **ASKED,
        **CUSTOMER,
    ),
    _shape(
        "ces",
        "X",
        "an answer: it was easy (CES 2.0: 1 to 7, higher is easier)",
        "value scale response",
        value=6,
        scale="1..7",
        instrument="ces@2",
        contact="k-501",
        **ASKED,
        **CUSTOMER,
    ),
    _shape(
        "resolved",
        "X",
        "an answer: was it resolved on first contact, in the customer's word",
        "label response",
        labels="yes no",
        label="yes",
        contact="k-501",
        **ASKED,
        **CUSTOMER,
    ),
    _shape(
        "comment",
        "X",
        "an answer in words",
        "text response",
        text="Had to call twice.",
        language="en",
        **ASKED,
        **CUSTOMER,
    ),
    _shape(
        "navigation_ease",
        "X",
        "an answer: easy to find on the website",
        "value scale response",
        value=4,
        scale="1..5",
        instrument="navigation-ease@1",
        channel="web",
        **ASKED,
        **CUSTOMER,
    ),
    _shape(
        "enps",
        "X",
        "an answer: would recommend us as a place to work",
        "value scale response subject",
        value=8,
        scale="0..10",
        instrument="enps@1",
        unit="north",
        **ASKED,
        **EMPLOYEE,
    ),
    _shape(
        "engagement",
        "X",
        "an answer to one item of the team pulse",
        "item value scale response",
        items="leaders-direction leaders-deeds supervisor-listens work-tools work-meaning",
        item="work-tools",
        value=4,
        scale="1..5",
        unit="north",
        **ASKED,
        **EMPLOYEE,
    ),
    _shape(
        "expected",
        "X",
        "what somebody expects of an item or stage",
        "value scale item",
        item="works-same-evening",
        stage="onboarding",
        value=9,
        scale="0..10",
        **ASKED,
        **CUSTOMER,
    ),
    _shape(
        "experienced",
        "X",
        "what they then experienced: the same item, stage and scale as expected",
        "value scale item",
        item="works-same-evening",
        stage="onboarding",
        value=6,
        scale="0..10",
        response="r-301",
        **CUSTOMER,
    ),
    _shape(
        "kano_with",
        "X",
        "an answer to Kano's first question: how one would feel with the idea of the backlog that `item` names",
        "item label response",
        labels=KANO_LABELS,
        item="activation-check",
        label="must_be",
        **ASKED,
        **CUSTOMER,
    ),
    _shape(
        "kano_without",
        "X",
        "Kano's second question: how one would feel without it, in the same response",
        "item label response",
        labels=KANO_LABELS,
        item="activation-check",
        label="dislike",
        **ASKED,
        **CUSTOMER,
    ),
)

INVITATIONS = tuple(
    _shape(f"invitation_{what}", "O", meaning, "response", instrument="csat@1", channel="email", **ASKED, **CUSTOMER)
    for what, meaning in (
        ("sent", "a survey was sent to somebody"),
        ("delivered", "the invitation arrived"),
        ("opened", "the invitation was opened"),
        ("answered", "the survey was answered"),
        ("bounced", "the invitation came back"),
        ("refused", "somebody refused to answer, or to be asked again"),
    )
)

CONTACTS = (
    _shape(
        "contact",
        "O",
        "one call, chat or visit; the label says whether it was avoidable",
        "subject contact",
        labels="needed avoidable",
        label="needed",
        ended_at=LATER,
        channel="phone",
        reason="billing",
        **SERVED,
        **CUSTOMER,
    ),
    _shape("issue_opened", "O", "a matter was opened: one for each issue", "issue", issue="i-88", **CUSTOMER),
    _shape(
        "resolved",
        "O",
        "the desk's word that a contact was resolved, or not",
        "label contact",
        labels="yes no",
        label="yes",
        **SERVED,
        **CUSTOMER,
    ),
    _shape(
        "transferred",
        "O",
        "a contact was handed to another team",
        "contact",
        label="second-line",
        **SERVED,
        **CUSTOMER,
    ),
    _shape("escalation", "O", "a matter went up a level", "issue", label="field-engineering", **SERVED, **CUSTOMER),
    _shape(
        "handoff",
        "O",
        "work passed from a team to another",
        "attrs issue",
        issue="i-88",
        attrs={"from_team": "blue", "to_team": "network"},
    ),
    _shape(
        "handle_time",
        "O",
        "how long a contact was worked on",
        "value value_unit contact",
        value=412,
        value_unit="s",
        **SERVED,
        **CUSTOMER,
    ),
    _shape(
        "complaint",
        "O",
        "a complaint; the label is its category",
        "label",
        labels="billing delivery conduct",
        label="billing",
        issue="i-88",
        **CUSTOMER,
    ),
    _shape(
        "utterance",
        "O",
        "one turn of a conversation; the label is who speaks",
        "text label contact",
        labels="customer agent bot",
        label="customer",
        text="It stopped again this morning.",
        contact="k-501",
        **CUSTOMER,
    ),
)

LEVERS = (
    _shape(
        "qa",
        "O",
        "somebody judged one item of a contact",
        "item value scale about",
        item="confirmed-the-fix",
        value=1,
        scale="0..1",
        basis="judged",
        about="agent:a-17",
        contact="k-501",
    ),
    _shape("coaching", "O", "somebody was coached on an item", "item subject", item="confirmed-the-fix", **EMPLOYEE),
    _shape(
        "training",
        "O",
        "somebody was to be trained, and was or was not",
        "item label subject",
        labels="completed open",
        item="hub-3",
        label="completed",
        **EMPLOYEE,
    ),
    _shape(
        "kb_search",
        "T",
        "a search of the knowledge base; the value is how much it found",
        "item value",
        item="lights",
        value=3,
    ),
    _shape("kb_view", "T", "an article was read", "item", item="article-12", about="article:article-12"),
    _shape("kb_gap", "T", "a search that found nothing", "item", item="hub 3 lights"),
)

JOURNEYS = (
    _shape(
        "stage_enter",
        "O",
        "somebody entered a stage",
        "journey stage subject",
        journey="join",
        stage="onboarding",
        **CUSTOMER,
    ),
    _shape(
        "stage_leave",
        "O",
        "somebody left a stage",
        "journey stage subject",
        journey="join",
        stage="onboarding",
        **CUSTOMER,
    ),
    _shape(
        "promise",
        "O",
        "what somebody was promised",
        "label subject",
        label="installed by Friday",
        issue="i-88",
        **CUSTOMER,
    ),
    _shape(
        "lead_time",
        "O",
        "how long a matter took from end to end",
        "value value_unit issue",
        value=31,
        value_unit="h",
        issue="i-88",
    ),
    _shape(
        "first_time_right",
        "O",
        "whether it was right the first time",
        "label issue",
        labels="yes no",
        label="yes",
        issue="i-88",
    ),
    _shape(
        "onboarding_time",
        "O",
        "how long a new employee took to be ready, in days",
        "value subject",
        value=6,
        value_unit="d",
        **EMPLOYEE,
    ),
    _shape(
        "partner_response",
        "O",
        "how long a partner took to answer",
        "value value_unit subject",
        value=5.5,
        value_unit="h",
        issue="i-88",
        **PARTNER,
    ),
    _shape(
        "lost_minutes",
        "O",
        "working time that an incident cost somebody, by their own word",
        "value subject issue",
        value=45,
        value_unit="min",
        basis="asked",
        issue="i-91",
        **EMPLOYEE,
    ),
)

TELEMETRY = (
    _shape(
        "login_time",
        "T",
        "how long a log-in took",
        "value value_unit",
        value=21.4,
        value_unit="s",
        device="laptop-3",
        **EMPLOYEE,
    ),
    _shape(
        "dropout",
        "T",
        "a connection was lost; the value counts them",
        "value subject",
        value=2,
        device="hub-3",
        **CUSTOMER,
    ),
)

BUSINESS = (
    _shape(
        "revenue",
        "B",
        "money from somebody in a period",
        "value value_unit subject",
        value=49.9,
        value_unit="EUR",
        **CUSTOMER,
        **ACCOUNT,
    ),
    _shape(
        "revenue_year_before",
        "B",
        "money from the same somebody a year before",
        "value value_unit subject",
        value=47.5,
        value_unit="EUR",
        **CUSTOMER,
    ),
    _shape(
        "renewal",
        "B",
        "a contract came up for renewal",
        "label subject",
        labels="renewed lapsed",
        label="renewed",
        **CUSTOMER,
    ),
    _shape(
        "churn",
        "B",
        "whether somebody had left, judged when 90 days are over",
        "label subject",
        labels="left stayed",
        label="stayed",
        **CUSTOMER,
    ),
    _shape(
        "expansion", "B", "more bought by somebody", "value value_unit subject", value=10, value_unit="EUR", **CUSTOMER
    ),
    _shape("cost", "B", "what serving cost", "value value_unit", value=6.8, value_unit="EUR", **SERVED, **CUSTOMER),
    _shape(
        "cost_year_before",
        "B",
        "what the same cost a year before",
        "value value_unit",
        value=7.1,
        value_unit="EUR",
        **CUSTOMER,
    ),
    _shape(
        "work_done",
        "B",
        "pieces of work that somebody finished in a period",
        "value subject",
        value=38,
        unit="north",
        **EMPLOYEE,
    ),
    _shape(
        "hours_worked",
        "B",
        "hours that somebody worked in that period",
        "value subject",
        value=36,
        value_unit="h",
        unit="north",
        **EMPLOYEE,
    ),
    _shape("customers_thousands", "B", "how many customers there were, in thousands", "value", value=480, unit="north"),
)

FACTS = (
    _shape(
        "profile",
        "O",
        "a dated fact about somebody: the newest before a moment counts",
        "item label subject",
        item="plan",
        label="fibre-500",
        **CUSTOMER,
    ),
    _shape(
        "consent",
        "O",
        "a dated yes or no to a purpose: the newest before a moment counts",
        "item label subject",
        labels="yes no",
        item="may-contact",
        label="yes",
        **CUSTOMER,
    ),
    _shape(
        "note",
        "X",
        "something found out about a competitor or the market",
        "text about",
        text="Promises to be live in 24 hours.",
        basis="researched",
        about="competitor:acme",
    ),
)

SHAPES: tuple[Shape, ...] = ANSWERS + INVITATIONS + CONTACTS + LEVERS + JOURNEYS + TELEMETRY + BUSINESS + FACTS
RESERVED: frozenset[str] = frozenset(shape.name for shape in SHAPES)
