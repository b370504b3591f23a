"""May this person? Each rule raises a sentence, or answers yes or no."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.govern.queries import check_right
from openxmo.office.prove.models import Initiative, MoneyClaim, Plan

LEAD = "xmo_lead"


def allows(check: Callable[..., None], *about: object) -> bool:
    """The rule as yes or no."""
    try:
        check(*about)
    except NotAllowed:
        return False
    return True


def check_see(access: Access, initiative: Initiative) -> None:
    check_right(access, Right.READ_SCORES)
    if not access.sees_unit(initiative.unit):
        raise NotAllowed(_("This initiative belongs to a unit that you do not see."))


def check_run_in(access: Access, unit: str) -> None:
    """To plan and run initiatives of a unit."""
    check_right(access, Right.RUN_INITIATIVES)
    if not access.sees_unit(unit):
        raise NotAllowed(_("You run initiatives of your own units only."), mend=_("Choose one of your units."))


def check_run(access: Access, initiative: Initiative) -> None:
    check_run_in(access, initiative.unit)


def check_approve(access: Access, initiative: Initiative) -> None:
    """The sponsor or the XMO lead; nobody approves what they own, nor the version they wrote."""
    check_see(access, initiative)
    if access.name != initiative.sponsor and LEAD not in access.roles:
        raise NotAllowed(
            _("A plan is approved by its sponsor or by the XMO lead."),
            mend=_("Ask %(sponsor)s.") % {"sponsor": initiative.sponsor},
        )
    if access.name == initiative.owner:
        raise NotAllowed(
            _("Nobody approves an initiative of their own."),
            mend=_("Ask the sponsor, or another XMO lead."),
        )


def check_judge(access: Access, initiative: Initiative, plan: Plan) -> None:
    """Whoever runs it, reading the same units as when the baseline was measured: else the numbers differ."""
    check_run(access, initiative)
    check_reach(access, plan)


def check_reach(access: Access, plan: Plan) -> None:
    fixed = None if plan.scope is None else frozenset(plan.scope)
    if access.units != fixed:
        raise NotAllowed(
            _("You see other units than the baseline was measured over, so you would get other numbers."),
            mend=_("Ask %(approver)s, who approved the plan.") % {"approver": plan.fixed_by},
        )


def check_propose_money(access: Access, initiative: Initiative) -> None:
    """The owner or the XMO lead says what it was worth."""
    check_run(access, initiative)
    if access.name != initiative.owner and LEAD not in access.roles:
        raise NotAllowed(_("Money is claimed by the owner of the initiative or by the XMO lead."))


def check_answer_money(access: Access, claim: MoneyClaim) -> None:
    """Finance alone signs or refuses, and never what the same person claimed."""
    check_right(access, Right.SIGN_MONEY)
    check_see(access, claim.initiative)
    if access.name == claim.proposed_by:
        raise NotAllowed(_("Nobody signs the money that they claimed."), mend=_("Ask somebody else of finance."))
    if access.name in (claim.initiative.owner, claim.initiative.sponsor):
        raise NotAllowed(_("Nobody signs the money of an initiative that they own or sponsor."))


def can_see(access: Access, initiative: Initiative) -> bool:
    return allows(check_see, access, initiative)


def can_run(access: Access, initiative: Initiative) -> bool:
    return allows(check_run, access, initiative)


def can_approve(access: Access, initiative: Initiative) -> bool:
    return allows(check_approve, access, initiative)


def can_judge(access: Access, initiative: Initiative, plan: Plan) -> bool:
    return allows(check_judge, access, initiative, plan)


def can_propose_money(access: Access, initiative: Initiative) -> bool:
    return allows(check_propose_money, access, initiative)


def can_answer_money(access: Access, claim: MoneyClaim) -> bool:
    return allows(check_answer_money, access, claim)
