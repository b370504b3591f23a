"""What this room keeps, as other rooms' pages name it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from openxmo.office.accounts.access import Access
from openxmo.office.lib.things import Thing, shown_if
from openxmo.office.prove.models import Initiative, MoneyClaim, Verdict
from openxmo.office.prove.permissions import can_see
from openxmo.office.prove.states import State
from openxmo.office.prove.wording import short
from openxmo.office.ui.components.words import money


def address_of(initiative: Initiative) -> str:
    return reverse("prove-initiative", args=[initiative.pk])


def describe_initiative(key: str, access: Access) -> Thing | None:
    found = Initiative.objects.filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    thing = Thing(found.name, _("Initiative"), found.title, address_of(found), str(State(found.state).label))
    return shown_if(can_see(access, found), thing)


def describe_verdict(key: str, access: Access) -> Thing | None:
    found = Verdict.objects.select_related("initiative").filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    thing = Thing(found.name, _("Verdict"), short(found), address_of(found.initiative))
    return shown_if(can_see(access, found.initiative), thing)


def describe_money(key: str, access: Access) -> Thing | None:
    found = MoneyClaim.objects.select_related("initiative").filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        return None
    label = money(found.net_likely, found.currency)
    thing = Thing(found.name, _("Money"), label, f"{address_of(found.initiative)}#money", str(found.state.label))
    return shown_if(can_see(access, found.initiative), thing)
