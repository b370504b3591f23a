"""Milestones, blockers and those whose work changes: small deeds on the initiative's page."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.prove import actions
from openxmo.office.prove.forms import AffectedForm, BlockerForm, MilestoneForm
from openxmo.office.prove.models import Affected, Blocker, Initiative, Milestone
from openxmo.office.prove.views.frame import attempt, back_to, find


def refuse(request: OfficeRequest, initiative: Initiative, form: forms.Form) -> HttpResponse:
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {' '.join(str(error) for error in errors)}")
    return back_to(initiative, "work")


@open_to(Right.RUN_INITIATIVES)
@require_POST
def add_milestone(request: OfficeRequest, pk: int) -> HttpResponse:
    found, form = find(request, pk), MilestoneForm(request.POST)
    if not form.is_valid():
        return refuse(request, found, form)
    by, told = request.access.name, form.cleaned_data
    deed = lambda: actions.add_milestone(initiative=found, by=by, at=now(), **told)  # noqa: E731
    return attempt(request, found, deed, _("The milestone stands."), at="work")


@open_to(Right.RUN_INITIATIVES)
@require_POST
def reach_milestone(request: OfficeRequest, pk: int) -> HttpResponse:
    milestone = Milestone.objects.filter(pk=pk).first()
    if milestone is None:
        raise Http404
    found = find(request, milestone.initiative.pk)
    deed = lambda: actions.reach_milestone(milestone=milestone, by=request.access.name, at=now())  # noqa: E731
    return attempt(request, found, deed, _("Reached."), at="work")


@open_to(Right.RUN_INITIATIVES)
@require_POST
def open_blocker(request: OfficeRequest, pk: int) -> HttpResponse:
    found, form = find(request, pk), BlockerForm(request.POST)
    if not form.is_valid():
        return refuse(request, found, form)
    by, told = request.access.name, form.cleaned_data
    deed = lambda: actions.open_blocker(initiative=found, by=by, at=now(), **told)  # noqa: E731
    return attempt(request, found, deed, _("The blocker stands, and its age counts from now."), at="work")


@open_to(Right.RUN_INITIATIVES)
@require_POST
def clear_blocker(request: OfficeRequest, pk: int) -> HttpResponse:
    blocker = Blocker.objects.filter(pk=pk).first()
    if blocker is None:
        raise Http404
    found, how = find(request, blocker.initiative.pk), request.POST.get("how", "")
    deed = lambda: actions.clear_blocker(blocker=blocker, how=how, by=request.access.name, at=now())  # noqa: E731
    return attempt(request, found, deed, _("Cleared."), at="work")


@open_to(Right.RUN_INITIATIVES)
@require_POST
def add_affected(request: OfficeRequest, pk: int) -> HttpResponse:
    found, form = find(request, pk), AffectedForm(request.POST)
    if not form.is_valid():
        return refuse(request, found, form)
    by, told = request.access.name, form.cleaned_data
    deed = lambda: actions.add_affected(initiative=found, by=by, at=now(), **told)  # noqa: E731
    return attempt(request, found, deed, _("The group is on the list."), at="work")


@open_to(Right.RUN_INITIATIVES)
@require_POST
def note_affected(request: OfficeRequest, pk: int, what: str) -> HttpResponse:
    """`what` is told, trained or adopting."""
    affected = Affected.objects.filter(pk=pk).first()
    if affected is None:
        raise Http404
    found, by = find(request, affected.initiative.pk), request.access.name
    if what == "adopting":
        form = CountForm(request.POST)
        if not form.is_valid():
            return refuse(request, found, form)
        count = form.cleaned_data["how_many"]
        deed = lambda: actions.note_adopting(affected=affected, how_many=count, by=by, at=now())  # noqa: E731
        return attempt(request, found, deed, _("Noted."), at="work")
    note = actions.note_told if what == "told" else actions.note_trained
    return attempt(request, found, lambda: note(affected=affected, by=by, at=now()), _("Noted."), at="work")


class CountForm(forms.Form):
    how_many = forms.IntegerField(label=_("How many work the new way"), min_value=0)
