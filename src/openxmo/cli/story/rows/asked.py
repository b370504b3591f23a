"""What the office asked of other teams and what they answered; and what customers were told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from openxmo.core.signals.store.home import Home

if TYPE_CHECKING:
    from openxmo.office.act.models import Recommendation
    from openxmo.office.decide.models import Item

LEAD = "maren.holt"


@dataclass(frozen=True)
class Asking:
    """Asked `days` ago; `answer` is (deed, who, days later, reason, proposal), None while nobody answered."""

    item: str
    asked: str
    why: str
    unit: str
    lever: str
    strength: str
    cost: str
    wrong: str
    days: int
    answer: tuple[str, str, int, str, str] | None = None


ASKED = (
    Asking(
        "start-of-shift",
        "Bring the log-in at the start of shift under 20 seconds",
        "Agents start their shift 13 points below what was promised to them; 5.4 of that is waiting for the log-in.",
        "it",
        "it",
        "fair",
        "About 40 minutes a week for each of 620 people, and the first customers of the day wait with them.",
        "Log-in times come from the clients that report; those that are switched off overnight may be slower.",
        34,
        ("accept", "ian.calloway", 3, "", ""),
    ),
    Asking(
        "firmware-staged",
        "Hold firmware 3.2 back until the drop-outs are understood",
        "For four months a Hub 3 has dropped the line 4.6 times a week in its first weeks, five times as often.",
        "product",
        "product",
        "strong",
        "Chat about the Hub 3 fell from 61 to 33 % satisfied, and each escalation costs 31.",
        "The drop-outs could come from the longer loops of newly connected districts rather than the firmware.",
        48,
        (
            "counter",
            "petra.sund",
            4,
            "3.2 closes a security hole: holding it back is not open to us.",
            "Roll 3.3 out in stages, four districts first, and judge it after 13 weeks.",
        ),
    ),
    Asking(
        "own-the-next-step",
        "A rota that leaves Brenwick's agents an hour a week for coaching",
        "“Tools and knowledge help me” fell from 3.9 to 3.2 at Brenwick, and its customers' scores followed.",
        "people",
        "hr",
        "fair",
        "Two months after the staff's answers fell, so did the customers'.",
        "The fall came with the move to the new site, which may pass by itself.",
        29,
        ("accept", "hanna.brook", 8, "", ""),
    ),
    Asking(
        "chatbot",
        "Say “same evening” in offers only where the activation check runs",
        "New customers expect 9.1 of 10 that it works the same evening, and experience 6.2.",
        "commercial",
        "marketing",
        "fair",
        "What is promised and not kept is what new customers complain about first.",
        "A rival promises “live in 24 h”; saying less may cost orders, and we have not tested how many.",
        21,
    ),
    Asking(
        "hub3-lights-article",
        "Write the article on what the lights of the Hub 3 mean",
        "640 searches a month for it find nothing, and an agent explains it by heart in half of the chats.",
        "operations",
        "knowledge",
        "fair",
        "About 30,000 avoidable contacts a year at 6.80 each; this is the largest single subject among them.",
        "Some would call anyhow: an article does not mend a router.",
        6,
    ),
)


def ask_others(home: Home, items: "dict[str, Item]", *, moment: datetime) -> "dict[str, Recommendation]":
    """The recommendations by the key of their item, with their answers."""
    from openxmo.office.act.clocks import tick
    from openxmo.office.act.models import Recommendation
    from openxmo.office.act.recommending import answer, recommend, settle_counter
    from openxmo.office.govern.queries import read_office

    office = read_office(home)
    sent = {}
    for one in ASKED:
        item, at = items[one.item], moment - timedelta(days=one.days)
        if Recommendation.objects.filter(item=item.name).exists():
            continue
        made = recommend(
            office,
            item=item.name,
            asked=one.asked,
            why=one.why,
            strength=one.strength,
            unit=one.unit,
            lever=one.lever,
            may_be_wrong=one.wrong,
            cost_of_not_acting=one.cost,
            evidence=[each.thing for each in item.evidence.all()],
            by=LEAD,
            at=at,
        )
        if one.answer:
            deed, who, days, reason, proposal = one.answer
            then = at + timedelta(days=days)
            made = answer(recommendation=made, deed=deed, reason=reason, proposal=proposal, by=who, at=then)
            if deed == "counter":
                made = settle_counter(recommendation=made, agree=True, by=LEAD, at=then + timedelta(days=1))
        sent[one.item] = made
    tick(at=moment)
    return sent


def tell_customers(items: "dict[str, Item]", *, moment: datetime) -> None:
    from openxmo.office.act.models import Note
    from openxmo.office.act.telling import count_told, publish_note, write_note

    if Note.objects.exists():
        return
    at = moment - timedelta(days=60)
    note = write_note(
        you_said="You told us that you had to call again in the first week, because something was not set up.",
        we_did="In 18 districts we now check every line on the day it goes live. There, 8 in 100 fewer call again.",
        about=[items["activation-check-18"].name],
        by=LEAD,
        at=at,
    )
    publish_note(note=note, by=LEAD, at=at + timedelta(days=1))
    count_told(note=note, told_to=9_400, by=LEAD, at=at + timedelta(days=7))
