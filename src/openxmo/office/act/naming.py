"""What this room's things are called on the pages of others: never a customer's words or key."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.act.models import Case, Note, Problem, Recommendation
from openxmo.office.act.permissions import can_see_case, can_see_problem, can_see_recommendation
from openxmo.office.lib.things import Thing, shown_if


def describe_case(key: str, access: Access) -> Thing | None:
    case = Case.objects.select_related("cause").filter(pk=key).first() if key.isdecimal() else None
    if case is None:
        return None
    thing = Thing(
        name=case.name,
        what=_("Case"),
        label=f"{case.pk} · {case.cause.label if case.cause else case.get_sort_display()}",
        address=reverse("act-case", args=[case.pk]),
        state=str(case.get_state_display()),
    )
    return shown_if(can_see_case(access, case), thing)


def describe_problem(key: str, access: Access) -> Thing | None:
    problem = Problem.objects.select_related("cause").filter(pk=key).first() if key.isdecimal() else None
    if problem is None:
        return None
    state = _("closed") if problem.closed_at else _("open")
    address = reverse("act-problem", args=[problem.pk])
    return shown_if(
        can_see_problem(access, problem), Thing(problem.name, _("Problem"), problem.cause.label, address, state)
    )


def describe_recommendation(key: str, access: Access) -> Thing | None:
    found = Recommendation.objects.filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    address = reverse("act-recommendation", args=[found.pk])
    thing = Thing(found.name, _("Recommendation"), found.asked, address, str(found.get_state_display()))
    return shown_if(can_see_recommendation(access, found), thing)


def describe_note(key: str, access: Access) -> Thing | None:
    note = Note.objects.filter(pk=key).first() if key.isdecimal() else None
    if note is None:
        return None
    state = _("published") if note.published_at else _("draft")
    address = reverse("act-note", args=[note.slug]) if note.published_at else reverse("act-notes")
    seen = note.published_at is not None or access.has(Right.RECOMMEND)
    return shown_if(seen, Thing(note.name, _("You said, we did"), note.we_did[:80], address, state))
