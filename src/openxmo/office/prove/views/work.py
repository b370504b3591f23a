"""Milestones, blockers and those whose work changes: small deeds on the initiative's page."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openxmo.office.accounts.roles import Right
from openxmo.office.act.models import Blocker
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.prove import actions, queries
from openxmo.office.prove.forms import AffectedForm, BlockerForm, CountForm, MilestoneForm
from openxmo.office.prove.models import Affected, Initiative, Milestone
from openxmo.office.prove.views.frame import attempt, back_to, find

Deed = Callable[..., Any]


@open_to(Right.RUN_INITIATIVES)
@require_POST
def add_milestone(request: OfficeRequest, pk: int) -> HttpResponse:
    return add(request, pk, MilestoneForm, actions.add_milestone, _("The milestone stands."))


@open_to(Right.RUN_INITIATIVES)
@require_POST
def open_blocker(request: OfficeRequest, pk: int) -> HttpResponse:
    done = _("The blocker stands, and its age counts from now.")
    return add(request, pk, BlockerForm, actions.open_blocker, done)


@open_to(Right.RUN_INITIATIVES)
@require_POST
def add_affected(request: OfficeRequest, pk: int) -> HttpResponse:
    return add(request, pk, AffectedForm, actions.add_affected, _("The group is on the list."))


@open_to(Right.RUN_INITIATIVES)
@require_POST
def reach_milestone(request: OfficeRequest, pk: int) -> HttpResponse:
    milestone = get_object_or_404(Milestone, pk=pk)
    found = find(request, milestone.initiative.pk)
    return do(request, found, partial(actions.reach_milestone, milestone=milestone), _("Reached."))


@open_to(Right.RUN_INITIATIVES)
@require_POST
def clear_blocker(request: OfficeRequest, pk: int) -> HttpResponse:
    blocker = get_object_or_404(Blocker, pk=pk, on__startswith="initiative:")
    found, how = find(request, queries.blocked_by(blocker).pk), request.POST.get("how", "")
    return do(request, found, partial(actions.clear_blocker, blocker=blocker, how=how), _("Cleared."))


@open_to(Right.RUN_INITIATIVES)
@require_POST
def note_affected(request: OfficeRequest, pk: int, what: str) -> HttpResponse:
    """`what` is told, trained or adopting."""
    affected = get_object_or_404(Affected, pk=pk)
    found = find(request, affected.initiative.pk)
    if what == "adopting":
        form = CountForm(request.POST)
        if not form.is_valid():
            return refuse(request, found, form)
        deed = partial(actions.note_adopting, how_many=form.cleaned_data["how_many"])
    else:
        deed = partial(actions.note_told if what == "told" else actions.note_trained)
    return do(request, found, partial(deed, affected=affected), _("Noted."))


def add(request: OfficeRequest, pk: int, form_class: type[forms.Form], action: Deed, done: str) -> HttpResponse:
    """What a form of the page tells, put to the initiative; or what is wrong with it."""
    found, form = find(request, pk), form_class(request.POST)
    if not form.is_valid():
        return refuse(request, found, form)
    return do(request, found, partial(action, initiative=found, **form.cleaned_data), done)


def do(request: OfficeRequest, initiative: Initiative, deed: Deed, done: str) -> HttpResponse:
    return attempt(request, initiative, partial(deed, by=request.access.name, at=now()), done, at="work")


def refuse(request: OfficeRequest, initiative: Initiative, form: forms.Form) -> HttpResponse:
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {' '.join(str(error) for error in errors)}")
    return back_to(initiative, "work")
