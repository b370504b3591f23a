"""Answering a survey: who holds the link may, without an account, a script or a cookie."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to_link
from openxmo.office.listen import questionnaire
from openxmo.office.listen.actions.answers import refuse, take_answer
from openxmo.office.listen.links import Door, find_door, new_response, seal, unseal
from openxmo.office.listen.policies import find_shut
from openxmo.office.listen.queries.surveys import get_survey
from openxmo.office.listen.questionnaire import Questionnaire, read_answers, read_one

WHY = "the token is signed, and is all that somebody who is asked has"
MOST_BYTES = 64 * 1024
STATUS = {"late": HTTPStatus.GONE, "closed": HTTPStatus.GONE}


# No session stands behind an answer: the token alone permits it, so there is nothing a foreign page could abuse.
@open_to_link(why=WHY)
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the survey and changes nothing, whoever fetches it; only POST answers."""
    door = find_door(token)
    if door is None:
        return render(request, "listen/shut.html", {"shut": "unknown"}, status=HTTPStatus.NOT_FOUND)
    shut = find_shut(door, at=now())
    if shut == "answered":
        return thank(request, token)
    if shut:
        return render(request, "listen/shut.html", {"shut": shut, "door": door}, status=STATUS.get(shut, 200))
    office = read_office(served_home())
    survey = get_survey(office, door.opening.survey)
    form = questionnaire.build(office, survey, personal=door.link is not None)
    if request.method == "POST":
        return take(request, door, form)
    return show(request, door, form, prefill(form, request.GET))


def prefill(form: Questionnaire, given: Any) -> dict[str, Any]:
    """What the address already says: `?score=4` of a button in a letter, or any question by its name."""
    found: dict[str, Any] = {}
    for question in form.questions:
        text = given.get(question.name) or (given.get("score", "") if question.required else "")
        try:
            value = read_one(question, text.strip()) if text else None
        except ValueError:
            continue
        if value is not None:
            found[question.name] = int(value) if isinstance(value, float) else value
    return found


def show(
    request: HttpRequest,
    door: Door,
    form: Questionnaire,
    given: dict[str, Any],
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    response = request.GET.get("n", "") if request.method == "POST" else seal(new_response(door))
    fields = [
        {"question": question, "given": given.get(question.name), "error": (errors or {}).get(question.name)}
        for question in form.questions
    ]
    context = {
        "door": door,
        "form": form,
        "fields": fields,
        "errors": errors,
        "address": given.get("address", ""),
        "address_error": (errors or {}).get("address"),
        "action": f"{reverse('listen:answer', args=[door.token])}?n={response}",
        "definition": form.definition(given),
    }
    return render(request, "listen/answer.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else 200)


def take(request: HttpRequest, door: Door, form: Questionnaire) -> HttpResponse:
    response = unseal(request.GET.get("n", ""), door)
    sent = read_sent(request)
    if response is None or sent is None:
        return wrong(request, gettext("This page is too old. Open your link again: nothing was lost, nothing is kept."))
    answers, errors = read_answers(form, sent)
    if errors:
        if wants_json(request):
            return JsonResponse({"message": " ".join(errors.values()), "errors": errors}, status=422)
        return show(request, door, form, dict(sent), errors)
    take_answer(form, answers, door, response=response, home=served_home(), at=now())
    if wants_json(request):
        return JsonResponse({"kept": True})
    return HttpResponseRedirect(reverse("listen:thanks", args=[door.token]), status=HTTPStatus.SEE_OTHER)


def read_sent(request: HttpRequest) -> dict[str, Any] | None:
    """The answers as sent by the form or by SurveyJS; None where it is neither."""
    if request.content_type != "application/json":
        return dict(request.POST.items())
    try:
        found = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def wants_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def wrong(request: HttpRequest, message: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": message}, status=400)
    return render(request, "listen/shut.html", {"shut": "old", "message": message}, status=400)


@open_to_link(why=WHY)
@never_cache
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    if find_door(token) is None:
        return render(request, "listen/shut.html", {"shut": "unknown"}, status=HTTPStatus.NOT_FOUND)
    return thank(request, token)


def thank(request: HttpRequest, token: str) -> HttpResponse:
    door = find_door(token)
    surveys = {survey.key: survey for survey in read_office(served_home()).surveys}
    survey = surveys.get(door.opening.survey) if door else None
    return render(request, "listen/thanks.html", {"survey": survey})


@open_to_link(why=WHY)
@csrf_exempt
@never_cache
@require_POST
def refuse_survey(request: HttpRequest, token: str) -> HttpResponse:
    """Not to be asked again: the office's frequency rule holds back every later survey of this person."""
    door = find_door(token)
    if door is None or door.link is None:
        return render(request, "listen/shut.html", {"shut": "unknown"}, status=HTTPStatus.NOT_FOUND)
    refuse(door, home=served_home(), at=now())
    return render(request, "listen/shut.html", {"shut": "refused", "door": door})
