"""What this room keeps, as other rooms' pages name it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openxmo.office.lib.things import Thing
from openxmo.office.prove.models import Initiative, MoneyClaim, Verdict
from openxmo.office.prove.states import State
from openxmo.office.prove.wording import short
from openxmo.office.ui.components.words import money


def address_of(initiative: Initiative) -> str:
    return reverse("prove-initiative", args=[initiative.pk])


def describe_initiative(key: str) -> Thing | None:
    found = Initiative.objects.filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    return Thing(found.name, _("Initiative"), found.title, address_of(found), str(State(found.state).label))


def describe_verdict(key: str) -> Thing | None:
    found = Verdict.objects.select_related("initiative").filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    return Thing(found.name, _("Verdict"), short(found), address_of(found.initiative))


def describe_money(key: str) -> Thing | None:
    found = MoneyClaim.objects.select_related("initiative").filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    label = money(found.net_likely, found.currency)
    return Thing(found.name, _("Money"), label, f"{address_of(found.initiative)}#money", str(found.state.label))
