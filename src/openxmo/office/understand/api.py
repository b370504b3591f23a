"""Every question over the network: the same functions, the same parameters and the same document as `xmo … --json`."""

import inspect
import typing
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import create_model

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.periods import Every
from openxmo.office.accounts import audit
from openxmo.office.govern.asked import Names, Where
from openxmo.office.govern.moments import Day
from openxmo.office.govern.session import Moment, Session
from openxmo.office.lib.clock import now
from openxmo.office.lib.documents import json_response
from openxmo.office.lib.paging import MOST
from openxmo.office.lib.problems import Refused
from openxmo.office.lib.scopes import Scope, needs

router = Router(tags=["questions"])
ALLOWED = needs(Scope.QUESTIONS_READ, people=True)
ONE_BY_ONE = needs(Scope.ANSWERS_READ, people=True)
PLAIN = r"^[^\x00]*$"  # no database and no file system takes a zero byte

Read = Callable[[Any], Any]


class Form(typing.NamedTuple):
    """How a kind of parameter is written in an address, and read from it."""

    type: Any
    words: str
    read: Read = lambda given: given
    pattern: str = PLAIN
    bounds: dict[str, Any] = {}  # noqa: RUF012  (a tuple's default: nobody changes it)


def read_names(words: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in words.split(",") if name.strip())


def read_where(words: list[str]) -> list[tuple[str, str]]:
    pairs = [word.partition("=") for word in words]
    if wrong := next((word for word, pair in zip(words, pairs, strict=True) if not pair[0] or not pair[1]), None):
        raise WrongUsage(f"`{wrong[:80]}` is no condition.", mend="Write it as where=channel=chat.")
    return [(key.strip(), value) for key, _, value in pairs]


def read_range(words: str) -> tuple[str, str]:
    start, sign, end = words.partition("..")
    if not sign or not start or not end:
        raise WrongUsage(f"`{words[:80]}` is no range.", mend="Write it as 2026-01-01..2026-04-01.")
    return start, end


DAY = r"^\d{4}-\d{2}-\d{2}$"
MOMENT = r"^\d{4}-\d{2}-\d{2}([T ][0-9:.]+(Z|[+-]\d{2}:?\d{2})?)?$"
NAMES = Form(str, "names, parted by commas", read_names)
FORMS: dict[Any, Form] = {
    str: Form(str, ""),
    str | Metric: Form(str, "a metric's key"),
    str | None: Form(str, ""),
    Names: NAMES,
    Names | None: NAMES,
    Where: Form(list[str], "only these: key=value; the same key again means or", read_where),
    Day | None: Form(str, "a day in the office's zone, as 2026-01-31", pattern=DAY),
    tuple[Day, Day]: Form(str, "days in the office's zone, the end left out: 2026-01-01..2026-04-01", read_range),
    Moment: Form(str, "a moment, as 2026-01-31T14:00+01:00; without a zone the office's", pattern=MOMENT),
    Every: Form(Every, "one row a period"),
    Every | None: Form(Every, "one row a period"),
    bool: Form(bool, ""),
    int: Form(int, "rows of a page", bounds={"ge": 1, "le": MOST}),
    float | None: Form(float, ""),
}
# Where one parameter of a question is told more of than its kind.
NAMED: dict[tuple[str, str], Form] = {
    ("person", "kind"): Form(typing.Literal["X", "O", "T", "B"], "only experience, operations, technology or business"),
    ("person", "subject"): Form(str, "the whole key, as signals name the person"),
    ("person", "after"): Form(str, "`further` of the page before"),
    ("signals", "after"): Form(str, "`further` of the page before"),
    ("heard", "dimension"): Form(str, "a dimension whose values are asked for; without one, what was heard"),
    ("heard", "name"): Form(str, "of signals of this name alone"),
    ("moved", "until"): Form(str, "the last whole period before this day is looked at", pattern=DAY),
}
QUESTIONS: dict[str, Callable[..., Any]] = {
    "score": Session.score,
    "explain": Session.explain,
    "gap": Session.gap,
    "prove": Session.prove,
    "catalogue": Session.catalogue,
    "quality": Session.sources,
    "moved": Session.moved,
    "heard": Session.heard,
    "contact": Session.contact,
    "signals": Session.signals,
    "person": Session.person,
}
SINGLE = ("contact", "signals", "person")  # what shows single answers takes a scope of its own
LOOKED = {"person": ("looked at a person", "person:{subject}")}  # is written down, as on the page
LISTS = (list[str],)


