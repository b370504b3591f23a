"""A page with a survey, for the test of its island: what it gets is kept in `ANSWERS`."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from openxmo.office.lib.entry import open_to_all

ANSWERS: list[dict[str, Any]] = []
SURVEY: dict[str, Any] = {
    "pages": [
        {
            "elements": [
                {
                    "type": "rating",
                    "name": "csat",
                    "title": "How was it?",
                    "rateMin": 1,
                    "rateMax": 5,
                    "isRequired": True,
                },
                {"type": "comment", "name": "why", "title": "Why?"},
            ]
        }
    ]
}
PAGE = """{% extends "ui/plain.html" %}{% load ui %}
{% block head %}{{ survey|json_script:"survey-definition" }}{% island "survey" %}{% endblock %}
{% block title %}How was it?{% endblock %}
{% block plain %}<form method="post" id="survey-form" data-survey
 data-thanks="/thanks/" data-failed="Not sent." action="/answer/">{% csrf_token %}
<label for="plain">How was it?</label><input id="plain" name="csat">
<button type="submit">Send</button></form>{% endblock %}"""


@open_to_all(why="a test")
def ask(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({"survey": SURVEY}, request))


@open_to_all(why="a test")
def answer(request: HttpRequest) -> HttpResponse:
    if request.content_type != "application/json":
        ANSWERS.append(request.POST.dict())
        return HttpResponse("kept")
    given = json.loads(request.body)
    if "refuse" in given.get("why", ""):
        return JsonResponse({"message": "Please say it otherwise."}, status=422)
    ANSWERS.append(given)
    return JsonResponse({})


@open_to_all(why="a test")
def thanks(request: HttpRequest) -> HttpResponse:
    page = '{% extends "ui/plain.html" %}{% block answer %}Thank you.{% endblock %}'
    return HttpResponse(engines["django"].from_string(page).render({}, request))


urlpatterns = [path("ask/", ask), path("answer/", answer), path("thanks/", thanks)]
