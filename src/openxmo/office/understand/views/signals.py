"""*Which signals stand behind this number?* Opened in the drawer, or as a page of its own."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from openxmo.core.privacy.masks import mask_key
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.few import why_whole
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to
from openxmo.office.understand import asking, trails
from openxmo.office.understand.address import Question, read_question
from openxmo.office.understand.cuts import in_words, label_of
from openxmo.office.understand.views.explore import as_csv, first_metric

PLACES = ("channel", "stage", "reason", "product")  # where a signal was heard, in a few words


@open_to(Right.READ_SCORES)
def signals(request: OfficeRequest) -> HttpResponse:
    office = request.office
    question = read_question(request, default=first_metric(office))
    metric = office.metric(question.metric)
    found = asking.behind(office, question, after=request.GET.get("after") or None)
    if request.GET.get("as") == "csv":
        return as_csv(f"{metric.key}-signals", found.to_records())
    document = found.to_document()
    context = {
        "metric": metric,
        "question": question,
        "conditions": [(label_of(name, office.definitions), in_words(value)) for name, value in question.where],
        "found": document,
        "why_whole": why_whole(office) if document["hidden"] == "people" else "",
        "left_out": sum(document["excluded"].values()),
        "rows": lay_rows(document["rows"], request.access),
        "further": further(question, document["further"]),
        "explore": question.address("understand-explore"),
        "csv": question.address("understand-signals", **{"as": "csv", "after": request.GET.get("after", "")}),
    }
    return render(request, "understand/signals.html", context)


def further(question: Question, place: str | None) -> str:
    return question.address("understand-signals", after=place) if place else ""


def lay_rows(rows: list[dict[str, Any]], access: Access) -> list[dict[str, Any]]:
    """The rows with what a page adds: the moment, the person's page under a masked key, the cases that came of them."""
    cases = trails.next_of((trails.name_of(row["source"], row["id"]) for row in rows), access)
    return [
        {
            **row,
            "at": datetime.fromisoformat(row["happened_at"]),
            "where": " · ".join(in_words(row[name]) for name in PLACES if row[name]),
            "who": mask_key(row["subject"]) if row["subject"] else "",
            "person": reverse("understand-person", args=[row["subject"]]) if row["subject"] else "",
            "led_to": cases.get(trails.name_of(row["source"], row["id"]), ()),
            "propose": propose(row, access),
        }
        for row in rows
    ]


def propose(row: dict[str, Any], access: Access) -> str:
    """Where this one signal becomes evidence of an idea, for those who keep the backlog."""
    if not access.has(Right.KEEP_BACKLOG):
        return ""
    return f"{reverse('decide-item-new')}?{urlencode({'evidence': trails.name_of(row['source'], row['id'])})}"
