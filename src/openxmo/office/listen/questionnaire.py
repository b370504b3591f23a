"""A survey as it is asked: its questions in their order, the same for SurveyJS and for a plain form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from openxmo.office.govern.office import Office, identity
from openxmo.office.govern.practice import Instrument, Survey

LONGEST_TEXT = 5_000
LONGEST_ADDRESS = 320
CONSENT = "consent"
MOST_BUTTONS = 11


@dataclass(frozen=True)
class Question:
    """`name` is the form field (q1…); only the first question must be answered."""

    name: str
    instrument: Instrument
    required: bool

    @property
    def identity(self) -> str:
        return identity(self.instrument)

    @property
    def signal(self) -> str:
        return self.instrument.signal or self.instrument.key

    @property
    def is_consent(self) -> bool:
        return self.signal == CONSENT

    @property
    def bounds(self) -> tuple[int, int]:
        """Lowest and highest number of a rating, whichever of them is the better one."""
        low, _, high = (self.instrument.scale or "0..10").partition("..")
        ends = sorted((int(float(low)), int(float(high))))
        return ends[0], ends[1]

    @property
    def values(self) -> list[int]:
        low, high = self.bounds
        return list(range(low, high + 1))

    @property
    def lowest(self) -> str:
        return self.instrument.labels[0] if self.instrument.labels else ""

    @property
    def highest(self) -> str:
        return self.instrument.labels[-1] if len(self.instrument.labels) > 1 else ""


@dataclass(frozen=True)
class Questionnaire:
    survey: Survey
    questions: tuple[Question, ...]
    asks_address: bool

    @property
    def language(self) -> str:
        return self.questions[0].instrument.language

    def definition(self, prefilled: Mapping[str, Any]) -> dict[str, Any]:
        """The survey in SurveyJS's own form."""
        elements = [element for question in self.questions for element in self._elements(question, prefilled)]
        return {
            "locale": self.language,
            "showQuestionNumbers": False,
            "showTitle": False,
            "widthMode": "responsive",
            "textUpdateMode": "onTyping",
            "completeText": gettext("Send my answer"),
            "pages": [{"name": "all", "elements": elements}],
        }

    def _elements(self, question: Question, prefilled: Mapping[str, Any]) -> list[dict[str, Any]]:
        found = [element_of(question, prefilled)]
        if question.is_consent and self.asks_address:
            found.append(
                {
                    "type": "text",
                    "name": "address",
                    "inputType": "email",
                    "title": gettext("Your e-mail address, for this answer only"),
                    "visibleIf": f"{{{question.name}}} = 'yes'",
                    "requiredIf": f"{{{question.name}}} = 'yes'",
                }
            )
        return found


def element_of(question: Question, prefilled: Mapping[str, Any]) -> dict[str, Any]:
    instrument = question.instrument
    element: dict[str, Any] = {
        "name": question.name,
        "title": instrument.wording,
        "isRequired": question.required,
    }
    if question.name in prefilled:
        element["defaultValue"] = prefilled[question.name]
    if instrument.answers == "words":
        return element | {"type": "comment", "maxLength": LONGEST_TEXT, "rows": 3}
    if instrument.answers == "choice":
        return element | {
            "type": "radiogroup",
            "choices": [{"value": each, "text": each} for each in instrument.labels],
        }
    low, high = question.bounds
    return element | {
        "type": "rating",
        "displayMode": "buttons",
        "rateMin": low,
        "rateMax": high,
        "rateCount": high - low + 1,
        "description": f"{low}: {question.lowest} · {high}: {question.highest}" if question.lowest else "",
        "descriptionLocation": "underInput",
    }


def build(office: Office, survey: Survey, *, personal: bool) -> Questionnaire:
    """The questions of a survey; who is known by a personal link is not asked for an address."""
    instruments = {identity(instrument): instrument for instrument in office.instruments}
    questions = tuple(
        Question(f"q{place}", instruments[name], required=place == 1) for place, name in enumerate(survey.questions, 1)
    )
    return Questionnaire(survey, questions, asks_address=not personal)


@dataclass(frozen=True)
class Answers:
    """What was answered, by question, checked; and the address left, if any."""

    given: dict[str, float | str]
    address: str = ""

    def __bool__(self) -> bool:
        return bool(self.given)


def read_answers(form: Questionnaire, sent: Mapping[str, Any]) -> tuple[Answers, dict[str, str]]:
    """The answers and, by field, what is wrong with those that cannot be taken."""
    given: dict[str, float | str] = {}
    errors: dict[str, str] = {}
    for question in form.questions:
        text = as_text(sent.get(question.name))
        if not text:
            if question.required:
                errors[question.name] = gettext("Please answer this question: the others are for you to choose.")
            continue
        try:
            given[question.name] = read_one(question, text)
        except ValueError as error:
            errors[question.name] = str(error)
    return read_address(form, Answers(given), as_text(sent.get("address")), errors)


def as_text(value: Any) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return ""
    return str(value).replace("\x00", "").strip()


def read_one(question: Question, text: str) -> float | str:
    instrument = question.instrument
    if instrument.answers == "words":
        if len(text) > LONGEST_TEXT:
            raise ValueError(gettext("Please keep it under %(most)s letters.") % {"most": LONGEST_TEXT})
        return text.encode(errors="replace").decode()
    if instrument.answers == "choice":
        if text not in instrument.labels:
            raise ValueError(gettext("Please choose one of the answers."))
        return text
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if number not in question.values:
        low, high = question.bounds
        raise ValueError(gettext("Please choose a number from %(low)s to %(high)s.") % {"low": low, "high": high})
    return number


def read_address(
    form: Questionnaire, answers: Answers, address: str, errors: dict[str, str]
) -> tuple[Answers, dict[str, str]]:
    """An address counts only beside a yes, and a yes needs one where nobody knows who answers."""
    agreed = any(q.is_consent and answers.given.get(q.name) == "yes" for q in form.questions)
    if not agreed or not form.asks_address:
        return answers, errors
    try:
        validate_email(address[: LONGEST_ADDRESS + 1])
    except ValidationError:
        errors["address"] = gettext("Please give an e-mail address, or choose not to be contacted.")
    return Answers(answers.given, address), errors