def parameters_of(question: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """What the function asks for, with annotations as they are meant."""
    hints = typing.get_type_hints(question)
    found = inspect.signature(question).parameters
    return {name: one.replace(annotation=hints[name]) for name, one in found.items() if name != "self"}


def find_form(name: str, parameter: inspect.Parameter) -> Form:
    return NAMED.get((name, parameter.name)) or FORMS[parameter.annotation]


def form_of(name: str, question: Callable[..., Any]) -> type[Schema]:
    """The parameters of a question as an address carries them."""
    fields: dict[str, Any] = {}
    for key, parameter in parameters_of(question).items():
        form = find_form(name, parameter)
        required = parameter.default is inspect.Parameter.empty
        default: Any = ... if required else [] if form.type in LISTS else parameter.default
        if default == ():
            default = ""
        limits: dict[str, Any] = form.bounds
        if form.type is str:
            limits = {"max_length": 500, "pattern": form.pattern}
        if required and form.type is str:
            limits["min_length"] = 1
        kind = form.type if required or form.type in (bool, int, *LISTS) or default == "" else form.type | None
        fields[key] = (kind, Field(default, description=form.words or None, **limits))
    return create_model(f"{name.title()}Asked", __base__=Schema, **fields)


def read_asked(name: str, question: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """What is passed to the function: what was not given is left to its own defaults."""
    read = {}
    for key, parameter in parameters_of(question).items():
        value = given[key]
        if value is not None and value not in ("", []):
            read[key] = find_form(name, parameter).read(value)
    return read


def check_names(request: HttpRequest, known: list[str]) -> None:
    """A misspelt parameter would be an answer to another question."""
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        near = get_close_matches(unknown[0], known, n=1)
        hint = f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(known)}."
        raise Refused(422, f"This question takes no `{unknown[0][:80]}`.", mend=hint)


def read_dates(given: dict[str, Any]) -> None:
    """A day that the calendar lacks, before anything is asked."""
    for key in ("since", "until"):
        words = given.get(key)
        if isinstance(words, str) and len(words) == len("2026-01-31"):
            try:
                date.fromisoformat(words)
            except ValueError:
                raise WrongUsage(f"`{words}` is no day.", where=key, mend="Write it as 2026-01-31.") from None


def write_look(request: HttpRequest, name: str, given: dict[str, Any]) -> None:
    """What is written down on a page when somebody looks is written down here, too."""
    if name in LOOKED:
        what, on = LOOKED[name]
        by: str = request.caller.by  # type: ignore[attr-defined]
        audit.record(what, by=by, at=now(), on=[on.format(**given)])


def make_operation(name: str, question: Callable[..., Any]) -> Callable[..., HttpResponse]:
    form = form_of(name, question)
    known = list(form.model_fields)

    def operation(request: HttpRequest, asked: Any) -> HttpResponse:
        check_names(request, known)
        given = asked.dict()
        read_dates(given)
        answer = question(request.office, **read_asked(name, question, given))  # type: ignore[attr-defined]
        write_look(request, name, given)
        return json_response(answer.to_document())

    def without_parameters(request: HttpRequest) -> HttpResponse:
        check_names(request, known)
        return json_response(question(request.office).to_document())  # type: ignore[attr-defined]

    chosen: Callable[..., HttpResponse] = operation if known else without_parameters
    if known:
        operation.__annotations__["asked"] = Query[form]  # type: ignore[valid-type,misc]
        operation.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest),
                inspect.Parameter("asked", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Query[form]),  # type: ignore[valid-type,misc]
            ]
        )
    chosen.__name__ = f"ask_{name}"
    chosen.__doc__ = question.__doc__
    return chosen


DOCUMENT: dict[str, Any] = {
    "responses": {
        200: {
            "description": "the same document as the command's `--json`",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    }
}

for _name, _question in QUESTIONS.items():
    router.get(
        f"/questions/{_name}",
        auth=ONE_BY_ONE if _name in SINGLE else ALLOWED,
        response={200: None},
        summary=(_question.__doc__ or "").strip().split("\n")[0].rstrip("."),
        operation_id=f"ask_{_name}",
        openapi_extra=DOCUMENT,
    )(make_operation(_name, _question))


@router.get(
    "/metrics",
    auth=needs(Scope.METRICS_READ, people=True),
    response={200: None},
    summary="What is measured",
    operation_id="list_metrics",
    openapi_extra=DOCUMENT,
)
def list_metrics(request: HttpRequest) -> HttpResponse:
    """All metrics, and what each number is worth."""
    return json_response(request.office.catalogue().to_document())  # type: ignore[attr-defined]
