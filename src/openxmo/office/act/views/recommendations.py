"""Recommendations: asking a team, being asked, what others answered, which levers are fed, what is stuck."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openxmo.core.errors import NotAllowed, UserError
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.act import asking, recommending, telling
from openxmo.office.act.forms import AnswerForm, BlockerForm, RecommendForm
from openxmo.office.act.models import Blocker, Case, Recommendation
from openxmo.office.act.models.recommendations import Lever
from openxmo.office.act.people import label_of
from openxmo.office.act.permissions import can_answer, check_answer
from openxmo.office.act.policies import can_answer_now, check_clear_here
from openxmo.office.act.states import RecommendationState
from openxmo.office.act.views.finding import find_recommendation
from openxmo.office.act.visibility import visible_to
from openxmo.office.govern import trail
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.lib.things import Thing, find_thing

MOST_THINGS = 12  # of the evidence, named one by one
ASKERS = (Right.RECOMMEND, Right.KEEP_BACKLOG)


@open_to(Right.RECOMMEND)
@require_http_methods(["GET", "POST"])
def new(request: OfficeRequest) -> HttpResponse:
    """A recommendation out of an item: `?item=item:3`."""
    office = read_office(served_home())
    item = find_thing(request.GET.get("item", ""), request.access)
    if item is not None and item.hidden:
        raise NotAllowed(_("This belongs to a unit that you do not see."), mend=_("Ask the lead of that unit."))
    cases = cases_behind(item, request)
    units = [(unit.key, unit.label or unit.key) for unit in office.units]
    asked = {"asked": item.label} if item else {}
    form = RecommendForm(request.POST or None, units=units, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            made = recommending.recommend(
                office,
                item=item.name if item else "",
                evidence=[case.name for case in cases],
                quotes=asking.quotes_from(cases),
                **form.cleaned_data,
                by=request.access.name,
                at=now(),
            )
        except UserError as error:
            form.add_error(None, error.told)
        else:
            messages.success(request, _("Sent. An answer is due in the time that the office's rule gives."))
            return redirect("act-recommendation", key=made.pk)
    context = {"form": form, "item": item, "quotes": asking.quotes_from(cases), "cases": len(cases)}
    return render(request, "act/recommend.html", context, status=422 if request.method == "POST" else 200)


def cases_behind(item: Thing | None, request: OfficeRequest) -> list[Case]:
    """The cases that an item came out of, as far as this person may see them."""
    if item is None:
        return []
    keys = [
        thing.name.partition(":")[2]
        for thing in trail.find_earlier(item.name, request.access)
        if thing.name.startswith("case:")
    ]
    return list(visible_to(request.access, Case.objects.filter(pk__in=keys)))


@open_to(*ASKERS, Right.ANSWER_RECOMMENDATIONS)
@require_GET
def show(request: OfficeRequest, key: int) -> HttpResponse:
    return page(request, find_recommendation(request.access, key))


def page(request: OfficeRequest, found: Recommendation, *, status: int = 200, form: Any = None) -> HttpResponse:
    context = {
        **described(found, request.access),
        "answering": can_answer(request.access, found) and can_answer_now(found),
        "asker": request.access.has(Right.RECOMMEND),
        "asks": request.access.has(*ASKERS),
        "form": form or AnswerForm(),
        "blocker_form": BlockerForm(),
        "blockers": Blocker.objects.filter(on=found.name),
        "may_block": can_answer(request.access, found) or request.access.has(Right.RECOMMEND),
        "may_plan": found.state == RecommendationState.ACCEPTED and request.access.has(Right.RUN_INITIATIVES),
    }
    return render(request, "act/recommendation.html", context, status=status)


def described(found: Recommendation, access: Access) -> dict[str, Any]:
    """What any reader of a recommendation sees, signed in or by a link; evidence that they may not see is counted."""
    things = (find_thing(name, access) for name in found.evidence[:MOST_THINGS])
    return {
        "recommendation": found,
        "quotes": found.quotes.all()[:3],
        "item": find_thing(found.item, access) if found.item else None,
        "evidence": len(found.evidence),
        "things": [each for each in things if each and not each.hidden],
        "unit": label_of(read_office(served_home()), found.unit),
        "at": now(),
    }


@open_to(Right.ANSWER_RECOMMENDATIONS)
@require_POST
def answer(request: OfficeRequest, key: int) -> HttpResponse:
    found = find_recommendation(request.access, key)
    check_answer(request.access, found)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return page(request, found, status=422, form=form)
    try:
        take_answer(found, form, by=request.access.name)
        messages.success(request, _("Your answer is kept, and whoever asked was told."))
    except UserError as error:
        messages.error(request, error.told)
    return redirect("act-recommendation", key=key)


def take_answer(found: Recommendation, form: AnswerForm, *, by: str) -> Recommendation:
    deed, said = form.cleaned_data["deed"], form.cleaned_data["said"]
    proposal, reason = (said, "") if deed == "counter" else ("", said)
    return recommending.answer(recommendation=found, deed=deed, reason=reason, proposal=proposal, by=by, at=now())


@open_to(Right.RECOMMEND)
@require_POST
def settle(request: OfficeRequest, key: int) -> HttpResponse:
    """Take a counter-proposal up, or leave it."""
    found = find_recommendation(request.access, key)
    agree = request.POST.get("agree") == "yes"
    try:
        recommending.settle_counter(recommendation=found, agree=agree, by=request.access.name, at=now())
        messages.success(request, _("Settled."))
    except UserError as error:
        messages.error(request, error.told)
    return redirect("act-recommendation", key=key)


@open_to(Right.ANSWER_RECOMMENDATIONS, Right.RECOMMEND)
@require_POST
def block(request: OfficeRequest, key: int) -> HttpResponse:
    """Say what holds it up, by type."""
    found = find_recommendation(request.access, key)
    form = BlockerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what kind of blocker it is, and what holds it up."))
        return redirect("act-recommendation", key=key)
    at, by = now(), request.access.name
    telling.raise_blocker(on=found.name, unit=found.unit, **form.cleaned_data, by=by, at=at)
    messages.success(request, _("Kept: it stands among what is stuck."))
    return redirect("act-recommendation", key=key)


@open_to(Right.ANSWER_RECOMMENDATIONS, Right.RECOMMEND)
@require_POST
def clear(request: OfficeRequest, key: int) -> HttpResponse:
    blocker = visible_to(request.access, Blocker.objects.filter(pk=key)).first()
    if blocker is None:
        raise Http404(_("There is no such blocker."))
    try:
        check_clear_here(blocker)
        how = request.POST.get("how", "")
        telling.clear_blocker(blocker=blocker, how=how, by=request.access.name, at=now())
        messages.success(request, _("Cleared."))
    except UserError as error:
        messages.error(request, error.told)
    return redirect("act-stuck")


@open_to(Right.ANSWER_RECOMMENDATIONS)
@require_GET
def asked_of_us(request: OfficeRequest) -> HttpResponse:
    rows = asking.asked_of(request.access)
    waiting = list(asking.still_unanswered(rows)[: asking.MOST])
    office = read_office(served_home())
    context = {
        "waiting": [(row, label_of(office, row.unit)) for row in waiting],
        "first": waiting[0] if waiting else None,
        "late": sum(row.due_at < now() for row in waiting),
        "answered": rows.exclude(answered_at=None).order_by("-answered_at")[:20],
        "at": now(),
    }
    return render(request, "act/asked_of_us.html", context)


@open_to(*ASKERS)
@require_GET
def asked_of_others(request: OfficeRequest) -> HttpResponse:
    rows = list(asking.asked_by(request.access)[: asking.MOST])
    labels = {unit.key: unit.label or unit.key for unit in read_office(served_home()).units}
    teams = [(labels.get(team.of, team.of), team) for team in asking.by_team(rows)]
    context = {
        "teams": teams,
        "rows": [(row, labels.get(row.unit, row.unit), what_came_of(row, request.access)) for row in rows],
        "waiting": sum(row.state in ("sent", "unanswered") for row in rows),
        "silent": [(label, team) for label, team in teams if team.silent],
        "may_ask": request.access.has(Right.RECOMMEND),
        "at": now(),
    }
    return render(request, "act/asked_of_others.html", context)


def what_came_of(row: Recommendation, access: Access) -> list[Thing]:
    """What came out of an accepted recommendation, as far as it went."""
    return trail.find_later(row.name, access) if row.state == RecommendationState.ACCEPTED else []


@open_to(*ASKERS)
@require_GET
def levers(request: OfficeRequest) -> HttpResponse:
    found = [(str(Lever(each.of).label), each) for each in asking.by_lever(asking.asked_by(request.access), at=now())]
    fed = [label for label, each in found if each.fed]
    return render(request, "act/levers.html", {"levers": found, "fed": fed, "count": len(found)})


@open_to(*ASKERS, Right.RUN_INITIATIVES, Right.ANSWER_RECOMMENDATIONS)
@require_GET
def stuck(request: OfficeRequest) -> HttpResponse:
    at = now()
    found = asking.stuck(request.access, at=at)
    context = {
        "stuck": [
            (each, [(blocker, find_thing(blocker.on, request.access)) for blocker in each.blockers]) for each in found
        ],
        "count": sum(each.count for each in found),
        "oldest": max((each.oldest for each in found), default=0),
        "may_clear": request.access.has(Right.ANSWER_RECOMMENDATIONS, Right.RECOMMEND),
        "at": at,
    }
    return render(request, "act/stuck.html", context)
