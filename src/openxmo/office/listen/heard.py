"""What was answered as signals: one for each question, all of one response."""

import json
from datetime import datetime
from typing import Any

from openxmo.core.decide import kano
from openxmo.office.listen.links import Door
from openxmo.office.listen.questionnaire import Answers, Question, Questionnaire

PLACES = ("unit", "channel", "touchpoint", "journey", "stage", "product", "site")
WHO = ("account", "contact", "issue", "agent", "team")
KINDS = {"employee": "employee", "partner": "partner"}  # of a survey's experience; all others are of customers
SOURCE = "openxmo-surveys"  # a name that no other tool's export bears


def kind_of_subject(experience: str) -> str:
    return KINDS.get(experience, "customer")


def rows_of(
    form: Questionnaire, answers: Answers, door: Door, *, response: str, subject: str, subject_kind: str, at: datetime
) -> list[dict[str, Any]]:
    """The rows for the inbox, in the contract's names."""
    common = frame(door, response=response, subject=subject, subject_kind=subject_kind, at=at)
    common["attrs"]["survey"] = form.survey.key
    rows = [
        common | {"id": f"{response}:{question.identity}"} | answer_of(question, answers.given[question.name])
        for question in form.questions
        if question.name in answers.given
    ]
    if door.link:
        rows.append(invitation("answered", common, response=response))
    return rows


def frame(door: Door, *, response: str, subject: str, subject_kind: str, at: datetime) -> dict[str, Any]:
    """What all signals of one response share."""
    opening, link = door.opening, door.link
    places = {name: value for name in PLACES if (value := getattr(opening, name))}
    who = {name: value for name in WHO if link and (value := getattr(link, name))}
    return {
        "source": SOURCE,
        "happened_at": at.isoformat(),
        "subject": subject,
        "subject_kind": subject_kind,
        "response": response,
        "attrs": {"opening": str(opening.pk), "survey": opening.survey},
        **places,
        **who,
    }


def answer_of(question: Question, given: float | str) -> dict[str, Any]:
    """The part of a signal that the answer itself makes. A consent is a dated fact, all others are what people say."""
    instrument = question.instrument
    row: dict[str, Any] = {
        "kind": "O" if question.is_consent else "X",
        "name": question.signal,
        "basis": "asked",
        "item": instrument.item or instrument.key,
        "instrument": question.identity,
    }
    if instrument.answers == "words":
        return row | {"text": str(given), "language": instrument.language}
    if instrument.answers == "choice":
        return row | {"label": label_of(question, str(given))}
    return row | {"value": given, "scale": instrument.scale}


def label_of(question: Question, given: str) -> str:
    """The answer as signals name it: one of Kano's five by its place, for each language has words of its own."""
    if question.signal not in (kano.WITH, kano.WITHOUT):
        return given
    return list(kano.LABELS.values())[question.instrument.labels.index(given)]


def invitation(what: str, common: dict[str, Any], *, response: str) -> dict[str, Any]:
    """That somebody was asked, answered or refused."""
    return common | {
        "id": f"{response}:invitation_{what}",
        "kind": "O",
        "name": f"invitation_{what}",
        "basis": "recorded",
    }


def as_lines(rows: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(row).encode() + b"\n" for row in rows]
