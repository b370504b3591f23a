"""What this room's things are called on the pages of others: never a customer's words or key."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openxmo.office.act.models import Case, Note, Problem, Recommendation
from openxmo.office.lib.things import Thing


def describe_case(key: str) -> Thing | None:
    case = Case.objects.select_related("cause").filter(pk=key).first() if key.isdecimal() else None
    if case is None:
        return None
    return Thing(
        name=case.name,
        what=_("Case"),
        label=f"{case.pk} · {case.cause.label if case.cause else case.get_sort_display()}",
        address=reverse("act-case", args=[case.pk]),
        state=str(case.get_state_display()),
    )


def describe_problem(key: str) -> Thing | None:
    problem = Problem.objects.select_related("cause").filter(pk=key).first() if key.isdecimal() else None
    if problem is None:
        return None
    state = _("closed") if problem.closed_at else _("open")
    return Thing(problem.name, _("Problem"), problem.cause.label, reverse("act-problem", args=[problem.pk]), state)


def describe_recommendation(key: str) -> Thing | None:
    found = Recommendation.objects.filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    address = reverse("act-recommendation", args=[found.pk])
    return Thing(found.name, _("Recommendation"), found.asked, address, str(found.get_state_display()))


def describe_note(key: str) -> Thing | None:
    note = Note.objects.filter(pk=key).first() if key.isdecimal() else None
    if note is None:
        return None
    state = _("published") if note.published_at else _("draft")
    return Thing(note.name, _("You said, we did"), note.we_did[:80], reverse("act-note", args=[note.slug]), state)
