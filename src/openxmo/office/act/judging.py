"""What the office's rules say of an answer: a case, a possible complaint for a person to read, or nothing. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openxmo.core.act.triggers import agreed_to_contact, badness, is_negative, topics_of
from openxmo.core.act.wording import HARM, Topic
from openxmo.office.act.fresh import COMPLAINT, Answer, Row, signal_name
from openxmo.office.act.models import Case
from openxmo.office.act.rules import Clock, complaint_clocks, due_by, find_complaint_rule, find_loop, loop_clocks
from openxmo.office.govern.office import Office

POSSIBLE = "possible-complaint"  # what fires for words that a person must read
MOST_WORDS = 4000
NOBODY = "respondent-"  # how whoever answered at a public link is keyed: known only by an address they left


@dataclass(frozen=True)
class Finding:
    """`on` is what a rule fired on, `facts` the fields of the case; with `topics` a person judges first."""

    rule: str
    on: str
    signals: tuple[str, ...]
    facts: dict[str, Any]
    clocks: dict[str, Clock] = field(default_factory=dict)
    topics: frozenset[Topic] = frozenset()
    due_at: datetime | None = None

    @property
    def needs_a_person(self) -> bool:
        return bool(self.topics)


def judge(office: Office, answer: Answer, *, addressed: Collection[str]) -> list[Finding]:
    """What the rules find in one answer. `addressed` are the responses with which an address was left."""
    complaint = next((row for row in answer.rows if row["name"] == COMPLAINT), None)
    if complaint is not None:
        return told_complaint(office, answer, complaint)
    known = is_somebody(answer.first("subject")) or answer.first("response") in addressed
    contactable = known and agreed_to_contact(answer.rows)
    topics = topics_of(answer.rows)
    found = []
    if contactable and topics & HARM:
        found += by_loop(office, answer, "harm_words", Case.Sort.HARM)
    elif contactable and any(is_negative(row) for row in answer.rows):
        found += by_loop(office, answer, "negative_answer", Case.Sort.ANSWER)
    unread = topics if not contactable else topics - HARM
    return found + ([possible(office, answer, unread)] if unread else [])


def is_somebody(subject: str) -> bool:
    """Whether this key tells who it was."""
    return bool(subject) and not subject.startswith(NOBODY)


def by_loop(office: Office, answer: Answer, opens_on: Any, sort: str) -> list[Finding]:
    rule = find_loop(office, opens_on)
    if rule is None:
        return []
    row = worst(answer)
    clocks = loop_clocks(office, rule, start=row["happened_at"])
    facts = facts_of(answer, row) | {"sort": str(sort), "severe": sort == Case.Sort.HARM}
    return [Finding(rule.key, answer.key, names_of(answer), facts, clocks)]


def told_complaint(office: Office, answer: Answer, row: Row) -> list[Finding]:
    """A complaint that another system registered: it is owed an answer whatever was agreed about surveys."""
    rule = find_complaint_rule(office)
    if rule is None:
        return []
    clocks = complaint_clocks(office, rule, start=row["happened_at"])
    facts = facts_of(answer, row) | {"sort": str(Case.Sort.COMPLAINT), "regulator": rule.regulator or ""}
    return [Finding(rule.key, signal_name(row), names_of(answer), facts, clocks)]


def possible(office: Office, answer: Answer, topics: frozenset[Topic]) -> Finding:
    """Somebody reads it by the clock of harm where harm is in the words, else by that of a complaint."""
    row = next(row for row in answer.rows if topics_of([row]) & topics)
    start, rule, complaints = row["happened_at"], find_loop(office, "harm_words"), find_complaint_rule(office)
    due_at = start
    if topics & HARM and rule is not None:
        due_at = due_by(office, rule.first_reply, calendar=rule.calendar, start=start)
    elif complaints is not None:
        due_at = due_by(office, complaints.acknowledge, calendar=complaints.calendar, start=start)
    return Finding(POSSIBLE, answer.key, (signal_name(row),), facts_of(answer, row), topics=topics, due_at=due_at)


def worst(answer: Answer) -> Row:
    """The answer that the case is about: the most negative; where none is, the one with the words."""
    negative = [row for row in answer.rows if is_negative(row)]
    told = negative or [row for row in answer.rows if row["text"]] or list(answer.rows)
    return max(told, key=badness)


def facts_of(answer: Answer, row: Row) -> dict[str, Any]:
    """The fields of a case that come from what was heard."""
    named = ("unit", "team", "subject", "account", "contact", "channel", "reason", "product", "stage", "language")
    rated = max((each for each in answer.rows if each["scale"]), key=badness, default=None)
    words = "\n".join(dict.fromkeys(each["text"] for each in answer.rows if each["text"]))
    return {
        "opened_from": signal_name(row),
        "answer": answer.key.partition(":")[2] if answer.key.startswith("response:") else "",
        "response": answer.first("response"),
        **{name: answer.first(name) for name in named},
        "words": words[:MOST_WORDS],
        "score_of": rated["name"] if rated else "",
        "score": rated["value"] if rated else None,
        "scale": rated["scale"] if rated else "",
        "happened_at": row["happened_at"],
    }


def names_of(answer: Answer) -> tuple[str, ...]:
    return tuple(signal_name(row) for row in answer.rows if row["name"] != "consent")
