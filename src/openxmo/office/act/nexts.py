"""The one obvious next step of a case."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from openxmo.office.accounts.access import Access
from openxmo.office.act.models import Case
from openxmo.office.act.permissions import can_work_case
from openxmo.office.act.states import WAITING_FOR_REPLY, CaseState


@dataclass(frozen=True)
class Next:
    """A button that posts, or a link to the place on the case's page where it is done."""

    label: str
    address: str
    posts: bool = False


def next_step(case: Case, access: Access) -> Next | None:
    page = reverse("act-case", args=[case.pk])
    if not can_work_case(access, case) or case.state not in (*WAITING_FOR_REPLY, CaseState.ANSWERED):
        return Next(_("Read"), page)
    if case.taken_by not in ("", access.name):
        return Next(_("Read: %(name)s has it") % {"name": case.taken_by}, page)
    if not case.taken_by and case.owner not in ("", access.name):
        return Next(_("Read"), page)
    if not case.taken_by:
        return Next(_("Take it"), reverse("act-case-take", args=[case.pk]), posts=True)
    if case.state in WAITING_FOR_REPLY:
        return Next(_("Reply"), f"{page}#reply")
    if case.cause_id is None:
        return Next(_("Name the cause"), f"{page}#cause")
    return Next(_("Resolve"), f"{page}#resolve")
