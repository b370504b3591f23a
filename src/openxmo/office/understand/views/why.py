"""*Why did {metric} move?*"""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from openxmo.core.errors import NotAllowed, UserError, WrongUsage
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.govern.session import Session
from openxmo.office.lib.entry import open_to
from openxmo.office.ui.asked import today
from openxmo.office.ui.periods import Period, read_period
from openxmo.office.understand.address import MOST_CUTS, Question, read_question, whole_period
from openxmo.office.understand.cuts import allowed, cuts_of, label_of, sensible_cuts
from openxmo.office.understand.explaining import Addresses, explain
from openxmo.office.understand.views.explore import first_metric


@open_to(Right.READ_SCORES)
def why(request: OfficeRequest) -> HttpResponse:
    office = request.office
    question = read_question(request, default=first_metric(office))
    if not question.metric:
        return render(request, "understand/why.html", {"nothing": True})
    metric = office.metric(question.metric)
    context: dict[str, Any] = {
        "metric": metric,
        "metrics": [(each.key, each.label or each.key) for each in office.definitions.metrics.values()],
        "cuts": allowed(cuts_of(office, metric)),
        "question": question,
    }
    try:
        before = read_before(request.GET.get("before", ""), question)
        question = question if question.by else replace(question, by=sensible_cuts(office, metric, most=MOST_CUTS))
        if not question.by:
            return render(request, "understand/why.html", {**context, "unheard": True})
        found = explain(office, question, before, addresses=Addresses(before.key, period_key(question)))
    except UserError as error:
        status = 403 if isinstance(error, NotAllowed) else 400
        return render(request, "understand/why.html", {**context, "refused": error}, status=status)
    context |= {
        "question": question,
        "before": before,
        "found": found,
        "places": [{**place, "propose": propose(office, metric.label or metric.key, place)} for place in found.places],
        "by": [label_of(name, office.definitions) for name in question.by],
        "not_searched": not_searched(office, question, context["cuts"]),
        "wider": replace(question, received=not question.received).address("understand-why", before=before.key),
        "behind_before": replace(question, by=(), period=before).address("understand-signals"),
        "behind_after": replace(question, by=()).address("understand-signals"),
    }
    return render(request, "understand/why.html", context)


def read_before(words: str, question: Question) -> Period:
    """The period to compare with: the one named, else the one of the same length just before."""
    if words:
        return read_period(words, today=today())
    before = question.period.before() if question.period else None
    if before is None:
        raise WrongUsage(
            gettext("All time has no period before it."), mend=gettext("Choose a period at the top of the page.")
        )
    return before


def period_key(question: Question) -> str:
    """The later period as days, which mean the same next month."""
    period = question.period
    if period is None or period.since is None or period.until is None:
        return ""
    return whole_period(period.since, period.until).key


def not_searched(office: Session, question: Question, cuts: list[Any]) -> list[str]:
    """Dimensions in which the change could lie as well, and nobody looked."""
    return [label_of(cut.key, office.definitions) for cut in cuts if cut.key not in question.by]


def propose(office: Session, label: str, place: Any) -> str:
    """Where this becomes an item of the backlog, for those who keep it."""
    if not office.may(Right.KEEP_BACKLOG):
        return ""
    try:
        address = reverse("decide-item-new")
    except NoReverseMatch:
        return ""
    title = gettext("%(label)s moved in %(place)s") % {"label": label, "place": place["label"]}
    return f"{address}?{urlencode({'title': title, 'evidence': place['finding'].name})}"
